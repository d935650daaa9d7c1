"""Rasters of every make become scenes, sample by sample as GDAL itself reads them."""

import shutil

import numpy as np
import pytest
from osgeo import gdal, osr

from hiner.core.errors import Cancelled
from hiner.core.progress import Progress
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.layer_words import LayerWords
from hiner.core.raster.scene_reader import read_scene
from hiner.core.raster.windows import windows
from hiner.core.scene.description import Band, GroundControlPoint, SceneDescription


def read(path, **options):
    with open_raster(path, **options) as source:
        return read_scene(source), source.warnings


def utm(code=32633):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(code)
    return crs.ExportToWkt()


@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
)
def test_every_data_type_comes_through_whole(make_raster, dtype):
    limits = np.finfo(dtype) if dtype.startswith("float") else np.iinfo(dtype)
    cube = np.array([[[limits.min, limits.max, 1]], [[0, 2, 3]]], dtype=dtype)
    scene, _ = read(make_raster(cube))
    assert scene.description.dtype == dtype
    assert scene.cube.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(scene.cube, cube)


def test_signed_bytes(tmp_path):
    path = str(tmp_path / "signed.tif")
    old = not hasattr(gdal, "GDT_Int8")
    raster = gdal.GetDriverByName("GTiff").Create(
        path, 2, 1, 2, gdal.GDT_Byte if old else gdal.GDT_Int8, ["PIXELTYPE=SIGNEDBYTE"] if old else []
    )
    for band in (1, 2):
        raster.GetRasterBand(band).WriteRaster(0, 0, 2, 1, np.array([-128, 127], np.int8).tobytes())
    raster = None
    scene, _ = read(path)
    assert scene.description.dtype == "int8"
    np.testing.assert_array_equal(scene.cube, np.array([[[-128, 127]]] * 2, dtype=np.int8))


@pytest.mark.parametrize("interleave", ["BSQ", "BIL", "BIP"])
def test_interleaves(make_raster, cube, interleave):
    path = make_raster(cube, "scene.dat", "ENVI", [f"INTERLEAVE={interleave}"])
    np.testing.assert_array_equal(read(path)[0].cube, cube)


@pytest.mark.parametrize("options", [["INTERLEAVE=PIXEL"], ["TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]])
def test_layouts_of_geotiffs_larger_than_a_block(make_raster, options):
    cube = np.random.default_rng(1).integers(0, 9999, (5, 70, 50)).astype(np.int16)
    np.testing.assert_array_equal(read(make_raster(cube, options=options))[0].cube, cube)


@pytest.mark.parametrize("block_bands", [1, 2, 5])
@pytest.mark.parametrize("limit", [1, 500, 10**6])
def test_windows_cover_each_sample_once_and_part_no_block(block_bands, limit):
    scene = SceneDescription(13, 7, (Band(),) * 5, "uint16")
    seen = np.zeros((5, 13, 7), dtype=int)
    for window in windows(scene, 4, block_bands, limit):
        assert window.row % 4 == 0 and window.first_band % block_bands == 0
        assert window.n_rows % 4 == 0 or window.row + window.n_rows == 13
        assert window.n_bands % block_bands == 0 or window.first_band + window.n_bands == 5
        seen[
            window.first_band:window.first_band + window.n_bands,
            window.row:window.row + window.n_rows,
            window.col:window.col + window.n_cols,
        ] += 1
    assert np.all(seen == 1)


def test_a_window_of_some_bands_in_any_order(make_raster, cube):
    with open_raster(make_raster(cube)) as source:
        block = source.read([6, 0], row=3, col=2, n_rows=4, n_cols=5)
        np.testing.assert_array_equal(block, cube[[6, 0], 3:7, 2:7])
        block[:] = 0


def test_wavelengths_of_an_envi_header(make_raster, cube):
    envi = {
        "wavelength": "{0.4,0.5,0.6,0.7,0.8,0.9,1.0,1.1}", "wavelength_units": "Micrometers",
        "fwhm": "{" + ",".join(["0.01"] * 8) + "}", "bbl": "{1,1,1,0,1,1,1,1}",
    }
    path = make_raster(cube, "scene.dat", "ENVI", envi=envi)
    scene, warnings = read(path)
    np.testing.assert_allclose(scene.description.wavelengths, np.arange(400, 1101, 100))
    assert {band.fwhm for band in scene.description.bands} == {10.0}
    assert [band.good for band in scene.description.bands].index(False) == 3
    assert warnings == []


def test_an_envi_header_without_its_sidecar_says_the_same(make_raster, cube, tmp_path):
    envi = {"wavelength": "{" + ",".join(str(400.5 + 10 * n) for n in range(8)) + "}",
            "wavelength_units": "Nanometers", "acquisition time": "2022-07-24T10:45:26Z"}
    make_raster(cube, "scene.dat", "ENVI", envi=envi)
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("scene.dat", "scene.hdr"):
        shutil.copy(tmp_path / name, bare / name)
    scene, _ = read(str(bare / "scene.dat"))
    np.testing.assert_allclose(scene.description.wavelengths, 400.5 + 10 * np.arange(8))
    assert ("acquisition_time", "2022-07-24T10:45:26Z") in scene.description.metadata


def test_wavelengths_in_a_vrt_beside_the_samples(make_raster, cube, tmp_path):
    plain = make_raster(cube)
    path = str(tmp_path / "scene.vrt")
    vrt = gdal.GetDriverByName("VRT").CreateCopy(path, gdal.Open(plain))
    for index in range(8):
        vrt.GetRasterBand(index + 1).SetMetadata({"wavelength": str(450 + index), "wavelength_units": "nm"})
    vrt = None
    scene, _ = read(path)
    np.testing.assert_array_equal(scene.cube, cube)
    np.testing.assert_array_equal(scene.description.wavelengths, 450 + np.arange(8))
    assert read(plain)[0].description.wavelengths is None


def test_wavelengths_in_an_aux_xml_sidecar(make_raster, cube):
    path = make_raster(cube)
    raster = gdal.Open(path)
    for index in range(8):
        raster.GetRasterBand(index + 1).SetMetadata({"CENTRAL_WAVELENGTH_UM": f"0.{400 + index}"}, "IMAGERY")
    raster = None
    np.testing.assert_allclose(read(path)[0].description.wavelengths, 400 + np.arange(8))


def test_overruled_units_are_told(make_raster, cube):
    items = [{"wavelength": f"0.4{n}", "wavelength_units": "Nanometers"} for n in range(8)]
    scene, warnings = read(make_raster(cube, items=items))
    np.testing.assert_allclose(scene.description.wavelengths, 400 + 10 * np.arange(8))
    assert len(warnings) == 1
    assert "8 bands" in warnings[0]


def test_unsorted_bands_keep_the_files_order(make_raster, cube):
    values = [700, 500, 600, 400, 450, 650, 500, 800]
    scene, _ = read(make_raster(cube, items=[{"wavelength": str(value)} for value in values]))
    np.testing.assert_array_equal(scene.description.wavelengths, values)
    np.testing.assert_array_equal(scene.cube, cube)


def test_without_wavelengths_it_says_that_band_numbers_stand_in(make_raster, cube):
    scene, warnings = read(make_raster(cube))
    assert scene.description.wavelengths is None
    assert "band numbers" in warnings[0]


def test_the_callers_wavelengths_win(make_raster, cube):
    path = make_raster(cube, items=[{"wavelength": str(400 + n)} for n in range(8)])
    own = [500.0 + n for n in range(8)]
    np.testing.assert_array_equal(read(path, wavelengths=own)[0].description.wavelengths, own)


def test_a_layers_wavelengths_serve_where_the_file_has_none(make_raster, cube):
    properties = {"enmapbox/wavelength": [500 + n for n in range(8)]}
    scene, _ = read(make_raster(cube), layer=LayerWords(properties))
    np.testing.assert_array_equal(scene.description.wavelengths, 500 + np.arange(8))


def test_scale_and_offset_per_band(make_raster, cube):
    def place(raster):
        raster.GetRasterBand(2).SetScale(0.0001)
        raster.GetRasterBand(2).SetOffset(-0.1)
        raster.GetRasterBand(3).SetScale(0.0)

    bands = read(make_raster(cube, place=place))[0].description.bands
    assert (bands[1].scale, bands[1].offset) == (0.0001, -0.1)
    assert (bands[0].scale, bands[0].offset) == (1.0, 0.0)
    assert bands[2].scale == 1.0


def test_nodata_and_nan_become_one_mask_and_exceptions(make_raster, cube):
    samples = cube.astype(np.float32)
    samples[:, 0, :3] = -9999
    samples[:, 1, 1] = np.nan
    samples[5, 7, 7] = np.inf
    samples[2] = np.nan
    scene, _ = read(make_raster(samples, nodata=-9999))
    assert scene.description.nodata == -9999
    expected = np.ones((12, 9), dtype=bool)
    expected[0, :3] = expected[1, 1] = False
    np.testing.assert_array_equal(scene.validity.pixels, expected)
    np.testing.assert_array_equal(np.flatnonzero(~scene.validity.bands), [2])
    assert list(scene.validity.exceptions) == [5]
    assert not scene.validity.of_band(5)[7, 7]


def test_nodata_of_the_lowest_float(make_raster, cube):
    samples = cube.astype(np.float32)
    samples[:, 4, 4] = np.finfo(np.float32).min
    scene, _ = read(make_raster(samples, nodata=float(np.finfo(np.float32).min)))
    assert (~scene.validity.pixels).sum() == 1


def test_nodata_that_differs_per_band_is_made_one(make_raster, cube, tmp_path):
    cube[0, 0, 0], cube[1, 0, 0] = 7, 9
    plain = make_raster(cube)
    path = str(tmp_path / "scene.vrt")
    vrt = gdal.GetDriverByName("VRT").CreateCopy(path, gdal.Open(plain))
    for index in range(8):
        vrt.GetRasterBand(index + 1).SetNoDataValue(9 if index == 1 else 7)
    vrt = None
    scene, warnings = read(path)
    assert scene.description.nodata == 7
    assert scene.cube[1, 0, 0] == 7
    assert any("nodata" in warning for warning in warnings)


def test_nodata_values_of_the_layer_count_as_the_files_own(make_raster, cube):
    samples = cube.astype(np.float32)
    samples[:, 0, 0], samples[:, 0, 1], samples[3, 0, 2] = -9999, -50, -50
    words = LayerWords(nodata={band: (-50.0,) for band in range(8)})
    for stated, invalid in ((None, 1), (-9999, 2)):
        scene, warnings = read(make_raster(samples, nodata=stated), layer=words)
        assert scene.description.nodata == (-50 if stated is None else stated)
        assert (~scene.validity.pixels).sum() == invalid
        assert not scene.validity.of_band(3)[0, 2]
        assert warnings[0] == "The layer's additional nodata values count as the file's own do: -50."
        assert not any("different nodata values" in warning for warning in warnings)


def test_a_nodata_value_that_no_sample_can_hold_changes_nothing(make_raster, cube):
    scene, _ = read(make_raster(cube.astype(np.uint16)), layer=LayerWords(nodata={0: (-9999.0,)}))
    assert scene.description.nodata is None


@pytest.mark.parametrize(("own", "why"), [("", "counts; the file has none"), (32632, "counts, not the file's")])
def test_the_crs_that_was_set_for_the_layer_counts(make_raster, cube, own, why):
    def place(raster):
        raster.SetGeoTransform((100, 2, 0, 200, 0, -2))
        raster.SetProjection(utm(own) if own else "")

    words = LayerWords(crs_wkt=utm())
    scene, warnings = read(make_raster(cube, place=place), layer=words)
    assert scene.description.georeference.crs_wkt == words.crs_wkt
    assert f"The coordinate reference system that was set for the layer {why}." in warnings


def test_a_raster_without_a_place_gets_no_crs_of_its_layer(make_raster, cube):
    scene, warnings = read(make_raster(cube), layer=LayerWords(crs_wkt=utm()))
    assert scene.description.georeference.crs_wkt == ""
    assert not any("layer" in warning for warning in warnings)


def test_bands_of_different_types_are_read_as_the_one_that_holds_them(make_raster, cube, tmp_path):
    first = make_raster(cube[:1], "first.tif")
    second = make_raster(-cube[1:2].astype(np.int32), "second.tif")
    path = str(tmp_path / "scene.vrt")
    gdal.BuildVRT(path, [first, second], separate=True).FlushCache()
    scene, warnings = read(path)
    assert scene.description.dtype == "int32"
    np.testing.assert_array_equal(scene.cube, [cube[0], -cube[1].astype(np.int32)])
    assert any("int32" in warning for warning in warnings)


def test_a_rotated_geotransform(make_raster, cube):
    geotransform = (364095.0, 28.66, 8.87, 5809965.0, 8.87, -28.66)

    def place(raster):
        raster.SetProjection(utm())
        raster.SetGeoTransform(geotransform)

    georeference = read(make_raster(cube, place=place))[0].description.georeference
    assert georeference.geotransform == geotransform
    crs = osr.SpatialReference()
    crs.ImportFromWkt(georeference.crs_wkt)
    assert crs.GetAuthorityCode(None) == "32633"


def test_ground_control_points(make_raster, cube):
    def place(raster):
        raster.SetGCPs(
            [gdal.GCP(10, 50, 3, 0, 0), gdal.GCP(11, 50, 4, 9, 0), gdal.GCP(10, 49, 5, 0, 12)], utm()
        )

    georeference = read(make_raster(cube, place=place))[0].description.georeference
    assert georeference.geotransform is None
    assert georeference.gcps[1] == GroundControlPoint(column=9, row=0, x=11, y=50, z=4)
    assert "UTM zone 33N" in georeference.crs_wkt


def test_no_georeference_at_all(make_raster, cube):
    georeference = read(make_raster(cube))[0].description.georeference
    assert (georeference.crs_wkt, georeference.geotransform, georeference.gcps) == ("", None, ())


def test_the_scenes_own_items_are_kept_and_the_files_are_not(make_raster, cube):
    dataset = {"start_time": "2022-07-24T10:45:26", "wavelength_units": "nm", "AREA_OR_POINT": "Area",
               "long": "x" * 5000}
    assert read(make_raster(cube, dataset=dataset))[0].description.metadata == (
        ("start_time", "2022-07-24T10:45:26"),
    )


@pytest.mark.parametrize("shape", [(2, 1, 1), (2, 3, 2000), (2, 2000, 3)])
def test_scenes_of_any_size(make_raster, shape):
    cube = np.full(shape, 5, dtype=np.uint8)
    assert read(make_raster(cube))[0].validity.pixels.shape == shape[1:]


def test_it_reports_logs_and_cancels(make_raster, cube):
    class Watching(Progress):
        def __init__(self):
            self.fractions, self.lines = [], []

        def report(self, fraction, message=""):
            self.fractions.append(fraction)

        def log(self, message):
            self.lines.append(message)

    class Impatient(Progress):
        def is_cancelled(self):
            return True

    watching = Watching()
    with open_raster(make_raster(cube)) as source:
        read_scene(source, watching)
        with pytest.raises(Cancelled):
            read_scene(source, Impatient())
    assert watching.fractions == sorted(watching.fractions)
    assert watching.fractions[-1] == pytest.approx(1.0)
    assert any("band numbers" in line for line in watching.lines)
