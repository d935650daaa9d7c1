"""Loadings come back as the encoder saw them, within half a step of what they were."""

import numpy as np
import pytest

from hiner.core.errors import FormatError
from hiner.core.methods.latent import loadings


def matrix(n_bands=60, n_columns=7):
    random = np.random.default_rng(0)
    return np.cumsum(random.normal(size=(n_bands, n_columns)), 0) * 50.0 / (1 + np.arange(n_columns))


@pytest.mark.parametrize("n_bands, n_columns", [(60, 7), (1, 1), (2, 30), (200, 1)])
def test_the_matrix_comes_back_within_half_a_step(model, n_bands, n_columns):
    wished = matrix(n_bands, n_columns)
    exponents, gains = np.arange(n_columns) - 3, np.arange(n_bands) % 5
    data, seen = loadings.encode(wished, exponents, gains, model)
    assert np.array_equal(loadings.decode(data, n_bands, n_columns, model), seen)
    assert (np.abs(seen - wished) <= 0.5 * loadings.steps(exponents, gains) + 1e-9).all()


def test_smooth_loadings_take_fewer_bytes_than_rough_ones(model):
    smooth = np.linspace(0, 400, 100)[:, None] * np.ones(6)
    rough = np.random.default_rng(1).permuted(smooth, axis=0)
    sizes = [len(loadings.encode(m, np.zeros(6, int), np.zeros(100, int), model)[0]) for m in (smooth, rough)]
    assert sizes[0] < 0.6 * sizes[1]


def test_damaged_loadings_are_refused_or_finite(model):
    data, _ = loadings.encode(matrix(), np.arange(7), np.arange(60) % 3, model)
    random = np.random.default_rng(2)
    refused = 0
    for _ in range(200):
        spoilt = bytearray(data)
        spoilt[random.integers(len(spoilt))] ^= 1 << random.integers(8)
        try:
            decoded = loadings.decode(bytes(spoilt), 60, 7, model)
        except FormatError:
            refused += 1
        else:
            assert np.isfinite(decoded).all()
    assert refused > 50
