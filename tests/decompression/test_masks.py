"""Pixels that a mask or an alpha band leaves out are left out of whatever comes out of the file."""

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")

from hiner.core.codec import CompressOptions, compress
from hiner.core.decompression.decompress import decompress
from hiner.core.hnr_file import HnrFile
from hiner.core.raster.facts import BandFacts, RasterFacts
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene
from hiner.core.raster.written import check_written
from hiner.core.scene.description import Georeference
from hiner.core.vrt.environment import BRIDGE, variables
from hiner.core.vrt.writing import write_vrt

ROWS, COLS = 32, 40
TYPES = {"uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32}


def opaque():
    y, x = np.mgrid[:ROWS, :COLS]
    return (y + x > 12) & (x < 37)


def cube_of(dtype):
    """Three bands that have all values of a byte among their valid samples, 0 and 255 too."""
    random = np.random.default_rng(2)
    cube = np.stack([random.permutation(np.arange(ROWS * COLS) % 256).reshape(ROWS, COLS) for _ in range(3)])
    cube[:, 20, :32] = np.arange(0, 256, 8)
    return cube.astype(dtype)


def make(path, dtype, nodata=None):
    """Red, green, blue and alpha, as an orthophoto has them."""
    raster = gdal.GetDriverByName("GTiff").Create(str(path), COLS, ROWS, 4, TYPES[dtype], ["ALPHA=NO"])
    full = {"uint8": 255, "uint16": 65535, "float32": 1}[dtype]
    whole = np.concatenate([cube_of(dtype), np.where(opaque(), full, 0).astype(dtype)[None]])
    raster.GetRasterBand(4).SetColorInterpretation(gdal.GCI_AlphaBand)
    if nodata is not None:
        for number in (1, 2, 3):
            raster.GetRasterBand(number).SetNoDataValue(nodata)
    raster.WriteRaster(0, 0, COLS, ROWS, whole.tobytes())
    return path


@pytest.fixture
def hnr(tmp_path):
    """A function that compresses an orthophoto of a data type, without loss where that is of whole numbers."""

    def compressed(dtype="uint8", **options):
        with open_raster(str(make(tmp_path / "original.tif", dtype, **options))) as source:
            wish = {"rate": 4.0} if dtype == "float32" else {"max_error": 0}
            compress(read_scene(source), tmp_path / "scene.hnr", CompressOptions(**wish))
        return tmp_path / "scene.hnr"

    return compressed


def masks(path):
    """GDAL's own masks of a raster's bands, (bands, rows, cols) bool."""
    dataset = gdal.Open(str(path))
    bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
    return np.array([band.GetMaskBand().ReadAsArray() for band in bands]) > 0


@pytest.mark.parametrize("name", ["back.tif", "back.dat", "back.img", "back.png"])
def test_bytes_without_a_nodata_value_come_back_with_a_mask(hnr, tmp_path, name):
    decoded = decompress(hnr(), tmp_path / name)
    dataset = gdal.Open(str(tmp_path / name))
    assert dataset.RasterCount == 3 and dataset.GetRasterBand(1).GetNoDataValue() is None
    np.testing.assert_array_equal(masks(tmp_path / name), np.broadcast_to(opaque(), (3, ROWS, COLS)))
    np.testing.assert_array_equal(dataset.ReadAsArray()[:, opaque()], cube_of("uint8")[:, opaque()])
    assert decoded.notes == ()


def test_a_part_has_its_part_of_the_mask(hnr, tmp_path):
    decompress(hnr("uint16"), tmp_path / "part.tif", extent=(2, -14, 22, -3))
    np.testing.assert_array_equal(masks(tmp_path / "part.tif"), np.broadcast_to(opaque()[3:14, 2:22], (3, 11, 20)))


def test_other_bands_than_the_files_have_it_too(hnr, tmp_path):
    decompress(hnr(), tmp_path / "between.tif", wavelengths="1.5", dtype="original")
    np.testing.assert_array_equal(masks(tmp_path / "between.tif")[0], opaque())


def test_with_a_nodata_value_no_mask_is_needed(hnr, tmp_path):
    decompress(hnr("uint16", nodata=5), tmp_path / "back.tif")
    dataset = gdal.Open(str(tmp_path / "back.tif"))
    assert dataset.GetRasterBand(1).GetMaskFlags() == gdal.GMF_NODATA
    valid = opaque() & (cube_of("uint16") != 5)
    np.testing.assert_array_equal(masks(tmp_path / "back.tif"), valid)
    np.testing.assert_array_equal(dataset.ReadAsArray()[valid], cube_of("uint16")[valid])


@pytest.mark.parametrize("name", ["back.tif", "back.dat"])
def test_floats_come_back_as_nan(hnr, tmp_path, name):
    decompress(hnr("float32"), tmp_path / name)
    back = gdal.Open(str(tmp_path / name)).ReadAsArray()
    np.testing.assert_array_equal(np.isfinite(back), np.broadcast_to(opaque(), back.shape))


def test_what_was_decoded_compresses_to_the_same_scene(hnr, tmp_path):
    decompress(hnr(), tmp_path / "back.tif")
    with open_raster(str(tmp_path / "back.tif")) as source:
        again = read_scene(source)
    np.testing.assert_array_equal(again.validity.pixels, opaque())
    np.testing.assert_array_equal(again.cube[:, opaque()], cube_of("uint8")[:, opaque()])


def test_a_format_that_keeps_no_mask_is_told_of(hnr):
    with open_raster(str(make(hnr().parent / "bare.tif", "uint8"))) as source:
        description = source.description
    bands = tuple(BandFacts("uint8", None, None, None, "", {}, {}) for _ in range(3))
    facts = RasterFacts("back.xyz", ROWS, COLS, bands, Georeference(), {}, {}, False, False)
    assert check_written(facts, description, "back.xyz", "XYZ", has_mask=False) == []
    (loss,) = check_written(facts, description, "back.xyz", "XYZ", has_mask=True)
    assert "keeps no mask" in loss


def test_four_bands_of_bytes_are_not_written_as_three_and_an_alpha_band(tmp_path):
    from hiner.core.simple import compress_array

    cube = np.concatenate([cube_of("uint8"), cube_of("uint8")[:1] // 2])
    compress_array(cube, tmp_path / "scene.hnr", max_error=0)
    decompress(tmp_path / "scene.hnr", tmp_path / "back.tif")
    with open_raster(str(tmp_path / "back.tif")) as source:
        np.testing.assert_array_equal(read_scene(source).cube, cube)
    assert any("alpha" in note for note in decompress(tmp_path / "scene.hnr", tmp_path / "back.png").notes)


@pytest.mark.parametrize("wavelengths", ["", "1.5, 3"])
def test_a_virtual_raster_has_the_mask_of_the_decoded_one(hnr, tmp_path, monkeypatch, wavelengths):
    for name, value in variables({}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(BRIDGE))
    path = hnr()
    write_vrt(path, tmp_path / "scene.vrt", wavelengths)
    dataset = gdal.Open(str(tmp_path / "scene.vrt"))
    assert dataset.GetRasterBand(1).GetMaskFlags() == gdal.GMF_PER_DATASET
    found = masks(tmp_path / "scene.vrt")
    np.testing.assert_array_equal(found, np.broadcast_to(opaque(), found.shape))
    band = dataset.GetRasterBand(1)
    np.testing.assert_array_equal(band.GetMaskBand().ReadAsArray(3, 5, 11, 7) > 0, opaque()[5:12, 3:14])


def test_the_mask_is_asked_of_the_file_at_any_resolution(hnr):
    file = HnrFile(hnr())
    assert file.has_mask
    np.testing.assert_array_equal(file.valid_pixels(), opaque())
    np.testing.assert_array_equal(file.valid_pixels((4, 8, 16, 24), (8, 12)), opaque()[5:20:2, 9:32:2])
