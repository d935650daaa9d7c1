"""Masks of scenes, against a vote counted pixel by pixel."""

import numpy as np
import pytest

from hiner.core.errors import Cancelled, SceneError
from hiner.core.progress import Progress
from hiner.core.scene.validity import nodata_as, valid_samples, validity_of


def test_invalid_is_nodata_nan_and_infinite():
    samples = np.array([1.0, -9999.0, np.nan, np.inf, -np.inf, 0.0], dtype=np.float32)
    np.testing.assert_array_equal(valid_samples(samples, -9999.0), [1, 0, 0, 0, 0, 1])
    np.testing.assert_array_equal(valid_samples(samples, None), [1, 1, 0, 0, 0, 1])
    np.testing.assert_array_equal(valid_samples(samples, np.nan), [1, 1, 0, 0, 0, 1])


def test_nodata_is_compared_as_the_samples_hold_it():
    lowest = np.array([-3.4028234663852886e38, 1.0], dtype=np.float32)
    np.testing.assert_array_equal(valid_samples(lowest, -3.40282346638529e38), [0, 1])
    tenth = np.array([0.1, 1.0], dtype=np.float32)
    np.testing.assert_array_equal(valid_samples(tenth, 0.1), [0, 1])


def test_nodata_that_samples_cannot_hold_marks_nothing():
    samples = np.array([0, 241, 65535], dtype=np.uint16)
    for nodata in (-9999.0, 70000.0, 0.5, np.nan, -9.2e18):
        assert nodata_as("uint16", nodata) is None
        assert valid_samples(samples, nodata).all()
    assert nodata_as("uint16", 65535.0) == 65535.0


def test_the_mask_is_the_vote_of_the_bands_with_data():
    rng = np.random.default_rng(5)
    cube = rng.integers(1, 100, (7, 6, 5)).astype(np.int16)
    cube[rng.random(cube.shape) < 0.4] = -1
    cube[2] = -1
    validity = validity_of(cube, -1)
    usable = [band for band in range(7) if (cube[band] != -1).any()]
    assert usable == [0, 1, 3, 4, 5, 6]
    np.testing.assert_array_equal(np.flatnonzero(validity.bands), usable)
    for row in range(6):
        for col in range(5):
            invalid = sum(cube[band, row, col] == -1 for band in usable)
            assert validity.pixels[row, col] == (invalid <= len(usable) / 2)
    for band in range(7):
        np.testing.assert_array_equal(validity.of_band(band), cube[band] != -1)


def test_only_bands_that_deviate_keep_masks_of_their_own():
    cube = np.ones((4, 3, 3), dtype=np.float32)
    cube[:, 0, 0] = np.nan
    cube[1, 2, 2] = np.nan
    cube[3] = np.nan
    validity = validity_of(cube, None)
    assert list(validity.exceptions) == [1]
    assert not validity.pixels[0, 0]
    assert validity.pixels.sum() == 8


def test_constant_bands_and_single_pixels_are_scenes():
    validity = validity_of(np.full((3, 1, 1), 7, dtype=np.uint8), None)
    assert validity.pixels.all()
    assert validity.bands.all()


def test_scenes_without_data_are_refused():
    cube = np.full((3, 4, 4), -1, dtype=np.int16)
    with pytest.raises(SceneError, match="no data"):
        validity_of(cube, -1)
    cube[1] = 5
    with pytest.raises(SceneError, match="one band only"):
        validity_of(cube, -1)


def test_it_cancels():
    class Impatient(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        validity_of(np.ones((2, 2, 2)), None, Impatient())
