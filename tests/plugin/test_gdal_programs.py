"""GDAL's algorithms in Processing read a `.hnr` file through `hiner:vrt`, without anything set by hand."""

import os

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")

NAMES = ("GDAL_VRT_ENABLE_PYTHON", "GDAL_VRT_PYTHON_TRUSTED_MODULES", "PYTHONPATH")


def array_of(path):
    dataset = gdal.Open(str(path))
    return dataset.ReadAsArray()


@pytest.mark.parametrize("asked", ["", "560, 655.5"])
def test_translate_writes_what_decompress_writes(run, hnr, tmp_path, asked):
    vrt = run("vrt", INPUT=str(hnr), WAVELENGTHS=asked, OUTPUT=str(tmp_path / "a.vrt"))["OUTPUT"]
    decoded = run("decompress", INPUT=str(hnr), WAVELENGTHS=asked, OUTPUT=str(tmp_path / "a.tif"))["OUTPUT"]
    translated = run("gdal:translate", INPUT=vrt, OUTPUT=str(tmp_path / "b.tif"))["OUTPUT"]
    assert np.array_equal(array_of(translated), array_of(decoded))


def test_warp_reads_it_too(run, hnr, tmp_path):
    vrt = run("vrt", INPUT=str(hnr), OUTPUT=str(tmp_path / "a.vrt"))["OUTPUT"]
    decoded = run("decompress", INPUT=str(hnr), OUTPUT=str(tmp_path / "a.tif"))["OUTPUT"]
    warped = [
        run("gdal:warpreproject", INPUT=source, TARGET_CRS="EPSG:3035", OUTPUT=str(tmp_path / name))["OUTPUT"]
        for source, name in ((vrt, "b.tif"), (decoded, "c.tif"))
    ]
    assert np.array_equal(array_of(warped[0]), array_of(warped[1]))


def test_an_output_of_another_kind_is_refused(run, hnr, tmp_path):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="vrt"):
        run("vrt", INPUT=str(hnr), OUTPUT=str(tmp_path / "a.tif"))
    assert not (tmp_path / "a.tif").exists()


def test_a_temporary_output_is_a_vrt_and_a_raster_for_the_next_step(run, hnr, provider):
    from qgis.core import QgsProcessingOutputRasterLayer

    assert run("vrt", INPUT=str(hnr), OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"].endswith(".vrt")
    (output,) = provider.algorithm("vrt").outputDefinitions()
    assert isinstance(output, QgsProcessingOutputRasterLayer)


def test_a_hnr_file_or_layer_where_a_raster_is_wanted_is_answered(run, hnr, tmp_path):
    from qgis.core import QgsProcessingException, QgsRasterLayer

    for given in (QgsRasterLayer(str(hnr), "ours", "hiner"), str(hnr)):
        with pytest.raises(QgsProcessingException, match="hiner:vrt"):
            run("compress", INPUT=given, OUTPUT=str(tmp_path / "again.hnr"))


def test_switching_the_plugin_off_puts_the_environment_back(monkeypatch):
    from hiner.hiner_qgis.gdal_environment import GdalEnvironment

    monkeypatch.setenv(NAMES[0], "TRUSTED_MODULES")
    monkeypatch.setenv(NAMES[1], "mine")
    monkeypatch.delenv(NAMES[2], raising=False)
    environment = GdalEnvironment()
    environment.set()
    assert os.environ[NAMES[1]] == "mine,hiner_vrt" and NAMES[2] in os.environ
    environment.restore()
    assert [os.environ.get(name) for name in NAMES] == ["TRUSTED_MODULES", "mine", None]
