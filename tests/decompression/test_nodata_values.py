"""Invalid pixels hold the very nodata value that the raster states, in its own data type, at all wavelengths."""

import warnings

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")

from hiner.core.decompression.decompress import decompress
from hiner.core.hnr_file import HnrFile
from hiner.core.simple import compress_array
from hiner.core.vrt.samples import read_band

WAVELENGTHS = 450.0 + 10 * np.arange(12)
HOLE = (slice(2, 5), slice(3, 6))
LOWEST = float(np.finfo("float64").min)


def make(path, nodata, dtype="float64"):
    y, x = np.mgrid[:10, :12]
    cube = np.stack([np.sin(y / 5) + np.cos(x / 4 + k / 9) for k in range(12)]).astype(dtype)
    cube[(slice(None), *HOLE)] = nodata
    compress_array(cube, path, WAVELENGTHS, nodata, rate=2)
    return path


def checked(path, dtype):
    """The stated nodata value and the samples of each band, GDAL's mask being right."""
    dataset = gdal.Open(str(path))
    nodata, samples = dataset.GetRasterBand(1).GetNoDataValue(), dataset.ReadAsArray()
    samples = samples.reshape(-1, *samples.shape[-2:])
    assert samples.dtype == dtype
    for number, band in enumerate(samples, start=1):
        mask = dataset.GetRasterBand(number).GetMaskBand().ReadAsArray()
        assert not mask[HOLE].any() and (mask == 0).sum() == mask[HOLE].size
        np.testing.assert_array_equal(band[HOLE], np.full_like(band[HOLE], nodata))
    return nodata


@pytest.mark.parametrize("nodata", [LOWEST, 1e20, -9999.9, -9999.0])
@pytest.mark.parametrize("wavelengths", ["", "455, 460", "sensor:sentinel2a"])
def test_in_the_scenes_own_doubles(tmp_path, nodata, wavelengths):
    path = make(tmp_path / "scene.hnr", nodata)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        decompress(path, tmp_path / "back.tif", wavelengths)
    assert checked(tmp_path / "back.tif", "float64") == nodata
    assert (read_band(str(path), wavelengths, 0, (0, 0, 10, 12), (10, 12))[HOLE] == nodata).all()


@pytest.mark.parametrize("nodata", [LOWEST, 1e20, -9999.9])
@pytest.mark.parametrize("wavelengths", ["", "455, 460"])
def test_as_single_floats(tmp_path, nodata, wavelengths):
    path = make(tmp_path / "scene.hnr", nodata)
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        decompress(path, tmp_path / "back.tif", wavelengths, dtype="float32")
    stated = checked(tmp_path / "back.tif", "float32")
    assert np.isnan(stated) if nodata == LOWEST else stated == np.float32(nodata)


def test_of_a_file_of_single_floats_that_claims_a_double(tmp_path):
    path = tmp_path / "scene.hnr"
    make(path, -np.inf, "float32")
    assert HnrFile(path).description.nodata == -np.inf
    decompress(path, tmp_path / "back.tif", "455")
    assert checked(tmp_path / "back.tif", "float32") == -np.inf
