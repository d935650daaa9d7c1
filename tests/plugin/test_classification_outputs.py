"""What a training leaves behind when it is cancelled, when its report fails, and of names in it."""

import gc
import os

import pytest
from land_cover import EVEN, QUICK, samples_of
from squares import TWO, layer_of_squares


@pytest.fixture
def layer(qgis):
    """`layer_of_squares`."""
    yield layer_of_squares
    gc.collect()


def test_a_cancelled_training_leaves_nothing(run, checkout, listen, tmp_path):
    pytest.importorskip("torch")
    feedback = listen(cancel_at="Training")
    scene = str(checkout / "resources" / "sample" / "enmap_potsdam.tif")
    output = tmp_path / "out"
    output.mkdir()
    found = run(
        "trainclassifier", feedback, INPUT=scene, SAMPLES=samples_of(checkout, EVEN), FIELD="class", VARIANT="patch",
        DEVICE="cpu", OUTPUT=str(output / "m.hncls"), OUTPUT_HTML=str(output / "m.html"),
    )
    assert found.get("OA") is None
    assert os.listdir(output) == []


@pytest.fixture
def at_the_reports_map(monkeypatch):
    """A function that has something done before the map of a training's report is made."""
    from hiner.hiner_qgis.algorithms import trainclassifier

    gather = trainclassifier.gather_class_map

    def call(done):
        monkeypatch.setattr(trainclassifier, "gather_class_map", lambda *given: (done(), gather(*given))[1])

    return call


def test_a_report_that_fails_does_not_take_the_training_with_it(
    at_the_reports_map, run, raster, layer, listen, tmp_path
):
    from hiner.core.classification.model.model_file import read_model
    from hiner.core.errors import RasterError
    from qgis.core import QgsProcessingException

    def fail():
        raise RasterError("scene.tif: rows 0 to 9 could not be read.")

    at_the_reports_map(fail)
    feedback, path, page = listen(), tmp_path / "m.hncls", tmp_path / "m.html"
    with pytest.raises(QgsProcessingException, match="rows 0 to 9 could not be read"):
        run(
            "trainclassifier", feedback, INPUT=raster, SAMPLES=layer(TWO), FIELD="class", OUTPUT=str(path),
            OUTPUT_HTML=str(page), **QUICK,
        )
    assert [entry.value for entry in read_model(path).table] == [1, 2]
    assert f"The classifier was written: {path}" in feedback.infos
    assert not page.exists()


def test_a_training_that_is_cancelled_at_its_report_keeps_the_classifier_and_says_so(
    at_the_reports_map, run, raster, layer, listen, tmp_path
):
    from hiner.core.classification.model.model_file import read_model

    feedback, path, page = listen(), tmp_path / "m.hncls", tmp_path / "m.html"
    at_the_reports_map(feedback.cancel)
    run(
        "trainclassifier", feedback, INPUT=raster, SAMPLES=layer(TWO), FIELD="class", OUTPUT=str(path),
        OUTPUT_HTML=str(page), **QUICK,
    )
    assert [entry.value for entry in read_model(path).table] == [1, 2]
    assert "Cancelled by the user; the classifier was written, its report was not." in feedback.infos
    assert not any("nothing was written" in text for text in feedback.infos)
    assert not page.exists()


def test_names_with_signs_of_formulas_and_of_html_reach_the_report_as_they_are(run, raster, layer, tmp_path):
    page = tmp_path / "m.html"
    samples = layer([(row, col, size, (r"$\bad$", "$5 to $10 <b>")[value - 1]) for row, col, size, value in TWO], "string")
    run(
        "trainclassifier", INPUT=raster, SAMPLES=samples, FIELD="class", OUTPUT=str(tmp_path / "m.hncls"),
        OUTPUT_HTML=str(page), **QUICK,
    )
    text = page.read_text()
    assert r"$\bad$" in text
    assert "$5 to $10 &lt;b&gt;" in text
    assert "<b>" not in text.replace("&lt;b&gt;", "")
