"""Averaging a map's probabilities over neighbouring pixels, which mostly are of one class."""

import numpy as np


def window_means(values, radius):
    """Mean over the known values within `radius` pixels in rows and columns.

    values: (n, rows, cols), NaN where unknown. Returns the same shape, NaN where nothing is near.
    """
    if radius == 0:
        return values
    known = np.isfinite(values)
    sums, counts = _window_sums(np.where(known, values, 0), radius), _window_sums(known, radius)
    means = np.divide(sums, counts, out=np.full(values.shape, np.nan), where=counts > 0.5)
    return means.astype(np.float32)


def _window_sums(values, radius):
    for axis in (1, 2):
        n = values.shape[axis]
        sums = np.cumsum(values, axis=axis, dtype=np.float64)
        sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis=axis)
        places = np.arange(n)
        last, first = np.minimum(places + radius + 1, n), np.maximum(places - radius, 0)
        values = sums.take(last, axis) - sums.take(first, axis)
    return values
