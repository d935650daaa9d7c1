"""No output may be written over an input or another output, nor under an ending that is not its own."""

import gc
import os
import shutil
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def untouched(run, tmp_path):
    """A function that runs an algorithm, which has to refuse and leave all files as they were; what the user reads."""
    from qgis.core import QgsProcessingException

    def contents():
        return {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}

    def call(name, **parameters):
        before = contents()
        with pytest.raises(QgsProcessingException) as caught:
            run(name, **parameters)
        assert contents() == before
        gc.collect()
        return str(caught.value)

    return call


@pytest.fixture
def scene(raster, tmp_path):
    """A copy of the synthetic raster that may be lost."""
    return shutil.copy(raster, tmp_path / "scene.tif")


@pytest.fixture
def model(tmp_path):
    """A file that stands for a classifier; it is refused before anybody reads it."""
    path = tmp_path / "m.hncls"
    path.write_bytes(b"no classifier")
    return str(path)


def spelled(path, how):
    """One file's other names."""
    path = Path(path)
    if how.endswith("link"):
        link = path.with_name("link.tif")
        (link.symlink_to if how == "link" else link.hardlink_to)(path)
        return str(link)
    return {"itself": str(path), "with dots": str(path.parent / "." / ".." / path.parent.name / path.name)}[how]


@pytest.mark.parametrize("how", ["itself", "with dots", "link", "hard link"])
def test_an_output_over_its_input(untouched, scene, model, how):
    message = untouched("classify", INPUT=str(scene), MODEL=model, OUTPUT=spelled(scene, how))
    assert "OUTPUT and INPUT are the same file" in message
    assert "Choose another name" in message


def test_an_output_over_the_file_of_a_layer(untouched, scene, model):
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(str(scene), "scene")
    assert "same file" in untouched("classify", INPUT=layer, MODEL=model, OUTPUT=str(scene))


def test_an_output_over_a_layer_of_the_project(untouched, scene, model):
    from qgis.core import QgsProject, QgsRasterLayer

    layer = QgsProject.instance().addMapLayer(QgsRasterLayer(str(scene), "scene"))
    try:
        assert "same file" in untouched("classify", INPUT=layer.id(), MODEL=model, OUTPUT=str(scene))
    finally:
        QgsProject.instance().removeMapLayer(layer.id())


def test_an_output_over_samples_in_a_layer_of_a_file(untouched, scene, tmp_path):
    samples = tmp_path / "samples.hncls"
    samples.write_bytes(b"a layer's file")
    message = untouched(
        "trainclassifier", INPUT=str(scene), SAMPLES=f"{samples}|layername=fields", FIELD="class", OUTPUT=str(samples),
    )
    assert "SAMPLES" in message


def test_two_outputs_of_one_name(untouched, scene, model, tmp_path):
    path = str(tmp_path / "map.tif")
    message = untouched("classify", INPUT=str(scene), MODEL=model, OUTPUT=path, OUTPUT_PROBABILITY=path)
    assert "OUTPUT_PROBABILITY and OUTPUT are the same file" in message


@pytest.mark.parametrize(
    ("name", "output", "ending"),
    [("x.tif", "OUTPUT", ".hnr"), ("x", "OUTPUT", ".hnr"), ("x.hnr", "OUTPUT_HTML", ".html or .htm")],
)
def test_an_ending_that_is_not_the_outputs_own(untouched, scene, tmp_path, name, output, ending):
    outputs = {"OUTPUT": str(tmp_path / "y.hnr"), output: str(tmp_path / name)}
    message = untouched("compress", INPUT=str(scene), **outputs)
    assert f"{output}: {tmp_path / name} has to end in {ending}." in message


def test_it_is_told_where_qgis_asks_and_again_where_it_does_not(scene, model, plugin):
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("hiner:classify")
    parameters = {"INPUT": str(scene), "MODEL": model, "OUTPUT": str(scene)}
    accepted, message = algorithm.checkParameterValues(parameters, QgsProcessingContext())
    assert not accepted
    assert "same file" in message
    before = Path(scene).read_bytes()
    with pytest.raises(QgsProcessingException, match="same file"):
        # As in a model, whose steps are not asked.
        algorithm.run(parameters, QgsProcessingContext(), QgsProcessingFeedback(), {}, False)
    assert Path(scene).read_bytes() == before
    assert os.listdir(Path(scene).parent).count("scene.tif") == 1


def test_a_bad_parameter_beside_a_compressed_file_is_not_blamed_on_the_file(untouched, run, raster, tiny, tmp_path):
    compressed = str(tmp_path / "scene.hnr")
    run("compress", INPUT=raster, OUTPUT=compressed, **tiny)
    message = untouched(
        "trainclassifier", INPUT=compressed, SAMPLES=str(tmp_path / "absent.gpkg"), OUTPUT=str(tmp_path / "m.hncls"),
    )
    assert "Decode it first" not in message
    assert "absent.gpkg" in message


def test_an_envi_raster_does_not_take_anothers_header(untouched, run, raster, write_raster, tiny, tmp_path):
    compressed = str(tmp_path / "scene.hnr")
    run("compress", INPUT=raster, OUTPUT=compressed, **tiny)
    write_raster(tmp_path / "scene.bsq", np.ones((3, 4, 5), "int16"), driver="ENVI")
    message = untouched("decompress", INPUT=compressed, OUTPUT=str(tmp_path / "scene.dat"))
    assert "scene.hdr" in message
    assert "another raster" in message


def test_a_name_that_no_file_can_have(untouched, scene):
    assert "is no name of a file" in untouched("compress", INPUT=str(scene), OUTPUT="/tmp/a\0b.hnr")


@pytest.mark.parametrize("nothing", [None, ""])
def test_an_output_that_is_not_given_is_asked_for(scene, plugin, nothing):
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback

    algorithm = QgsApplication.processingRegistry().createAlgorithmById("hiner:compress")
    parameters = {"INPUT": str(scene), "OUTPUT": nothing}
    with pytest.raises(QgsProcessingException, match="OUTPUT: no file is given"):
        algorithm.run(parameters, QgsProcessingContext(), QgsProcessingFeedback(), {}, False)
