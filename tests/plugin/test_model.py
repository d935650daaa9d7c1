"""The algorithms as steps of a model."""

import gc

import numpy as np
import pytest


@pytest.fixture
def model(provider):
    """raster -> hiner:compress -> hiner:decompress -> native:rasterlayerstatistics."""
    from qgis.core import (
        QgsProcessingModelAlgorithm,
        QgsProcessingModelChildAlgorithm,
        QgsProcessingModelChildParameterSource,
        QgsProcessingModelOutput,
        QgsProcessingModelParameter,
        QgsProcessingParameterRasterLayer,
    )

    source = QgsProcessingModelChildParameterSource
    built = QgsProcessingModelAlgorithm("There and back", "tests")
    built.addModelParameter(
        QgsProcessingParameterRasterLayer("scene", "Scene"), QgsProcessingModelParameter("scene")
    )

    def step(algorithm, outputs=(), **parameters):
        child = QgsProcessingModelChildAlgorithm(algorithm)
        child.setChildId(algorithm.split(":")[1])
        # As the model designer does: parameters left alone get their default as a value.
        for definition in child.algorithm().parameterDefinitions():
            if definition.defaultValue() is not None and definition.name() not in parameters:
                parameters[definition.name()] = source.fromStaticValue(definition.defaultValue())
        for name, value in parameters.items():
            child.addParameterSources(name, [value])
        results = {}
        for title, name in outputs:
            results[title] = QgsProcessingModelOutput(title, title)
            results[title].setChildOutputName(name)
            results[title].setChildId(child.childId())
        child.setModelOutputs(results)
        built.addChildAlgorithm(child)

    step(
        "hiner:compress", [("file", "OUTPUT")], INPUT=source.fromModelParameter("scene"),
        METHOD=source.fromStaticValue("hiner"), MODEL_SIZE=source.fromStaticValue(9000), EPOCHS=source.fromStaticValue(4),
        DEVICE=source.fromStaticValue("cpu"),
    )
    step(
        "hiner:decompress", [("raster", "OUTPUT")], INPUT=source.fromChildOutput("compress", "OUTPUT"),
        WAVELENGTHS=source.fromStaticValue("550"),
    )
    step(
        "native:rasterlayerstatistics", [("page", "OUTPUT_HTML_FILE")],
        INPUT=source.fromChildOutput("decompress", "OUTPUT"), BAND=source.fromStaticValue(1),
    )
    yield built
    gc.collect()


def run_model(built, parameters):
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject

    context, feedback, project = QgsProcessingContext(), QgsProcessingFeedback(False), QgsProject()
    context.setProject(project)
    results, worked = built.run(parameters, context, feedback)
    assert worked, feedback.textLog()
    return results


def test_model_from_raster_to_statistics(model, raster, read_raster, tmp_path):
    pytest.importorskip("torch")
    outputs = {
        "compress:file": str(tmp_path / "x.hnr"),
        "decompress:raster": str(tmp_path / "x.tif"),
        "rasterlayerstatistics:page": str(tmp_path / "x.html"),
    }
    results = run_model(model, {"scene": raster, **outputs})
    decoded = read_raster(tmp_path / "x.tif")["cube"]
    valid = decoded[decoded != -32768].astype(float)
    children = results["CHILD_RESULTS"]
    assert children["rasterlayerstatistics"]["MEAN"] == pytest.approx(valid.mean())
    assert children["rasterlayerstatistics"]["MAX"] == np.max(valid)
    assert children["compress"]["PSNR"] > 10
    assert (tmp_path / "x.html").stat().st_size > 0


def test_model_with_temporary_files_between_the_steps(model, raster):
    pytest.importorskip("torch")
    outputs = dict.fromkeys(
        ("compress:file", "decompress:raster", "rasterlayerstatistics:page"), "TEMPORARY_OUTPUT"
    )
    steps = run_model(model, {"scene": raster, **outputs})["CHILD_RESULTS"]
    assert steps["compress"]["OUTPUT"].endswith(".hnr")
    assert steps["decompress"]["OUTPUT"].endswith(".tif")
    assert steps["rasterlayerstatistics"]["RANGE"] > 0


def test_model_is_valid_and_survives_being_saved(model, raster, tmp_path):
    from qgis.core import QgsProcessingModelAlgorithm

    pytest.importorskip("torch")
    valid, faults = model.validate()
    assert valid, faults
    assert model.toFile(str(tmp_path / "there_and_back.model3"))
    again = QgsProcessingModelAlgorithm()
    assert again.fromFile(str(tmp_path / "there_and_back.model3"))
    outputs = dict.fromkeys(
        ("compress:file", "decompress:raster", "rasterlayerstatistics:page"), "TEMPORARY_OUTPUT"
    )
    steps = run_model(again, {"scene": raster, **outputs})["CHILD_RESULTS"]
    assert steps["rasterlayerstatistics"]["RANGE"] > 0
