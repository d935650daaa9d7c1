"""Shape-preserving cubic interpolation between bands.

F. N. Fritsch, J. Butland, "A method for constructing local monotone piecewise cubic interpolants" (1984):
slopes are weighted harmonic means of the differences on both sides, 0 at an extremum.
"""

import numpy as np


def between(x, y, place, t):
    """Values at x[place] + t (x[place + 1] - x[place]): (n, columns) y at rising (n,) x to (columns,)."""
    h = x[place + 1] - x[place]
    a, b = _slope(x, y, place), _slope(x, y, place + 1)
    s = 1 - t
    ends = s * s * (1 + 2 * t) * y[place] + t * t * (1 + 2 * s) * y[place + 1]
    return ends + h * t * s * (s * a - t * b)


def _slope(x, y, i):
    if len(x) == 2:
        return (y[1] - y[0]) / (x[1] - x[0])
    if i == 0:
        return _end_slope(x[1] - x[0], x[2] - x[1], y[1] - y[0], y[2] - y[1])
    if i == len(x) - 1:
        return _end_slope(x[i] - x[i - 1], x[i - 1] - x[i - 2], y[i] - y[i - 1], y[i - 1] - y[i - 2])
    left, right = x[i] - x[i - 1], x[i + 1] - x[i]
    p, q = (y[i] - y[i - 1]) / left, (y[i + 1] - y[i]) / right
    same = p * q > 0
    p, q = np.where(same, p, 1), np.where(same, q, 1)
    first, second = 2 * right + left, right + 2 * left
    return np.where(same, (first + second) / (first / p + second / q), 0)


def _end_slope(near, far, rise_near, rise_far):
    """Three-point slope at an end, limited so that the curve does not turn."""
    p, q = rise_near / near, rise_far / far
    slope = ((2 * near + far) * p - near * q) / (near + far)
    slope = np.where(slope * p <= 0, 0, slope)
    turns = (p * q <= 0) & (np.abs(slope) > 3 * np.abs(p))
    return np.where(turns, 3 * p, slope)
