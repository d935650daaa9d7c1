"""Input that is no scene is refused by name, with what is wrong and what to do."""

import numpy as np
import pytest
from osgeo import gdal

from hiner.core.errors import ParameterError, RasterError, SceneError
from hiner.core.raster import scene_reader
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene


def refusal(kind, path, **options):
    with pytest.raises(kind) as caught, open_raster(path, **options) as source:
        read_scene(source)
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.fixture(params=["plain", "exceptions"])
def gdal_mode(request):
    """GDAL as it starts, and as it is once another plugin has switched exceptions on."""
    before = gdal.GetUseExceptions()
    (gdal.UseExceptions if request.param == "exceptions" else gdal.DontUseExceptions)()
    yield gdal.GetUseExceptions()
    (gdal.UseExceptions if before else gdal.DontUseExceptions)()


def test_not_a_raster(tmp_path, gdal_mode, capfd):
    path = tmp_path / "notes.txt"
    path.write_text("not a raster")
    assert "not a raster" in refusal(RasterError, str(path))
    assert gdal.GetUseExceptions() == gdal_mode
    assert capfd.readouterr().err == ""


def test_no_such_file(tmp_path, gdal_mode):
    refusal(RasterError, str(tmp_path / "absent.tif"))
    assert gdal.GetUseExceptions() == gdal_mode


def test_a_truncated_file(make_raster, gdal_mode):
    path = make_raster(np.random.default_rng(2).random((6, 90, 80)).astype(np.float32))
    with open(path, "r+b") as file:
        file.truncate(60000)
    assert "truncated" in refusal(RasterError, path)
    assert gdal.GetUseExceptions() == gdal_mode


def test_errors_before_and_after_are_left_alone(make_raster, cube):
    seen = []
    gdal.PushErrorHandler(lambda *error: seen.append(error))
    try:
        with open_raster(make_raster(cube)) as source:
            read_scene(source)
        assert seen == []
        gdal.Error(gdal.CE_Warning, 1, "of another plugin")
        assert len(seen) == 1
    finally:
        gdal.PopErrorHandler()


def test_a_container_of_rasters(tmp_path):
    path = str(tmp_path / "container.nc")
    driver = gdal.GetDriverByName("netCDF")
    if driver is None:
        pytest.skip("this GDAL has no netCDF driver")
    source = gdal.GetDriverByName("MEM").Create("", 4, 3, 3)
    driver.CreateCopy(path, source)
    assert "sublayer" in refusal(SceneError, path)


def test_one_band(make_raster, cube):
    assert "one band only" in refusal(SceneError, make_raster(cube[:1]))


def test_all_nodata(make_raster, cube):
    assert "no data" in refusal(SceneError, make_raster(np.zeros_like(cube), nodata=0))


def test_complex_samples(make_raster):
    message = refusal(SceneError, make_raster(np.ones((2, 3, 3), dtype=np.complex64)))
    assert "CFloat32" in message
    assert "gdal_translate" in message


@pytest.mark.skipif(not hasattr(gdal, "GDT_Int64"), reason="this GDAL has no 64-bit integers")
def test_64_bit_integers(tmp_path):
    path = str(tmp_path / "long.tif")
    gdal.GetDriverByName("GTiff").Create(path, 3, 3, 2, gdal.GDT_Int64).FlushCache()
    assert "Int64" in refusal(SceneError, path)


def test_fewer_wavelengths_than_bands(make_raster, cube):
    items = [{"wavelength": "500"} for _ in range(5)] + [{}] * 3
    message = refusal(SceneError, make_raster(cube, items=items))
    assert "3 of 8 bands" in message
    assert "band 6" in message
    envi = {"wavelength": "{400, 500, 600}", "wavelength_units": "Nanometers"}
    assert "WAVELENGTHS" in refusal(SceneError, make_raster(cube, "scene.dat", "ENVI", envi=envi))
    assert "3 wavelengths were given for 8" in refusal(
        ParameterError, make_raster(cube, "other.tif"), wavelengths=[400, 500, 600]
    )


def test_a_scene_larger_than_the_memory_is_refused_before_it_is_read(make_raster, cube, monkeypatch):
    path, size = make_raster(cube), cube.nbytes
    monkeypatch.setattr(scene_reader, "available_memory", lambda: size - 1)
    assert "memory" in refusal(SceneError, path)
    monkeypatch.setattr(scene_reader, "available_memory", lambda: size)
    with open_raster(path) as source:
        assert read_scene(source).cube.nbytes == size
        with pytest.raises(SceneError, match="memory"):
            read_scene(source, beside=2)
    monkeypatch.setattr(scene_reader, "available_memory", lambda: size + 2 * cube.size)
    with open_raster(path) as source:
        assert read_scene(source, beside=2)
