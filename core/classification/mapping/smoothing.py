"""Averaging a map's probabilities over neighbouring pixels, which mostly are of one class."""

import numpy as np


def window_means(values, radius, check=None):
    """Mean over the known values within `radius` pixels in rows and columns.

    values: (n, rows, cols), NaN where unknown. Returns the same shape, NaN where nothing is near.
    `check` is called now and then and may raise to end the work.
    """
    if radius == 0:
        return values
    means = np.full(values.shape, np.nan, dtype=np.float32)
    # One layer at a time: the sums are float64.
    for layer, out in zip(values, means):
        if check is not None:
            check()
        known = np.isfinite(layer)
        sums, counts = _window_sums(np.where(known, layer, 0), radius), _window_sums(known, radius)
        np.divide(sums, counts, out=out, where=counts > 0.5)
    return means


def _window_sums(values, radius):
    """(rows, cols) float64 sums over windows that end at the border."""
    for axis in (0, 1):
        n = values.shape[axis]
        sums = np.zeros([size + (place == axis) for place, size in enumerate(values.shape)])
        np.cumsum(values, axis=axis, out=sums[1:] if axis == 0 else sums[:, 1:])
        places = np.arange(n)
        last, first = np.minimum(places + radius + 1, n), np.maximum(places - radius, 0)
        values = sums.take(last, axis)
        values -= sums.take(first, axis)
    return values
