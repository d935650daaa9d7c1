"""Cubes in netCDF files: wavelengths along a dimension are read, and an order that may not be the scene's is told."""

import numpy as np
import pytest
from osgeo import gdal

from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene

pytestmark = pytest.mark.skipif(gdal.GetDriverByName("netCDF") is None, reason="this GDAL has no netCDF driver")

SIZES = {"wavelength": 8, "y": 12, "x": 9}
CENTRES = np.linspace(450, 800, 8).astype("f4")


@pytest.fixture
def make_netcdf(tmp_path):
    """A function that writes a variable over dimensions in an order, and returns GDAL's name of it."""

    def make(order):
        path = str(tmp_path / "cube.nc")
        dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(path)
        root, kind = dataset.GetRootGroup(), gdal.ExtendedDataType.Create(gdal.GDT_Float32)
        dimensions = {name: root.CreateDimension(name, "", "", size) for name, size in SIZES.items()}
        centres = root.CreateMDArray("wavelength", [dimensions["wavelength"]], kind)
        centres.Write(CENTRES.tobytes())
        centres.SetUnit("nm")
        samples = np.random.default_rng(6).random([SIZES[name] for name in order]).astype("f4")
        variable = root.CreateMDArray("reflectance", [dimensions[name] for name in order], kind)
        variable.Write(samples.tobytes())
        return f'NETCDF:"{path}":reflectance'

    return make


def read(path):
    with open_raster(path) as source:
        return read_scene(source), source.warnings


def test_wavelengths_along_the_bands_dimension(make_netcdf):
    path = make_netcdf(["wavelength", "y", "x"])
    scene, warnings = read(path)
    np.testing.assert_allclose(scene.description.wavelengths, CENTRES)
    np.testing.assert_array_equal(scene.cube, gdal.Open(path).ReadAsArray())
    assert warnings == []
    assert not any("wave" in key.lower() for key, _ in scene.description.metadata)


def test_a_cube_in_another_order_is_told_of(make_netcdf):
    path = make_netcdf(["y", "x", "wavelength"])
    scene, warnings = read(path)
    assert scene.description.n_bands == 12
    (told,) = [warning for warning in warnings if "order" in warning]
    assert path in told
    assert "12 bands of 9 x 8 pixels" in told


def test_rasters_that_were_written_as_bands_are_not(make_raster, cube):
    with open_raster(make_raster(cube)) as source:
        assert not any("order" in warning for warning in source.warnings)
