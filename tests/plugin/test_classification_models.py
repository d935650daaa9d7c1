"""The classification algorithms as steps of models, among them those that come with the plugin, and in batch."""

import gc
import importlib.util

import numpy as np
import pytest
from land_cover import CLASSES, EVEN, ODD, samples_of

# The quickest classifier that can be trained here.
QUICK = (
    {"VARIANT": "svm"} if importlib.util.find_spec("sklearn")
    else {"VARIANT": "best", "EPOCHS": 12, "DEVICE": "cpu"}
)


@pytest.fixture(scope="module")
def scene(checkout):
    return str(checkout / "resources" / "sample" / "enmap_potsdam.tif")


@pytest.fixture(scope="module")
def trained(plugin, checkout, scene, tmp_path_factory):
    """A compressed scene and a classifier of it."""
    import processing

    folder = tmp_path_factory.mktemp("trained")
    paths = str(folder / "scene.hnr"), str(folder / "m.hncls")
    processing.run("hiner:compress", {"INPUT": scene, "METHOD": "latent", "OUTPUT": paths[0]})
    processing.run(
        "hiner:trainclassifier",
        {
            "INPUT": paths[0], "SAMPLES": samples_of(checkout, points=True), "FIELD": "class", "PATCH": 1,
            "SPLIT": "none", "OUTPUT": paths[1], **QUICK,
        },
    )
    gc.collect()
    return paths


def classes_of(path):
    from osgeo import gdal

    return gdal.Open(str(path)).ReadAsArray()


def test_the_shipped_models_are_valid(provider):
    for name in ("compress_train_classify", "classify_hnr_files"):
        model = provider.algorithm(name)
        assert model is not None
        assert model.group() == "Classification"
        # As QGIS runs it: made anew, after the steps have come to the registry.
        # QGIS 3.22 calls METHOD of hiner:compress, left to its default, mandatory; that it runs is tested below.
        _, faults = model.create().validate()
        assert not [fault for fault in faults if "not available" in fault]
        assert model.shortHelpString()


def test_the_shipped_models_tell_their_outputs(provider):
    outputs = {
        name: {output.name() for output in provider.algorithm(name).outputDefinitions()}
        for name in ("compress_train_classify", "classify_hnr_files")
    }
    assert {"classify:map", "compress:compressed", "train:classifier", "train:report"} <= outputs["compress_train_classify"]
    assert any("map" in name for name in outputs["classify_hnr_files"])


def test_compress_train_and_classify(run, scene, checkout, tmp_path):
    pytest.importorskip("sklearn")
    found = run(
        "compress_train_classify", scene=scene, samples=samples_of(checkout, EVEN), class_field="class",
        test_samples=samples_of(checkout, ODD), variant="svm",
        **{
            "classify:map": str(tmp_path / "map.tif"), "compress:compressed": str(tmp_path / "s.hnr"),
            "train:classifier": str(tmp_path / "m.hncls"), "train:report": str(tmp_path / "m.html"),
        },
    )
    assert found["classify:map"] == str(tmp_path / "map.tif")
    assert classes_of(tmp_path / "map.tif").shape == (64, 128)
    assert set(np.unique(classes_of(tmp_path / "map.tif"))) <= set(range(1, 1 + len(CLASSES)))
    assert (tmp_path / "s.hnr").stat().st_size * 20 < 64 * 128 * 224 * 2
    assert "Confusion matrix" in (tmp_path / "m.html").read_text(encoding="utf-8")


def test_the_model_of_one_classifier_in_batch(provider, trained, run, scene, tmp_path):
    """A batch runs one algorithm over a table of parameters."""
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    run("compress", INPUT=scene, METHOD="latent", PRESET="high", OUTPUT=str(tmp_path / "other.hnr"))
    images = [trained[0], str(tmp_path / "other.hnr")]
    for name, image_key, model_key, out_key in (
        ("classify_hnr_files", "image", "classifier", "classify:map"), ("classify", "INPUT", "MODEL", "OUTPUT"),
    ):
        algorithm = provider.algorithm(name).create()
        maps = []
        for number, image in enumerate(images):
            # As in QGIS 3.40 and later, where a context remembers what has run in it, each row has its own.
            context, feedback, project = QgsProcessingContext(), QgsProcessingFeedback(False), QgsProject()
            context.setProject(project)
            path = str(tmp_path / f"{name}{number}.tif")
            values = {image_key: image, model_key: trained[1], out_key: path}
            assert algorithm.checkParameterValues(values, context)[0]
            _, worked = algorithm.run(values, context, feedback)
            assert worked, feedback.textLog()
            maps.append(classes_of(path))
        # Two rates of one scene: alike, and not the same file twice.
        assert 0.8 < np.mean(maps[0] == maps[1]) < 1
    gc.collect()


def test_the_model_of_one_classifier_reads_a_raster_too(run, trained, scene, tmp_path):
    run("classify_hnr_files", image=scene, classifier=trained[1], **{"classify:map": str(tmp_path / "map.tif")})
    assert classes_of(tmp_path / "map.tif").shape == (64, 128)


def test_a_designed_model_from_samples_to_an_accuracy(provider, trained, checkout, tmp_path):
    """train -> classify -> accuracy, all files temporary, the figures at the end."""
    pytest.importorskip("sklearn")
    from qgis.core import (
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProcessingModelAlgorithm,
        QgsProcessingModelChildAlgorithm,
        QgsProcessingModelChildParameterSource,
        QgsProcessingModelParameter,
        QgsProcessingParameterFile,
        QgsProcessingParameterVectorLayer,
        QgsProject,
    )

    source = QgsProcessingModelChildParameterSource
    built = QgsProcessingModelAlgorithm("Samples to accuracy", "tests")
    for parameter in (
        QgsProcessingParameterFile("image", "Image"), QgsProcessingParameterVectorLayer("samples", "Samples"),
        QgsProcessingParameterVectorLayer("reference", "Reference"),
    ):
        built.addModelParameter(parameter, QgsProcessingModelParameter(parameter.name()))

    def step(algorithm, **parameters):
        child = QgsProcessingModelChildAlgorithm(f"hiner:{algorithm}")
        child.setChildId(algorithm)
        for definition in child.algorithm().parameterDefinitions():
            if definition.defaultValue() is not None and definition.name() not in parameters:
                parameters[definition.name()] = source.fromStaticValue(definition.defaultValue())
        for name, value in parameters.items():
            child.addParameterSources(name, [value])
        built.addChildAlgorithm(child)

    field, image = source.fromStaticValue("class"), source.fromModelParameter("image")
    step(
        "trainclassifier", INPUT=image, SAMPLES=source.fromModelParameter("samples"), FIELD=field,
        VARIANT=source.fromStaticValue("svm"), PATCH=source.fromStaticValue(3), SPLIT=source.fromStaticValue("none"),
    )
    step("classify", INPUT=image, MODEL=source.fromChildOutput("trainclassifier", "OUTPUT"))
    step(
        "accuracy", CLASSIFIED=source.fromChildOutput("classify", "OUTPUT"),
        REFERENCE=source.fromModelParameter("reference"), FIELD=field,
    )
    assert built.validate() == (True, [])
    assert built.toFile(str(tmp_path / "built.model3"))
    again = QgsProcessingModelAlgorithm()
    assert again.fromFile(str(tmp_path / "built.model3"))
    context, feedback, project = QgsProcessingContext(), QgsProcessingFeedback(False), QgsProject()
    samples, reference = samples_of(checkout, EVEN), samples_of(checkout, ODD)
    project.addMapLayers([samples, reference])
    context.setProject(project)
    found, worked = again.run(
        {"image": trained[0], "samples": samples.id(), "reference": reference.id()}, context, feedback
    )
    assert worked, feedback.textLog()
    assert 0.5 < found["CHILD_RESULTS"]["accuracy"]["OA"] < 1
    del samples, reference
    project.clear()
    gc.collect()
