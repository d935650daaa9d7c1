"""A file of whole numbers without a nodata value whose mask leaves pixels out: they are no data on the map."""

import numpy as np
import pytest

ROWS, COLS = 30, 40
HOLE = (slice(5, 12), slice(20, 33))


@pytest.fixture(scope="module")
def scene():
    from hiner.core.scene.description import Band, SceneDescription
    from hiner.core.scene.scene import Scene
    from hiner.core.scene.validity import validity_of

    cube = np.random.default_rng(3).integers(0, 256, (4, ROWS, COLS)).astype("uint8")
    pixels = np.ones((ROWS, COLS), bool)
    pixels[HOLE] = False
    bands = tuple(Band(500.0 + 50 * n) for n in range(4))
    return Scene(SceneDescription(ROWS, COLS, bands, "uint8"), cube, validity_of(cube, None, pixels=pixels))


@pytest.fixture(scope="module")
def path(scene, tmp_path_factory):
    from hiner.core.codec import CompressOptions, compress

    path = tmp_path_factory.mktemp("masked") / "scene.hnr"
    compress(scene, path, CompressOptions(max_error=0))
    return str(path)


@pytest.mark.parametrize("source", ["?wl=file", "?wl=500,550,600"])
def test_its_own_bands_are_shown_with_nan_in_the_hole(open_layer, array_of, path, scene, source):
    provider = open_layer(path + source).dataProvider()
    assert provider.sourceHasNoDataValue(1) and np.isnan(provider.sourceNoDataValue(1))
    for number in (1, 2, 3):
        values = array_of(provider.block(number, provider.extent(), COLS, ROWS))
        np.testing.assert_array_equal(np.isnan(values), ~scene.validity.pixels)
        np.testing.assert_array_equal(values[scene.validity.pixels], scene.cube[number - 1][scene.validity.pixels])


def test_a_click_into_the_hole_finds_no_value(open_layer, path, scene):
    from qgis.core import QgsPointXY

    provider = open_layer(path + "?wl=file").dataProvider()
    assert not provider.sample(QgsPointXY(25.5, -7.5), 2)[1]
    value, found = provider.sample(QgsPointXY(3.5, -20.5), 2)
    assert found and value == scene.cube[1, 20, 3]


def test_a_file_without_a_mask_is_shown_as_it_was(open_layer, tmp_path, scene):
    from qgis.core import Qgis

    from hiner.core.simple import compress_array

    compress_array(scene.cube, tmp_path / "whole.hnr", [500, 550, 600, 650], max_error=0)
    provider = open_layer(f"{tmp_path / 'whole.hnr'}?wl=file").dataProvider()
    assert provider.dataType(1) == Qgis.DataType.Byte and not provider.sourceHasNoDataValue(1)
