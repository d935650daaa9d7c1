"""Statistics of each band over its valid samples."""

import numpy as np

from ..errors import SceneError
from ..progress import Progress
from .header import STATISTICS, BandStatistics

_LOW, _HIGH = 2, 98


def band_statistics(scene, progress=None):
    """Return the `BandStatistics` of a `Scene`, NaN for bands without a valid sample.

    Works a band at a time. Raises `SceneError` for values whose spread no float64 can hold, and
    `Cancelled`.
    """
    progress = progress or Progress()
    n_bands = scene.description.n_bands
    table = np.full((n_bands, len(STATISTICS)), np.nan)
    for band in range(n_bands):
        progress.check()
        if scene.validity.bands[band]:
            table[band] = _of_band(scene, band)
        progress.report((band + 1) / n_bands, "Measuring the bands")
    return BandStatistics(**dict(zip(STATISTICS, table.T.copy())))


def _of_band(scene, band):
    """Minimum, maximum, mean, deviation, 2 and 98 % value, in this order (STATISTICS)."""
    samples = scene.cube[band][scene.validity.of_band(band)]
    minimum, maximum = float(samples.min()), float(samples.max())
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(samples.mean(dtype=np.float64))
        deviation = float(samples.std(dtype=np.float64))
        low, high = np.percentile(samples.astype(np.float64, copy=False), (_LOW, _HIGH))
    if not np.isfinite((minimum, maximum, mean, deviation, low, high)).all():
        raise SceneError(
            f"{scene.description.source}: band {band + 1} holds values from {minimum:g} to "
            f"{maximum:g}, too far apart to measure. Declare the outermost as nodata."
        )
    span = maximum - minimum
    if span > 0 and span * span < np.finfo(np.float64).tiny:
        raise SceneError(
            f"{scene.description.source}: band {band + 1} holds values from {minimum:g} to {maximum:g}, too close "
            f"together to measure. Multiply the raster by a constant."
        )
    # Rounding in the mean or between two samples must not leave the range.
    mean, low, high = np.clip((mean, low, high), minimum, maximum)
    return minimum, maximum, mean, deviation, low, high
