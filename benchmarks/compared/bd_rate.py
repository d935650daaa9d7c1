"""Bjontegaard's delta rate: the mean difference of two curves' log rates at equal PSNR."""

import numpy as np
from scipy.interpolate import PchipInterpolator


def bd_rate(anchor, test):
    """(percent of rate of `test` over `anchor`, (lowest, highest) PSNR compared); lists of (rate, dB)."""
    curves = []
    for points in (anchor, test):
        rate, quality = np.array(sorted(points, key=lambda p: p[1])).T
        curves.append((PchipInterpolator(quality, np.log(rate)), quality[0], quality[-1]))
    low, high = max(c[1] for c in curves), min(c[2] for c in curves)
    grid = np.linspace(low, high, 2000)
    return 100 * (np.exp(np.mean(curves[1][0](grid) - curves[0][0](grid))) - 1), (low, high)
