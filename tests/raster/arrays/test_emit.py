"""EMIT's radiance and reflectance open with their bands as bands, wavelengths and points for the place."""

import numpy as np
import pytest
from array_products import emit

from hiner.core.errors import RasterError, SceneError
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene

NAME = "EMIT_L2A_RFL_001_20230316T045153_2307503_005.nc"


def scene_of(path):
    with open_raster(path) as source:
        return read_scene(source), source.warnings


@pytest.mark.parametrize("name, level_2a", [("reflectance", True), ("radiance", False)])
def test_the_last_axis_is_the_bands(write_arrays, name, level_2a):
    attributes, arrays, fills = emit(name, level_2a=level_2a)
    scene, warnings = scene_of(write_arrays(NAME, attributes, arrays, fills))
    np.testing.assert_array_equal(scene.cube, arrays[f"/{name}"].transpose(2, 0, 1))
    assert scene.description.nodata == -9999
    bands = scene.description.bands
    np.testing.assert_allclose([band.wavelength for band in bands], 381.00558 + 7.4 * np.arange(5), rtol=1e-7)
    np.testing.assert_allclose([band.fwhm for band in bands], 8.4 + 0.01 * np.arange(5), rtol=1e-6)
    assert [band.good for band in bands] == [True, True, True, not level_2a, True]
    assert ("time_coverage_start", "2023-03-16T04:51:53+0000") in scene.description.metadata
    (told,) = warnings
    assert "ground control points" in told


def test_points_are_at_pixels_centres(write_arrays):
    attributes, arrays, fills = emit()
    scene, _ = scene_of(write_arrays(NAME, attributes, arrays, fills))
    points = {(p.column, p.row): (p.x, p.y) for p in scene.description.georeference.gcps}
    assert len(points) == 88
    for (col, row), (x, y) in points.items():
        at = int(row - 0.5), int(col - 0.5)
        assert (x, y) == pytest.approx((arrays["/location/lon"][at], arrays["/location/lat"][at]), abs=1e-12)


def test_windows_hold_what_the_whole_does(write_arrays):
    attributes, arrays, fills = emit(shape=(50, 40, 6))
    with open_raster(write_arrays(NAME, attributes, arrays, fills)) as source:
        window = source.read([4, 1], 10, 5, 7, 30)
    np.testing.assert_array_equal(window, arrays["/reflectance"][10:17, 5:35][..., [4, 1]].transpose(2, 0, 1))


@pytest.mark.parametrize("name, values, told", [
    ("sensor_band_parameters/fwhm", np.ones(4, np.float32), "fwhm is of 4 values, not 5"),
    ("sensor_band_parameters/wavelengths", np.zeros(5, np.float32), "above 0"),
    ("location/lat", np.ones((8, 11)), "8 x 11 values, not 11 x 8"),
])
def test_what_does_not_fit_is_named(write_arrays, name, values, told):
    attributes, arrays, fills = emit()
    arrays[f"/{name}"] = values
    path = write_arrays(NAME, attributes, arrays, fills)
    with pytest.raises(RasterError, match=told) as caught:
        open_raster(path)
    assert path in str(caught.value)


def test_its_layer_is_refused_with_the_way_out(write_arrays):
    path = write_arrays(NAME, *emit())
    with pytest.raises(SceneError, match="Choose the product's file itself"):
        open_raster(f'NETCDF:"{path}":reflectance')
