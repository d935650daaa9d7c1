"""What a request for wavelengths means for a file: the bands that come out, and how."""

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from ..scene.description import Band
from ..spectral.request import parse_wavelengths
from ..spectral.sensors import band_average_weights

_NAMED = 3
"""Wavelengths that a note names."""


@dataclass(frozen=True)
class OutputBands:
    """The bands to write.

    bands: their descriptions. read: (slice of the bands, window, check, shape=None) -> (n, rows, cols), with a
    shape at that resolution, as a picture (see HnrFile).
    own: whether they are the file's own bands, in its own data type. notes: what a user should know.
    """

    bands: Tuple[Band, ...]
    read: object
    own: bool = False
    notes: Tuple[str, ...] = ()


def requested_bands(hnr, text, as_float):
    """Resolve the text of a user's WAVELENGTHS for an HnrFile.

    as_float: whether the file's own bands are wanted unrounded.
    Raises ParameterError for text that is none, WavelengthError for wavelengths that cannot be.
    """
    request = parse_wavelengths(text)
    if request.own_bands:
        return _own_bands(hnr, as_float)
    if request.sensor:
        return _sensor_bands(hnr, request.sensor)
    return _wavelengths(hnr, request.wavelengths)


def _own_bands(hnr, as_float):
    bands = hnr.description.bands
    lost = int(np.count_nonzero(~hnr.header.usable))
    notes = (f"{lost} bands are bad or hold no data; they come out without data.",) if lost else ()
    if not as_float:

        def read(part, window, check, shape=None):
            return hnr.read_bands(range(len(bands))[part], window, shape, check, shape is not None)

        return OutputBands(bands, read, own=True, notes=notes)
    points = [hnr.grid.band_point(band) for band in range(len(bands))]
    return OutputBands(bands, _points_reader(hnr, points), own=True, notes=notes)


def _wavelengths(hnr, wavelengths):
    points = [hnr.grid.locate(wavelength) for wavelength in wavelengths]
    bands = tuple(band_between(hnr, w, point) for w, point in zip(wavelengths, points))
    return OutputBands(bands, _points_reader(hnr, points), notes=_number_notes(hnr.grid, wavelengths))


def _number_notes(grid, wavelengths):
    """A note where numbers that may have been meant as nanometres are taken for band numbers."""
    if grid.has_wavelengths:
        return ()
    named = ", ".join(f"{number:g}" for number in wavelengths[:_NAMED])
    if len(wavelengths) > _NAMED:
        named += f" and {len(wavelengths) - _NAMED} more"
    taken = "is taken for band number" if len(wavelengths) == 1 else "are taken for band numbers"
    again = f" {named}" if len(wavelengths) == 1 else ""
    return (f"The file has no wavelengths: {named} {taken}{again}, not for nanometres.",)


def _points_reader(hnr, points):
    def read(part, window, check, shape=None):
        return hnr.read_points(points[part], window, shape, check, shape is not None)

    return read


def _sensor_bands(hnr, sensor):
    average = band_average_weights(sensor, hnr.grid)
    bands = tuple(
        Band(float(centre), float(width), True, *hnr.header.units.of_average(weights), f"{sensor} {name}")
        for name, centre, width, weights in zip(average.names, average.centres, average.widths, average.weights)
    )

    def read(part, window, check, shape=None):
        return hnr.read_averages(average.weights[part], window, shape, check, shape is not None)

    notes = ()
    if average.skipped:
        notes = (f"The scene does not cover {', '.join(average.skipped)} of {sensor}.",)
    return OutputBands(bands, read, notes=notes)


def band_between(hnr, wavelength, point):
    """The description of a wavelength between two bands: in the nearer one's units, its width mixed."""
    lower, upper = (hnr.description.bands[b] for b in (point.lower_band, point.upper_band))
    fwhm = None
    if lower.fwhm is not None and upper.fwhm is not None:
        fwhm = lower.fwhm + point.fraction * (upper.fwhm - lower.fwhm)
    known = wavelength if hnr.grid.has_wavelengths else None
    name = "" if known is not None else f"Band number {wavelength:g}"
    return Band(known, fwhm, True, *hnr.header.units.of_point(point), name)
