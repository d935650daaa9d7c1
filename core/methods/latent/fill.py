"""Smooth values for invalid pixels, so that holes cost few bits."""

import numpy as np


def filled(band, valid):
    """The band, (rows, cols) float64, with its invalid pixels replaced; at least one must be valid.

    Push and pull: means of the valid pixels of 2x2 blocks, and of their blocks, until none is empty;
    then every hole takes the value of the block around it.
    """
    values, weights = [np.where(valid, band, 0).astype(np.float64)], [valid.astype(np.float64)]
    while (weights[-1] == 0).any():
        total, weight = _halved(values[-1] * weights[-1]), _halved(weights[-1])
        values.append(total / np.maximum(weight, 1))
        weights.append(np.minimum(weight, 1))
    for fine in reversed(range(len(values) - 1)):
        coarse = values[fine + 1].repeat(2, 0).repeat(2, 1)
        rows, cols = values[fine].shape
        values[fine] = np.where(weights[fine] > 0, values[fine], coarse[:rows, :cols])
    return values[0]


def _halved(x):
    """Sums of 2x2 blocks; a missing row or column counts nothing."""
    rows, cols = x.shape
    even = np.pad(x, ((0, rows % 2), (0, cols % 2)))
    return even[0::2, 0::2] + even[1::2, 0::2] + even[0::2, 1::2] + even[1::2, 1::2]
