"""The laws that tables start from, and the prices under which training material is quantised."""

import numpy as np
from hiner.core.methods.latent import symbols

SCALES = 60
"""Scales of the tables, a third of an octave apart: mean magnitude 2^(s / 3 - 9)."""
_POINTS = np.arange(1 << 12)
_SYMBOLS = np.minimum(symbols.split(_POINTS)[0], symbols.ALPHABET - 1)


def geometric_rows():
    """(SCALES, ALPHABET) probabilities of symbols under geometric laws."""
    magnitudes = np.arange(1 << 18)
    symbol = np.minimum(symbols.split(magnitudes)[0], symbols.ALPHABET - 1)
    rows = np.zeros((SCALES, symbols.ALPHABET))
    for s, row in enumerate(rows):
        mean = 2 ** (s / 3.0 - 9)
        np.add.at(row, symbol, np.exp(magnitudes * np.log(mean / (1 + mean))) / (1 + mean))
    return (rows + 1e-9) / (rows + 1e-9).sum(1, keepdims=True)


def laplace_rows():
    """(2, SCALES, ALPHABET) probabilities of both quantisers' points under Laplace laws."""
    out = np.zeros((2, SCALES, symbols.ALPHABET))
    for q in range(2):
        upper = 2 * _POINTS + 1 if q == 0 else np.where(_POINTS == 0, 0.75, 2 * _POINTS)
        edges = np.concatenate([[0], upper]).astype(float)
        for s, row in enumerate(out[q]):
            np.add.at(row, _SYMBOLS, _laplace(edges, 2 ** (s / 3.0 - 9)))
    out = np.maximum(out, 1e-7)
    return out / out.sum(2, keepdims=True)


def _laplace(edges, mean):
    """Probability of each interval; for small means, of anything but 0 as the mean says."""
    width = mean + (0.35 if mean < 0.5 else 0.2)
    p = np.exp(-edges[:-1] / width) - np.exp(-edges[1:] / width)
    p[-1] += np.exp(-edges[-1] / width)
    if mean < 0.5:
        p *= min(1, 1.2 * mean / max(1 - p[0], 1e-9))
        p[0] = 1 - p[1:].sum()
    return p


def neighbourhood_tables(details):
    """Tables of integers without a trained model: [level][orientation] (K, h, w).

    The scale is that of a mean magnitude: three quarters of the 3x3 around each coefficient and the same
    place in the plane before, one quarter of the whole plane of the subband.
    """
    return [[_scale(np.abs(band).astype(np.float32)) for band in bands] for bands in details]


def _scale(magnitudes):
    padded = np.pad(magnitudes, ((1, 0), (1, 1), (1, 1)))
    rows, cols = magnitudes.shape[1:]
    local = sum(padded[1:, r : r + rows, c : c + cols] for r in range(3) for c in range(3))
    local = (local + 3 * padded[:-1, 1 : rows + 1, 1 : cols + 1]) / 12
    mean = 0.75 * local + 0.25 * magnitudes.mean((1, 2), keepdims=True)
    scale = np.rint(3 * (np.log2(np.maximum(mean, 2.0**-9)) + 9))
    return np.clip(scale, 0, SCALES - 1).astype(np.int16)
