"""The algorithms that read a `.hnr` file take it as scripts have it: a path, a layer's source, a layer, its id."""

import gc

import pytest


@pytest.fixture
def shown(hnr):
    """A layer of the file, in the project."""
    from qgis.core import QgsProject, QgsRasterLayer

    layer = QgsRasterLayer(f"{hnr}?wl=650,550", "scene", "hiner")
    QgsProject.instance().addMapLayer(layer)
    yield layer
    QgsProject.instance().removeMapLayer(layer.id())
    del layer
    gc.collect()


GIVEN = {
    "path": lambda layer: layer.source().split("?")[0],
    "source": lambda layer: layer.source(),
    "address": lambda layer: "hiner://" + layer.source(),
    "layer": lambda layer: layer,
    "id": lambda layer: layer.id(),
}


@pytest.mark.parametrize("given", GIVEN)
def test_all_bands_of_the_file_are_decoded_whatever_it_is_given_as(run, shown, read_raster, cube, tmp_path, given):
    output = str(tmp_path / "x.tif")
    run("decompress", INPUT=GIVEN[given](shown), OUTPUT=output)
    assert read_raster(output)["cube"].shape == cube.shape


@pytest.mark.parametrize("given", ["layer", "id"])
def test_the_others_take_a_layer_too(run, shown, raster, tmp_path, given):
    value = GIVEN[given](shown)
    assert run("info", INPUT=value, OUTPUT_HTML=str(tmp_path / "i.html"))["OUTPUT_HTML"]
    assert run("evaluate", REFERENCE=raster, INPUT=value, OUTPUT_HTML=None)["PSNR"] > 10
    assert run("vrt", INPUT=value, OUTPUT=str(tmp_path / "x.vrt"))["OUTPUT"]


def test_a_layer_of_another_kind_is_refused_by_its_name(run, raster, tmp_path):
    from qgis.core import QgsProcessingException, QgsRasterLayer

    layer = QgsRasterLayer(raster, "an original")
    with pytest.raises(QgsProcessingException, match="'an original' is not of a .hnr file"):
        run("decompress", INPUT=layer, OUTPUT=str(tmp_path / "x.tif"))
    del layer
    gc.collect()
