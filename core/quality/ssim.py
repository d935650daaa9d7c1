"""SSIM over valid pixels.

Source: Wang, Bovik, Sheikh, Simoncelli (2004), "Image quality assessment: from error visibility to
structural similarity", IEEE Transactions on Image Processing 13, 600-612, section III.
"""

import numpy as np

try:
    from scipy.ndimage import correlate1d
except ImportError:
    correlate1d = None

SIGMA = 1.5
RADIUS = 5
K1, K2 = 0.01, 0.03


def _window():
    """The 11 weights of the Gaussian window along one side."""
    weights = np.exp(-0.5 * (np.arange(-RADIUS, RADIUS + 1) / SIGMA) ** 2)
    return weights / weights.sum()


WINDOW = _window()


def ssim_map(original, decoded, valid, data_range):
    """SSIM of each pixel, (rows, cols) float64; NaN where invalid or for a range of zero.

    original, decoded: (rows, cols); valid: bool of that shape. A window takes in only its valid
    pixels, their weights made to add up to one; beyond the edge there are none.
    """
    if not data_range > 0:
        return np.full(valid.shape, np.nan)
    share = _blurred(valid.astype(np.float64))

    def mean(values):
        return np.divide(_blurred(values), share, out=np.zeros(valid.shape), where=valid)

    # Moments about a point within the band: about zero, its level would drown its variance.
    level = float(np.asarray(original)[valid][0]) if valid.any() else 0.0
    x, y = _centred(original, valid, level), _centred(decoded, valid, level)
    mean_x, mean_y = mean(x), mean(y)
    variances = mean(x * x) - mean_x**2 + mean(y * y) - mean_y**2
    covariance = mean(x * y) - mean_x * mean_y
    mean_x, mean_y = mean_x + level, mean_y + level
    c1, c2 = (K1 * data_range) ** 2, (K2 * data_range) ** 2
    luminance = (2 * mean_x * mean_y + c1) / (mean_x**2 + mean_y**2 + c1)
    structure = (2 * covariance + c2) / (variances + c2)
    return np.where(valid, luminance * structure, np.nan)


def _centred(samples, valid, level):
    return np.where(valid, np.asarray(samples, dtype=np.float64) - level, 0.0)


def _blurred(values):
    """The window's weighted sums around each pixel, zero beyond the edge."""
    along = _along_axis if correlate1d is None else _along_axis_scipy
    return along(along(values, 0), 1)


def _along_axis_scipy(values, axis):
    return correlate1d(values, WINDOW, axis, mode="constant")


def _along_axis(values, axis):
    length = values.shape[axis]
    margins = [(RADIUS, RADIUS) if side == axis else (0, 0) for side in range(2)]
    padded = np.moveaxis(np.pad(values, margins), axis, 0)
    total = WINDOW[RADIUS] * padded[RADIUS : RADIUS + length]
    for shift in range(RADIUS):
        mirrored = 2 * RADIUS - shift
        total += WINDOW[shift] * (padded[shift : shift + length] + padded[mirrored : mirrored + length])
    return np.moveaxis(total, 0, axis)
