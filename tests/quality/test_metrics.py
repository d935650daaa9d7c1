"""Error figures follow their formulas, worked out by hand or by loops over pixels."""

import math

import numpy as np
import pytest

from hiner.core.quality.metrics import ErrorSums, angle, psnr, value_range
from hiner.core.quality.spectral_angle import SpectralAngles

ALL = np.ones((2, 2), dtype=bool)
ORIGINAL = np.array([[0, 10], [20, 40]], dtype=np.uint16)
DECODED = np.array([[1, 10], [17, 40]], dtype=np.uint16)


def test_figures_by_hand():
    """Errors 1, 0, -3, 0: mean square 10/4, range 40."""
    sums = ErrorSums.of(ORIGINAL, DECODED, ALL)
    assert sums.rmse == pytest.approx(math.sqrt(2.5))
    assert sums.bias == pytest.approx(-0.5)
    assert sums.max_error == 3
    assert value_range(ORIGINAL, ALL) == 40
    assert psnr(sums.rmse, 40) == pytest.approx(10 * math.log10(40**2 / 2.5))


def test_content_angle_by_hand():
    """CAM: acos of (100 + 340 + 1600) / (|o| |d|), in degrees."""
    lengths = math.sqrt(100 + 400 + 1600) * math.sqrt(1 + 100 + 289 + 1600)
    expected = math.degrees(math.acos(2040 / lengths))
    assert ErrorSums.of(ORIGINAL, DECODED, ALL).content_angle == pytest.approx(expected)


def test_unsigned_samples_do_not_wrap_round():
    """A decoded value above a uint8 original is an error of one, not of 255."""
    sums = ErrorSums.of(np.array([[3]], np.uint8), np.array([[4]], np.uint8), np.array([[True]]))
    assert (sums.max_error, sums.bias) == (1, 1)


def test_invalid_pixels_count_nowhere():
    """The same figures whatever stands in invalid pixels, NaN included."""
    valid = np.array([[True, True], [True, False]])
    expected = ErrorSums.of(ORIGINAL[valid], DECODED[valid], np.ones(3, dtype=bool))
    for rubbish in (np.nan, np.inf, -32768.0):
        original, decoded = ORIGINAL.astype(float), DECODED.astype(float)
        original[1, 1], decoded[1, 1] = rubbish, -rubbish
        assert ErrorSums.of(original, decoded, valid) == expected
        assert value_range(original, valid) == 20


def test_sums_of_parts_are_those_of_the_whole():
    """Any cut of a band gives its figures."""
    random = np.random.default_rng(1)
    original, decoded = random.normal(900, 200, (2, 40, 30))
    valid = random.random((40, 30)) < 0.7
    whole = ErrorSums.of(original, decoded, valid)
    parts = sum((ErrorSums.of(original[r], decoded[r], valid[r]) for r in range(40)), ErrorSums())
    for figure in ("count", "rmse", "bias", "max_error", "content_angle"):
        assert getattr(parts, figure) == pytest.approx(getattr(whole, figure), rel=1e-9)


def test_nothing_valid_has_no_figures():
    sums = ErrorSums.of(ORIGINAL, DECODED, ~ALL)
    figures = (sums.rmse, sums.bias, sums.max_error, sums.content_angle, value_range(ORIGINAL, ~ALL))
    assert all(math.isnan(figure) for figure in figures)


def test_constant_band_has_no_psnr_and_exact_band_has_an_infinite_one():
    assert math.isnan(psnr(0.0, 0.0))
    assert math.isnan(psnr(3.0, 0.0))
    assert math.isnan(psnr(math.nan, 5.0))
    assert psnr(0.0, 5.0) == math.inf


@pytest.mark.parametrize(
    ("one", "other", "degrees"),
    [
        ([1, 0], [0, 1], 90),
        ([1, 0], [5, 5], 45),
        ([1, 2], [-1, -2], 180),
        ([3, 4], [6, 8], 0),
        ([0, 0], [0, 0], 0),
        ([0, 0], [1, 0], 90),
        ([1, 0], [0, 0], 90),
    ],
)
def test_angles_between_known_vectors(one, other, degrees):
    one, other = np.array(one, dtype=float), np.array(other, dtype=float)
    assert angle(one @ other, one @ one, other @ other) == pytest.approx(degrees, abs=1e-5)


def test_spectral_angle_of_each_pixel_by_brute_force():
    """Pixel by pixel over the bands in which that pixel is valid; NaN where there is none."""
    random = np.random.default_rng(2)
    original, decoded = random.integers(0, 4000, (2, 6, 5, 4)).astype(np.uint16)
    valid = random.random((6, 5, 4)) < 0.6
    valid[:, 2, 1] = False
    angles = SpectralAngles((5, 4))
    for band in range(6):
        for rows in (slice(0, 2), slice(2, 5)):
            angles.add(rows, original[band, rows], decoded[band, rows], valid[band, rows])
    measured = angles.degrees()
    assert math.isnan(measured[2, 1])
    for row, col in np.argwhere(valid.any(axis=0)):
        kept = valid[:, row, col]
        o, d = (cube[kept, row, col].astype(float) for cube in (original, decoded))
        cosine = sum(o * d) / math.sqrt(sum(o * o) * sum(d * d))
        assert measured[row, col] == pytest.approx(math.degrees(math.acos(min(1, cosine))), abs=1e-4)


def test_spectral_angle_does_not_see_brightness():
    angles = SpectralAngles((1, 1))
    for value in (100, 250, 70):
        angles.add(slice(0, 1), np.array([[value]]), np.array([[1.5 * value]]), np.array([[True]]))
    assert angles.degrees()[0, 0] == pytest.approx(0, abs=1e-5)
