"""Pictures show the bands nearest to red, green and blue, stretched as told."""

import sys

import numpy as np
import pytest
from measured_scenes import make_scene, measured

from hiner.core.errors import DependencyError, OutputError
from hiner.core.report.pictures import LARGEST_SIDE
from hiner.core.report.true_colour import (
    colour_bands,
    colour_picture,
    stretch_limits,
    stretched,
    true_colour_png,
)


def _bands(places, usable=None):
    scene = make_scene((len(places), 5, 5), places=lambda n: places, nodata=None)
    usable = np.ones(len(places), bool) if usable is None else np.array(usable)
    return colour_bands(scene.description, usable)


def test_nearest_to_650_550_and_450_nm():
    chosen = _bands([800, 440, 455, 548, 560, 640, 655])
    assert chosen.bands == (6, 3, 2)
    assert chosen.is_true
    assert chosen.caption == "True colour: 655, 548, 455 nm as red, green, blue"


def test_a_bad_band_is_not_shown():
    chosen = _bands([800, 440, 455, 548, 560, 640, 655], [1, 1, 1, 1, 1, 1, 0])
    assert chosen.bands == (5, 3, 2)


def test_outside_the_visible_three_bands_are_spread_and_called_false():
    """The longest wavelength in red, in a file that begins with it."""
    chosen = _bands([2400, 2200, 2000, 1800, 1600, 1400])
    assert chosen.bands == (0, 2, 4)
    assert not chosen.is_true
    assert chosen.caption == "False colour: 2400, 2000, 1600 nm as red, green, blue"


@pytest.mark.parametrize("n_bands", [1, 2, 3, 50])
def test_without_wavelengths_bands_are_named_by_number(n_bands):
    scene = make_scene((n_bands + 1, 5, 5), places=None, nodata=None)
    usable = np.ones(n_bands + 1, bool)
    usable[0] = False
    chosen = colour_bands(scene.description, usable)
    assert usable[list(chosen.bands)].all()
    assert not chosen.is_true
    assert chosen.caption.startswith("False colour: bands ")


def test_stretch_by_hand():
    band = np.array([[0, 10, 20], [30, 40, -99]])
    valid = band != -99
    np.testing.assert_array_equal(stretched(band, valid, 10, 30), [[0, 0, 128], [255, 255, 0]])
    np.testing.assert_array_equal(stretched(band, valid, 20, 20)[0], [0, 0, 0])


def test_limits_are_the_2_and_98_percent_of_valid_samples():
    bands = np.arange(101.0).reshape(1, 1, 101).repeat(3, axis=0)
    valid = np.ones((1, 101), bool)
    low, high = stretch_limits(bands, valid)
    np.testing.assert_allclose((low, high), ([2] * 3, [98] * 3))
    bands[:, 0, 50:] = 1e9
    valid[0, 50:] = False
    assert stretch_limits(bands, valid)[1][0] == pytest.approx(48.02)
    assert np.isfinite(stretch_limits(bands, ~valid & valid)).all()


def test_unsigned_samples_are_stretched_without_wrapping_round():
    band = np.array([[5, 10]], dtype=np.uint16)
    np.testing.assert_array_equal(stretched(band, np.ones((1, 2), bool), 8.0, 12.0), [[0, 128]])


def _picture_parts():
    bands = np.array([[[0, 100]], [[50, 100]], [[100, 100]]])
    return bands, np.array([[True, False]]), np.zeros(3), np.full(3, 100.0)


def test_invalid_pixels_are_transparent():
    np.testing.assert_array_equal(
        colour_picture(*_picture_parts()), [[[0, 128, 255, 255], [0, 0, 0, 0]]]
    )


@pytest.mark.parametrize(("side", "factor"), [(0, 1), (1, 1), (5, 2), (512, 256)])
def test_small_pictures_are_enlarged_by_whole_factors(tmp_path, side, factor):
    image = pytest.importorskip("matplotlib.image")
    path = tmp_path / "picture.png"
    true_colour_png(path, *_picture_parts(), side=side)
    expected = colour_picture(*_picture_parts()).repeat(factor, axis=0).repeat(factor, axis=1)
    np.testing.assert_allclose(image.imread(path), expected / 255, atol=1e-6)


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(OutputError, match="nowhere"):
        true_colour_png(tmp_path / "nowhere" / "picture.png", *_picture_parts())
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_a_picture_says_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.image", None)
    with pytest.raises(DependencyError, match="python3-matplotlib"):
        true_colour_png(tmp_path / "picture.png", *_picture_parts())
    assert list(tmp_path.iterdir()) == []


def test_large_scenes_are_thinned_out():
    _, pictures = measured(make_scene((2, 4, 2 * LARGEST_SIDE + 1), nodata=None))
    assert pictures.colour.original.shape == (3, 2, -(-(2 * LARGEST_SIDE + 1) // 3))
    assert pictures.sam.shape == pictures.colour.valid.shape
