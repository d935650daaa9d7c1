"""Rasters with every oddity, made with GDAL itself."""

import numpy as np
import pytest
from osgeo import gdal

TYPES = {
    "uint8": gdal.GDT_Byte, "uint16": gdal.GDT_UInt16, "int16": gdal.GDT_Int16,
    "uint32": gdal.GDT_UInt32, "int32": gdal.GDT_Int32, "float32": gdal.GDT_Float32,
    "float64": gdal.GDT_Float64, "complex64": gdal.GDT_CFloat32,
}


@pytest.fixture
def make_raster(tmp_path):
    """A function that writes a cube, (bands, rows, cols), and returns the file's path.

    items, imagery: a dictionary per band. dataset, envi: dictionaries. place: called with the
    open dataset, to give it whatever else.
    """

    def make(cube, name="scene.tif", driver="GTiff", options=(), items=(), imagery=(), dataset=None,
             envi=None, nodata=None, place=None):
        path = str(tmp_path / name)
        n_bands, n_rows, n_cols = cube.shape
        raster = gdal.GetDriverByName(driver).Create(
            path, n_cols, n_rows, n_bands, TYPES[cube.dtype.name], list(options)
        )
        raster.SetMetadata(dataset or {})
        if envi:
            raster.SetMetadata(envi, "ENVI")
        if place:
            place(raster)
        for index in range(n_bands):
            band = raster.GetRasterBand(index + 1)
            if items:
                band.SetMetadata(items[index])
            if imagery:
                band.SetMetadata(imagery[index], "IMAGERY")
            if nodata is not None:
                band.SetNoDataValue(nodata)
            band.WriteArray(cube[index])
        return path

    return make


@pytest.fixture
def cube():
    """Eight bands of 12 x 9 pixels, uint16, no two samples alike."""
    samples = np.random.default_rng(11).permutation(8 * 12 * 9) + 1000
    return samples.reshape(8, 12, 9).astype(np.uint16)
