"""Band weights and the Karhunen-Loeve transform of the weighted bands."""

import numpy as np

from ...products import product

ZEROED = 1.25
"""Steps under which the trellis leaves hardly any coefficient."""
GRANULAR = 0.26
"""Mean squared error of the other coefficients, in squared steps."""
SAMPLES = 6000
PLACES = 1024
"""Of a sample, whose planes are made at one time."""
POWER = 0.5
WIDEST = 4.0
"""Bound of a band's weight and of its inverse: no band is given up, none is coded for its own sake."""
ROUNDS, SETTLED = 40, 2e-3


def transform(covariance):
    """KLT of bands with this (C, C) covariance: variances (C,), falling; basis (C, C), a column a plane."""
    values, basis = np.linalg.eigh(covariance)
    return np.maximum(values[::-1], 0), np.ascontiguousarray(basis[:, ::-1])


def sample_of(low, details):
    """Wavelet coefficients of C bands, as of `wavelet.forward`, at the same sample of places: (C, up to SAMPLES).

    In float16: they stay in memory while a scene is coded, and three digits are enough to choose by.
    """
    parts = [part.reshape(len(low), -1) for part in (low, *(band for level in details for band in level))]
    ends = np.cumsum([part.shape[1] for part in parts])
    stride = -(-ends[-1] // SAMPLES)
    some = [part[:, (part.shape[1] - end) % stride :: stride] for part, end in zip(parts, ends)]
    return np.concatenate(some, 1).astype(np.float16)


def band_weights(covariance, sample, step, start=None):
    """Weights (C,) of the bands, geometric mean 1, between the bands' ranges and the best mean PSNR.

    The mean of log(mse_b) is concave in the mse: its minimum is a fixed point of weight_b^2 = 1 / mse_b
    (majorise, minimise). Followed to the end it codes few quiet bands far beyond need, hence
    weight_b = mse_b^(-POWER / 2), within WIDEST.

    covariance: (C, C) of the bands over their ranges; sample: (C, M) their wavelet coefficients.
    """
    weight = np.ones(len(covariance)) if start is None else start
    for _ in range(ROUNDS):
        error = band_errors(covariance, sample, step, weight)
        wished = np.maximum(error, 1e-30) ** (-POWER / 2)
        wished = np.clip(wished / np.exp(np.log(wished).mean()), 1 / WIDEST, WIDEST)
        change = np.abs(np.log(wished / weight)).mean()
        weight = wished
        if change < SETTLED:
            break
    return weight


def band_errors(covariance, sample, step, weight):
    """Mean squared error of each band, over its squared range, when coded with these weights."""
    values, basis = transform(covariance * weight[:, None] * weight)
    k = max(1, int((values > step**2 / 4).sum()))
    to_planes = (basis[:, :k] * weight[:, None]).T.astype(np.float32)
    left, n = values.copy(), sample.shape[1]
    left[:k] = 0
    for first in range(0, n, PLACES):
        energy = product(to_planes, sample[:, first : first + PLACES].astype(np.float32)) ** 2
        left[:k] += np.where(energy < (ZEROED * step) ** 2, energy, GRANULAR * step**2).sum(1) / n
    return (basis**2 @ left) / weight**2
