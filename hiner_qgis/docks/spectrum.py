"""Spectra of pixels and of regions, from the decoder at every nanometre."""

from dataclasses import dataclass, field
from typing import Optional, Tuple

import numpy as np

from ...core.errors import ParameterError


@dataclass
class Spectrum:
    """One spectrum in physical values, NaN where there are none.

    positions, values: (n,) ascending, 1 nm apart (or by band number where `unit` is ''), with one
    NaN value inside each gap; centres, band_values, good: (bands,) of the file's own bands in its
    order, bands of one value only being bad; the centre of a bad band may be NaN. place: (longitude,
    latitude), None where the scene lies nowhere. n_pixels: how many pixels it is the mean of.
    """

    name: str
    positions: np.ndarray
    values: np.ndarray
    centres: np.ndarray
    band_values: np.ndarray
    good: np.ndarray
    unit: str = "nm"
    source: str = ""
    n_pixels: int = 1
    place: Optional[Tuple[float, float]] = None
    colour: str = field(default="")


def line_positions(grid):
    """Where the continuous line is decoded: (positions, is_gap), both (n,), ascending.

    Every whole nanometre of each range and its ends; one place in the middle of each gap.
    """
    ranges, places, blank = grid.ranges(), [], []
    for number, (start, stop) in enumerate(ranges):
        inner = np.arange(np.floor(start) + 1, np.ceil(stop))
        run = np.unique(np.concatenate([[start], inner, [stop]]))
        places.extend(run.tolist())
        blank.extend([False] * run.size)
        if number + 1 < len(ranges):
            places.append((stop + ranges[number + 1][0]) / 2)
            blank.append(True)
    return np.array(places), np.array(blank)


def pixel_spectrum(hnr, row, col, name, check=None):
    """The `Spectrum` of one pixel; raises ParameterError for one outside the scene."""
    return _spectrum(hnr, (row, col, 1, 1), np.ones((1, 1), dtype=bool), name, check)


def region_spectrum(hnr, rings, name, check=None):
    """The mean `Spectrum` over the valid pixels whose centres lie in a polygon.

    rings: arrays (n, 2) of (row, col) in pixels, outer and inner rings alike, of any number of
    polygons that do not overlap. Raises ParameterError where no pixel's centre lies inside.
    """
    corners = np.concatenate(rings)
    rows, cols = hnr.description.n_rows, hnr.description.n_cols
    top, left = np.clip(np.floor(corners.min(axis=0)), 0, (rows, cols)).astype(int)
    bottom, right = np.clip(np.ceil(corners.max(axis=0)), 0, (rows, cols)).astype(int)
    inside = pixels_inside(rings, np.arange(top, bottom), np.arange(left, right))
    if not inside.any():
        raise ParameterError("No pixel's centre lies in the polygon. Draw a larger one, on the scene.")
    return _spectrum(hnr, (top, left, bottom - top, right - left), inside, name, check)


def pixels_inside(rings, rows, cols):
    """Whether the centres of pixels lie in polygons, (rows, cols) bool, by the even-odd rule."""
    inside = np.zeros((len(rows), len(cols)), dtype=bool)
    ys, xs = np.asarray(rows) + 0.5, np.asarray(cols) + 0.5
    for ring in rings:
        for (y0, x0), (y1, x1) in zip(ring, np.roll(ring, -1, axis=0)):
            for line in np.flatnonzero((y0 > ys) != (y1 > ys)):
                crossing = x0 + (ys[line] - y0) * (x1 - x0) / (y1 - y0)
                inside[line] ^= xs < crossing
    return inside


def _spectrum(hnr, window, inside, name, check):
    row, col, height, width = window
    if not (0 <= row < hnr.description.n_rows and 0 <= col < hnr.description.n_cols):
        raise ParameterError("The place lies outside the scene.")
    grid = hnr.grid
    positions, blank = line_positions(grid)
    values = np.full(positions.size, np.nan)
    for place in np.flatnonzero(~blank):
        values[place] = _mean(hnr, grid.locate(positions[place]), window, inside, check)
    band_values = np.full(grid.n_bands, np.nan)
    for band in np.flatnonzero(grid.measured):
        band_values[band] = _mean(hnr, grid.band_point(band), window, inside, check)
    return Spectrum(
        name, positions, values, grid.wavelengths.copy(), band_values, grid.measured.copy(),
        grid.unit, hnr.path, int(np.count_nonzero(inside)),
    )


def _mean(hnr, point, window, inside, check):
    """The physical mean over a window's pixels that are inside and valid, NaN where there are none."""
    if check is not None:
        check()
    samples = hnr.read_points([point], window, None, check)[0][inside]
    nodata = np.float32(hnr.nodata)
    valid = samples[~np.isnan(samples) & (samples != nodata)]
    if not valid.size:
        return np.nan
    scale, offset = hnr.header.units.of_point(point)
    return float(valid.mean(dtype=np.float64)) * scale + offset
