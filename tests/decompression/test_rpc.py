"""Rational polynomial coefficients come through a `.hnr` file: GDAL puts the pixels where it put the original's."""

import numpy as np
import pytest
from rpc import RPC_ITEMS

gdal = pytest.importorskip("osgeo.gdal")

from hiner.core.codec import CompressOptions, compress
from hiner.core.decompression.decompress import decompress
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene
from hiner.core.vrt.writing import write_vrt

ROWS, COLS = 12, 16


def make(path, items):
    raster = gdal.GetDriverByName("GTiff").Create(str(path), COLS, ROWS, 3, gdal.GDT_Int16)
    raster.SetMetadata(items, "RPC")
    cube = np.random.default_rng(5).integers(0, 999, (3, ROWS, COLS)).astype("int16")
    raster.WriteRaster(0, 0, COLS, ROWS, cube.tobytes())
    return path


def compressed(path, folder):
    with open_raster(str(path)) as source:
        compress(read_scene(source), folder / "scene.hnr", CompressOptions(max_error=0))
        return folder / "scene.hnr", source.warnings


@pytest.fixture
def original(tmp_path):
    return make(tmp_path / "original.tif", RPC_ITEMS)


def on_the_ground(path, row=0, col=0):
    """Longitude and latitude of some pixels by GDAL; row, col: where the raster begins in the original."""
    dataset = gdal.Open(str(path))
    transformer = gdal.Transformer(dataset, None, ["METHOD=RPC", "RPC_HEIGHT=120"])
    pixels = [(4.5, 5.25), (9.0, 6.5), (6.0, 9.75)]
    return np.array([transformer.TransformPoint(0, c - col, r - row)[1][:2] for c, r in pixels])


@pytest.mark.parametrize("name", ["back.tif", "back.dat", "back.img"])
def test_in_the_decoded_raster(original, tmp_path, name):
    hnr, _ = compressed(original, tmp_path)
    assert decompress(hnr, tmp_path / name).notes == ()
    np.testing.assert_allclose(on_the_ground(tmp_path / name), on_the_ground(original), rtol=0, atol=1e-9)
    assert float(gdal.Open(str(tmp_path / name)).GetMetadata("RPC")["ERR_BIAS"]) == 0.25


def test_in_a_part_of_it_moved_to_its_corner(original, tmp_path):
    hnr, _ = compressed(original, tmp_path)
    decompress(hnr, tmp_path / "part.tif", extent=(4, -10, 14, -5))
    part = on_the_ground(tmp_path / "part.tif", row=5, col=4)
    np.testing.assert_allclose(part, on_the_ground(original), rtol=0, atol=1e-9)


def test_in_a_virtual_raster(original, tmp_path):
    hnr, _ = compressed(original, tmp_path)
    write_vrt(hnr, tmp_path / "scene.vrt")
    np.testing.assert_allclose(on_the_ground(tmp_path / "scene.vrt"), on_the_ground(original), rtol=0, atol=1e-9)


def test_those_that_are_not_whole_are_told_of(tmp_path):
    path = make(tmp_path / "original.tif", RPC_ITEMS)
    virtual = gdal.GetDriverByName("VRT").CreateCopy(str(tmp_path / "broken.vrt"), gdal.Open(str(path)))
    virtual.SetMetadata({**RPC_ITEMS, "LINE_NUM_COEFF": "1 2 3"}, "RPC")
    virtual = None
    hnr, warnings = compressed(tmp_path / "broken.vrt", tmp_path)
    assert any("RPC" in warning for warning in warnings)
    decompress(hnr, tmp_path / "back.tif")
    assert not gdal.Open(str(tmp_path / "back.tif")).GetMetadata("RPC")
