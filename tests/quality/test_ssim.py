"""SSIM is that of Wang et al. (2004), with windows that leave invalid pixels out."""

import math

import numpy as np
import pytest

from hiner.core.quality import ssim
from hiner.core.quality.ssim import ssim_map


def _brute_force(original, decoded, valid, data_range):
    """The publication's equations 14 to 16 and 13 (C3 = C2 / 2), one window at a time."""
    rows, cols = original.shape
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    result = np.full((rows, cols), np.nan)
    for row, col in np.argwhere(valid):
        weights, x, y = [], [], []
        for r in range(max(0, row - 5), min(rows, row + 6)):
            for c in range(max(0, col - 5), min(cols, col + 6)):
                if valid[r, c]:
                    weights.append(math.exp(-((r - row) ** 2 + (c - col) ** 2) / (2 * 1.5**2)))
                    x.append(float(original[r, c]))
                    y.append(float(decoded[r, c]))
        w, x, y = np.array(weights) / sum(weights), np.array(x), np.array(y)
        mx, my = (w * x).sum(), (w * y).sum()
        vx, vy = (w * (x - mx) ** 2).sum(), (w * (y - my) ** 2).sum()
        cov = (w * (x - mx) * (y - my)).sum()
        luminance = (2 * mx * my + c1) / (mx**2 + my**2 + c1)
        result[row, col] = luminance * (2 * cov + c2) / (vx + vy + c2)
    return result


def _pair(shape, seed=0):
    random = np.random.default_rng(seed)
    original = random.normal(1000, 150, shape)
    return original, original + random.normal(0, 60, shape)


@pytest.mark.parametrize("shape", [(17, 23), (4, 30), (1, 9), (1, 1)])
@pytest.mark.parametrize("share", [1.0, 0.6])
def test_equals_brute_force(shape, share):
    original, decoded = _pair(shape)
    valid = np.random.default_rng(3).random(shape) < share
    expected = _brute_force(original, decoded, valid, 900)
    np.testing.assert_allclose(ssim_map(original, decoded, valid, 900), expected, rtol=1e-9)


def test_equals_scikit_image_where_no_window_meets_the_edge():
    metrics = pytest.importorskip("skimage.metrics")
    original, decoded = _pair((48, 40))
    _, expected = metrics.structural_similarity(
        original, decoded, data_range=900, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False, full=True,
    )
    measured = ssim_map(original, decoded, np.ones((48, 40), bool), 900)
    np.testing.assert_allclose(measured[5:-5, 5:-5], expected[5:-5, 5:-5], rtol=1e-9)


def test_same_without_scipy(monkeypatch):
    """The smoothing of NumPy alone gives the same figures."""
    original, decoded = _pair((30, 20))
    valid = np.random.default_rng(4).random((30, 20)) < 0.8
    expected = _brute_force(original, decoded, valid, 900)
    monkeypatch.setattr(ssim, "correlate1d", None)
    np.testing.assert_allclose(ssim_map(original, decoded, valid, 900), expected, rtol=1e-9)


def test_invalid_samples_do_not_matter():
    """NaN, infinity or nodata in invalid pixels leave every other pixel's figure as it was."""
    original, decoded = _pair((20, 20))
    valid = np.random.default_rng(5).random((20, 20)) < 0.7
    expected = ssim_map(original, decoded, valid, 900)
    for rubbish in (np.nan, np.inf, -32768):
        original[~valid], decoded[~valid] = rubbish, rubbish
        np.testing.assert_array_equal(ssim_map(original, decoded, valid, 900), expected)


def test_a_small_contrast_on_a_high_level_keeps_its_digits():
    """A range of 10 around ten million: the variance is not lost in the level's square."""
    original, decoded = _pair((16, 16))
    original, decoded = (1e7 + (band - 1000) / 100 for band in (original, decoded))
    valid = np.ones((16, 16), bool)
    expected = _brute_force(original, decoded, valid, 10)
    np.testing.assert_allclose(ssim_map(original, decoded, valid, 10), expected, rtol=1e-6)


def test_one_for_the_same_band_and_undefined_for_a_constant_one():
    original, _ = _pair((12, 12))
    valid = np.ones((12, 12), bool)
    np.testing.assert_allclose(ssim_map(original, original, valid, 900), 1)
    assert np.isnan(ssim_map(original, original, valid, 0.0)).all()
    assert np.isnan(ssim_map(original, original, ~valid, 900)).all()
