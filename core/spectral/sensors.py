"""Multispectral sensors, and the weights that average a scene's bands into theirs.

Sentinel-2: central wavelengths and bandwidths of the ESA Sentinel-2 MSI user guide, spatial
resolution tables, for 2A and 2B each.
Landsat 8 OLI: centres and widths between half maxima after Barsi et al. (2014), "The Spectral
Response of the Landsat-8 Operational Land Imager", Remote Sensing 6, 10232-10251, table 1 (NASA).
Landsat 9 OLI-2: centres and widths between the half maxima of the band-average responses that
NASA Goddard publishes (L9_OLI2_Ball_FPM_RSR v1.0; Barsi et al. 2019, doi:10.1117/12.2529776),
interpolated linearly between its 1 nm samples.
The thermal bands are left out: no imaging spectrometer of the solar range covers them.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import ParameterError, WavelengthError

# name, centre (nm), full width at half maximum (nm)
SENSORS = {
    "sentinel2a": (
        ("B1", 442.7, 21.0), ("B2", 492.4, 66.0), ("B3", 559.8, 36.0), ("B4", 664.6, 31.0),
        ("B5", 704.1, 15.0), ("B6", 740.5, 15.0), ("B7", 782.8, 20.0), ("B8", 832.8, 106.0),
        ("B8A", 864.7, 21.0), ("B9", 945.1, 20.0), ("B10", 1373.5, 31.0),
        ("B11", 1613.7, 91.0), ("B12", 2202.4, 175.0),
    ),
    "sentinel2b": (
        ("B1", 442.2, 21.0), ("B2", 492.1, 66.0), ("B3", 559.0, 36.0), ("B4", 664.9, 31.0),
        ("B5", 703.8, 16.0), ("B6", 739.1, 15.0), ("B7", 779.7, 20.0), ("B8", 832.9, 106.0),
        ("B8A", 864.0, 22.0), ("B9", 943.2, 21.0), ("B10", 1376.9, 30.0),
        ("B11", 1610.4, 94.0), ("B12", 2185.7, 185.0),
    ),
    "landsat8": (
        ("B1", 442.96, 15.98), ("B2", 482.04, 60.04), ("B3", 561.41, 57.33),
        ("B4", 654.59, 37.47), ("B5", 864.67, 28.25), ("B6", 1608.86, 84.72),
        ("B7", 2200.73, 186.66), ("B8", 589.50, 172.40), ("B9", 1373.43, 20.39),
    ),
    "landsat9": (
        ("B1", 442.74, 15.45), ("B2", 481.83, 59.88), ("B3", 560.95, 56.29),
        ("B4", 654.32, 36.71), ("B5", 864.63, 28.71), ("B6", 1608.14, 86.09),
        ("B7", 2200.11, 189.47), ("B8", 589.17, 172.55), ("B9", 1374.07, 20.82),
    ),
}

# Share of a sensor's band that gaps between the scene's bands may take.
_WIDEST_GAP = 0.25


@dataclass(frozen=True)
class BandAverage:
    """The bands of a sensor that a scene covers, and how they come out of the scene's.

    names, centres (nm), widths (nm, FWHM): one per covered band, n in all.
    weights: (n, scene bands) float64, each row adding up to one, zero for bands that are not measured.
    skipped: names of the sensor's bands that the scene does not cover.
    """

    names: tuple[str, ...]
    centres: np.ndarray
    widths: np.ndarray
    weights: np.ndarray
    skipped: tuple[str, ...]


def band_average_weights(sensor, grid):
    """Return the `BandAverage` of a sensor's name ('sentinel2a', ...) over a `SpectralGrid`.

    A Gaussian of the sensor's centre and width, times the spacing of the bands (trapezoid), so
    that regions which two detectors or denser bands cover twice do not count twice. A band is
    skipped whose half-maximum range (centre +- FWHM / 2) reaches beyond the scene's bands, or of
    which more than a quarter is gaps; a narrower gap is bridged linearly.
    Raises `ParameterError` for an unknown sensor; `WavelengthError` where the scene has no
    wavelengths or covers none of the sensor's bands.
    """
    if sensor not in SENSORS:
        raise ParameterError(
            f"'{sensor}' is not a known sensor. Known are {', '.join(sorted(SENSORS))}."
        )
    if not grid.has_wavelengths:
        raise WavelengthError(
            f"The scene has no wavelengths, so it cannot be averaged to the bands of {sensor}."
        )
    covered, skipped, rows = [], [], []
    for name, centre, width in SENSORS[sensor]:
        span = _covering(grid, centre - width / 2, centre + width / 2)
        if span is None:
            skipped.append(name)
        else:
            covered.append((name, centre, width))
            rows.append(_gaussian(grid, centre, width, span))
    if not covered:
        raise WavelengthError(f"The scene covers no band of {sensor}.")
    names, centres, widths = zip(*covered)
    return BandAverage(names, np.array(centres), np.array(widths), np.array(rows), tuple(skipped))


def _covering(grid, start, stop):
    """The part of the spectrum, (low, high), that covers start..stop well enough, or None."""
    ranges = [(low, high) for low, high in grid.ranges() if high >= start and low <= stop]
    if not ranges or ranges[0][0] > start or ranges[-1][1] < stop:
        return None
    gaps = sum(after[0] - before[1] for before, after in zip(ranges, ranges[1:]))
    return None if gaps > _WIDEST_GAP * (stop - start) else (ranges[0][0], ranges[-1][1])


def _gaussian(grid, centre, width, span):
    """Weights of all bands of the grid, (bands,), zero outside the part `span` of the spectrum."""
    inside = grid.measured & (grid.wavelengths >= span[0]) & (grid.wavelengths <= span[1])
    bands = np.flatnonzero(inside)
    bands = bands[np.argsort(grid.wavelengths[bands], kind="stable")]
    centres = grid.wavelengths[bands]
    exponent = -4.0 * np.log(2.0) * ((centres - centre) / width) ** 2
    # Relative to its largest, since a narrow band between coarse ones would underflow to nothing.
    response = np.exp(exponent - exponent.max()) * _spacing(centres)
    weights = np.zeros(grid.n_bands)
    weights[bands] = response / response.sum()
    return weights


def _spacing(centres):
    """Width of spectrum that each of the ascending centres stands for in a trapezoid sum."""
    if centres.size == 1:
        return np.ones(1)
    steps = np.diff(centres)
    return (np.append(steps, 0.0) + np.append(0.0, steps)) / 2
