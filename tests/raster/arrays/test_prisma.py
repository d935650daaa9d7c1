"""A PRISMA product's .he5 file opens as one scene of both detectors, with wavelengths, units and place."""

import os
import zipfile

import numpy as np
import pytest
from array_products import LEFT, NORTH, SCALES, TOP, corners, prisma
from osgeo import gdal, osr

from hiner.core.errors import RasterError, SceneError
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene

NAME = "PRS_L2D_STD_20200524103704_20200524103708_0001.he5"
SWATH = "/HDFEOS/SWATHS/PRS_L{}_HCO"


def scene_of(path):
    with open_raster(path) as source:
        return read_scene(source), source.warnings


@pytest.fixture
def opened(write_arrays):
    """A function that writes a product and returns its scene and warnings."""
    return lambda attributes, arrays: scene_of(write_arrays(NAME, attributes, arrays))


@pytest.mark.parametrize("level", ["1", "2B", "2C", "2D"])
def test_bands_of_both_detectors_shortest_first(opened, level):
    attributes, arrays, cube = prisma(level)
    scene, _ = opened(attributes, arrays)
    np.testing.assert_array_equal(scene.cube, cube)
    assert scene.description.dtype == "uint16"
    bands = scene.description.bands
    assert [band.wavelength for band in bands] == [406.99, 700.5, 972.65, 943.36, 1500.0, 2497.12]
    assert {band.fwhm for band in bands} == {11.25}
    assert bands[0].name == "VNIR 4 (406.99 nm)"
    assert ("Product_StartTime", "2020-05-24T10:37:04.0") in scene.description.metadata


def test_numbers_of_level_2_stand_for_a_range(opened):
    scene, _ = opened(*prisma()[:2])
    for band, detector in ((scene.description.bands[0], "Vnir"), (scene.description.bands[-1], "Swir")):
        assert [band.offset, 65535 * band.scale + band.offset] == pytest.approx(SCALES[detector])


def test_numbers_of_level_1_are_radiance_by_factor_and_offset(opened):
    scene, _ = opened(*prisma("1")[:2])
    assert {(band.scale, band.offset) for band in scene.description.bands} == {(0.01, -2.5)}


@pytest.mark.parametrize("between, left, top", [(1, LEFT - 15, TOP + 15), (0, LEFT, TOP)])
def test_a_geocoded_product_lies_where_its_corners_say(opened, between, left, top):
    """Whether they are those of the outermost pixels or of their centres, the pixels' size tells."""
    attributes, arrays, _ = prisma(**corners(12 - between, 9 - between))
    scene, warnings = opened(attributes, arrays)
    place = scene.description.georeference
    assert place.geotransform == (left, 30, 0, top, 0, -30)
    assert osr.SpatialReference(place.crs_wkt).GetAuthorityCode(None) == "32632"
    assert not warnings


def test_each_axis_may_have_corners_of_its_own_kind(opened):
    scene, _ = opened(*prisma(**corners(11, 9))[:2])
    assert scene.description.georeference.geotransform == (LEFT, 30, 0, TOP + 15, 0, -30)


@pytest.mark.parametrize("rows, cols", [(700, 9), (11.5, 8), (10.6, 8), (11, 7.3)])
def test_corners_of_another_grid_are_told_and_points_kept(opened, rows, cols):
    scene, warnings = opened(*prisma(**corners(rows, cols))[:2])
    assert scene.description.georeference.geotransform is None
    assert len(scene.description.georeference.gcps) > 50
    assert any("corners" in warning for warning in warnings)


@pytest.mark.parametrize("level", ["1", "2D"])
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("flipped", [(1, 1), (-1, 1), (1, -1), (-1, -1)])
def test_north_is_up_however_the_lines_lie(opened, level, swapped, flipped):
    attributes, arrays, cube = prisma(level)
    laid = {}
    for name, values in arrays.items():
        if values.ndim == 3:
            values = values[::flipped[0], :, ::flipped[1]]
            laid[name] = values.transpose(2, 1, 0) if swapped else values
        else:
            values = values[::flipped[0], ::flipped[1]]
            laid[name] = values.T if swapped else values
    scene, _ = opened(attributes, laid)
    np.testing.assert_array_equal(scene.cube, cube)


def test_any_window_of_any_bands(write_arrays):
    attributes, arrays, cube = prisma(shape=(40, 30))
    laid = {name: values.transpose(2, 1, 0) if values.ndim == 3 else values.T for name, values in arrays.items()}
    for each in (arrays, laid):
        with open_raster(write_arrays(NAME, attributes, each)) as source:
            np.testing.assert_array_equal(source.read([5, 0, 3], 7, 4, 20, 11), cube[[5, 0, 3], 7:27, 4:15])


@pytest.mark.parametrize("level", ["1", "2C", "2D"])
def test_pixels_that_nothing_was_seen_of_are_invalid_and_dark_ones_are_not(opened, level):
    attributes, arrays, _ = prisma(level)
    for name in ("VNIR", "SWIR"):
        arrays[SWATH.format(level) + f"/Data Fields/{name}_Cube"][:3, :, :2] = 0
    # Water: nothing comes back in the short-wave infrared.
    arrays[SWATH.format(level) + "/Data Fields/SWIR_Cube"][8] = 0
    scene, _ = opened(attributes, arrays)
    expected = np.ones((12, 9), bool)
    expected[:3, :2] = False
    for band in range(6):
        np.testing.assert_array_equal(scene.validity.of_band(band), expected)


def test_a_swath_has_points_at_its_pixels_centres(opened):
    scene, warnings = opened(*prisma("2C", shape=(30, 21))[:2])
    place = scene.description.georeference
    assert place.geotransform is None
    assert {(p.column, p.row) for p in place.gcps} >= {(0.5, 0.5), (20.5, 29.5), (0.5, 29.5), (20.5, 0.5)}
    for point in place.gcps:
        assert point.y == pytest.approx(45 - NORTH * (point.row - 0.5), abs=1e-9)
    assert any("ground control points" in warning for warning in warnings)


@pytest.mark.parametrize("unknown", [-999, 0, np.nan])
def test_pixels_without_a_place_are_no_points(opened, unknown):
    attributes, arrays, _ = prisma("2C")
    for name in ("Latitude", "Longitude"):
        arrays[SWATH.format("2C") + f"/Geolocation Fields/{name}"][:4] = unknown
    scene, _ = opened(attributes, arrays)
    assert scene.description.georeference.gcps
    assert min(point.row for point in scene.description.georeference.gcps) == 4.5


@pytest.mark.parametrize("missing, told", [
    ("List_Cw_Swir", "List_Cw_Swir"), ("L2ScaleVnirMax", "L2ScaleVnirMax"), ("Epsg_Code", "Epsg_Code"),
    (SWATH.format("2D") + "/Data Fields/VNIR_Cube", "VNIR_Cube"),
    (SWATH.format("2D") + "/Geolocation Fields/Latitude", "Latitude"),
])
def test_what_is_missing_is_named(write_arrays, missing, told):
    attributes, arrays, _ = prisma()
    attributes.pop(missing, None)
    arrays.pop(missing, None)
    path = write_arrays(NAME, attributes, arrays)
    with pytest.raises(RasterError, match=told) as caught:
        open_raster(path)
    assert path in str(caught.value)
    assert "PRISMA" in str(caught.value)


@pytest.mark.parametrize("changed, told", [
    ({"List_Cw_Vnir": [400.0, 500.0]}, "List_Cw_Vnir"), ({"L2ScaleSwirMax": float("nan")}, "L2ScaleSwirMax"),
    ({"L2ScaleSwirMax": -1.0}, "L2ScaleSwir"), ({"List_Cw_Swir": [0.0] * 4}, "List_Cw_Swir lists no band"),
    ({"List_Fwhm_Vnir": [1.0, 2.0, float("inf"), 3.0]}, "no finite"), ({"List_Cw_Vnir": "nm"}, "no number"),
])
def test_attributes_that_make_no_sense_are_named(write_arrays, changed, told):
    attributes, arrays, _ = prisma(**changed)
    with pytest.raises(RasterError, match=told):
        open_raster(write_arrays(NAME, attributes, arrays))


@pytest.mark.parametrize("code", [1e12, -5.0, 0.5, 999_999.0])
def test_an_epsg_code_that_is_none_is_told(opened, code):
    scene, warnings = opened(*prisma(Epsg_Code=code)[:2])
    assert scene.description.georeference.crs_wkt == ""
    assert scene.description.georeference.geotransform is not None
    assert any("EPSG" in warning for warning in warnings)


@pytest.mark.parametrize("name, values, told", [
    ("Data Fields/SWIR_Cube", np.ones((12, 4, 8), np.uint16), "two cubes"),
    ("Data Fields/SWIR_Cube", np.ones((12, 4, 9), np.float32), "two cubes"),
    ("Data Fields/VNIR_Cube", np.ones((12, 9), np.uint16), "12 x 9 values"),
    ("Geolocation Fields/Longitude", np.ones((9, 12)), "9 x 12 values, not 12 x 9"),
])
def test_arrays_that_do_not_fit_are_named(write_arrays, name, values, told):
    attributes, arrays, _ = prisma()
    arrays[f"{SWATH.format('2D')}/{name}"] = values
    with pytest.raises(RasterError, match=told):
        open_raster(write_arrays(NAME, attributes, arrays))


def test_the_radiometric_cube_and_others_beside_it_are_not_taken(opened):
    attributes, arrays, cube = prisma("1")
    for name in [name for name in arrays if "HCO" in name]:
        arrays[name.replace("HCO", "HRC")] = np.zeros_like(arrays[name])
    scene, _ = opened(attributes, arrays)
    np.testing.assert_array_equal(scene.cube, cube)


def test_a_truncated_file_is_an_error(write_arrays):
    attributes, arrays, _ = prisma(shape=(300, 200))
    path = write_arrays(NAME, attributes, arrays)
    with open(path, "r+b") as file:
        file.truncate(file.seek(0, 2) // 2)
    with pytest.raises(RasterError, match="PRS_L2D"), open_raster(path) as source:
        read_scene(source)


def test_windows_of_a_large_scene_find_their_pixels(write_arrays):
    attributes, arrays, cube = prisma(shape=(1300, 700))
    for name in ("VNIR", "SWIR"):
        arrays[SWATH.format("2D") + f"/Data Fields/{name}_Cube"][600:, :, 650:] = 0
    cube[:, 600:, 650:] = 0
    swapped = {name: values.transpose(2, 1, 0) if values.ndim == 3 else values.T for name, values in arrays.items()}
    for laid in (arrays, swapped):
        path = write_arrays(NAME, attributes, laid)
        with open_raster(path) as source:
            assert len(list(source.blocks())) > 1
        scene, _ = scene_of(path)
        np.testing.assert_array_equal(scene.cube, cube)
        np.testing.assert_array_equal(scene.validity.pixels, cube[0] != 0)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="open files are counted as Linux lists them")
def test_a_closed_source_holds_no_file(write_arrays):
    path = write_arrays(NAME, *prisma()[:2])
    before = len(os.listdir("/proc/self/fd"))
    source = open_raster(path)
    assert len(os.listdir("/proc/self/fd")) > before
    source.close()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("driver, name", [("HDF5", "VNIR_Cube"), ("HDF5", "SWIR_Cube")])
def test_one_of_its_layers_is_refused_with_the_way_out(write_arrays, driver, name):
    path = write_arrays(NAME, *prisma()[:2])
    sublayer = f'{driver}:"{path}"://HDFEOS/SWATHS/PRS_L2D_HCO/Data_Fields/{name}'
    assert gdal.Open(sublayer) is not None
    with pytest.raises(SceneError, match="Choose the product's file itself") as caught:
        open_raster(sublayer)
    assert str(caught.value).endswith(f"{path}.")


def test_a_packed_product_is_to_be_unpacked(write_arrays, tmp_path):
    path = write_arrays(NAME, *prisma()[:2])
    with zipfile.ZipFile(tmp_path / "product.zip", "w") as archive:
        archive.write(path, NAME)
    with pytest.raises(RasterError, match="Unpack the archive first"):
        open_raster(str(tmp_path / "product.zip"))
    with pytest.raises(SceneError, match="unpacked first"):
        open_raster(f"/vsizip/{tmp_path}/product.zip/{NAME}")


def test_other_hdf5_files_are_read_as_gdal_reads_them(write_arrays):
    path = write_arrays("cube.h5", {}, {"/cube": np.arange(60, dtype=np.uint16).reshape(3, 4, 5)})
    scene, _ = scene_of(path)
    np.testing.assert_array_equal(scene.cube, gdal.Open(path).ReadAsArray())
