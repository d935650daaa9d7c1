"""A PRISMA product's .he5 file opens as one scene of both detectors, with wavelengths, units and place."""

import numpy as np
import pytest
from array_products import LEFT, NORTH, SCALES, TOP, corners, prisma
from osgeo import gdal, osr

from hiner.core.errors import RasterError
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


def test_corners_of_another_grid_are_told_and_points_kept(opened):
    attributes, arrays, _ = prisma(**corners(700, 9))
    scene, warnings = opened(attributes, arrays)
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


def test_pixels_outside_the_swath_are_invalid_and_dark_ones_are_not(opened):
    attributes, arrays, _ = prisma()
    for name in ("VNIR", "SWIR"):
        arrays[SWATH.format("2D") + f"/Data Fields/{name}_Cube"][:3, :, :2] = 0
    # Water: nothing comes back in the short-wave infrared.
    arrays[SWATH.format("2D") + "/Data Fields/SWIR_Cube"][8] = 0
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


def test_pixels_without_a_place_are_no_points(opened):
    attributes, arrays, _ = prisma("2C")
    for name in ("Latitude", "Longitude"):
        arrays[SWATH.format("2C") + f"/Geolocation Fields/{name}"][:4] = -999
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
    ({"L2ScaleSwirMax": -1.0}, "L2ScaleSwir"), ({"List_Cw_Vnir": [0.0] * 4, "List_Cw_Swir": [0.0] * 4}, "no band"),
])
def test_attributes_that_make_no_sense_are_named(write_arrays, changed, told):
    attributes, arrays, _ = prisma(**changed)
    with pytest.raises(RasterError, match=told):
        open_raster(write_arrays(NAME, attributes, arrays))


def test_a_truncated_file_is_an_error(write_arrays):
    attributes, arrays, _ = prisma(shape=(300, 200))
    path = write_arrays(NAME, attributes, arrays)
    with open(path, "r+b") as file:
        file.truncate(file.seek(0, 2) // 2)
    with pytest.raises(RasterError, match="PRS_L2D"), open_raster(path) as source:
        read_scene(source)


def test_other_hdf5_files_are_read_as_gdal_reads_them(write_arrays):
    path = write_arrays("cube.h5", {}, {"/cube": np.arange(60, dtype=np.uint16).reshape(3, 4, 5)})
    scene, _ = scene_of(path)
    np.testing.assert_array_equal(scene.cube, gdal.Open(path).ReadAsArray())
