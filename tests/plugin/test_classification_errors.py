"""Bad samples, images and classifiers are refused with what is wrong and what to do; nothing is written."""

import gc
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from land_cover import QUICK
from squares import LEFT, TOP, TWO, layer_of_squares


@pytest.fixture
def layer(qgis):
    """`layer_of_squares`."""
    yield layer_of_squares
    gc.collect()


@pytest.fixture
def refused(run, tmp_path):
    """A function that runs an algorithm, which has to fail and leave its folder empty; what the user reads."""
    from qgis.core import QgsProcessingException

    def call(name, **parameters):
        output = tmp_path / "out"
        output.mkdir(exist_ok=True)
        files = {
            "trainclassifier": {"OUTPUT": "m.hncls", "OUTPUT_HTML": "m.html"},
            "classify": {"OUTPUT": "map.tif", "OUTPUT_PROBABILITY": "p.tif"},
            "accuracy": {"OUTPUT_HTML": "a.html", "OUTPUT_CSV": "a.csv"},
        }[name]
        given = {key: str(output / file) for key, file in files.items()}
        with pytest.raises(QgsProcessingException) as caught:
            run(name, **{**given, **parameters})
        assert os.listdir(output) == []
        return str(caught.value)

    return call


@pytest.fixture
def untrainable(refused, raster):
    """A function that trains on samples that cannot be trained on; what the user reads."""

    def call(samples, field="class", **parameters):
        return refused(
            "trainclassifier", **{"INPUT": raster, "SAMPLES": samples, "FIELD": field, "VARIANT": "svm", **parameters}
        )

    return call


@pytest.fixture
def model(run, raster, layer, tmp_path):
    """A classifier of the synthetic raster."""
    path = str(tmp_path / "m.hncls")
    run("trainclassifier", INPUT=raster, SAMPLES=layer(TWO), FIELD="class", SPLIT="none", OUTPUT=path, **QUICK)
    return path


def test_samples_beside_the_image(untrainable, layer):
    message = untrainable(layer(TWO, east=1e6))
    assert "'fields'" in message
    assert "outside the image" in message
    assert "coordinate reference system" in message


def test_samples_partly_beside_the_image_are_counted(run, raster, layer, listen, tmp_path):
    feedback = listen()
    run(
        "trainclassifier", feedback, INPUT=raster, SAMPLES=layer([*TWO, (-8, 2, 4, 1)]), FIELD="class", SPLIT="none",
        OUTPUT=str(tmp_path / "m.hncls"), **QUICK,
    )
    assert any("outside the image" in text for text in feedback.infos)


@pytest.mark.parametrize(("epsg", "told"), [("", True), ("32633", False)])
def test_samples_without_a_reference_system_are_taken_for_the_images_and_told(run, raster, layer, listen, tmp_path, epsg, told):
    from qgis.core import QgsCoordinateReferenceSystem

    samples, feedback = layer(TWO), listen()
    samples.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{epsg}") if epsg else QgsCoordinateReferenceSystem())
    run(
        "trainclassifier", feedback, INPUT=raster, SAMPLES=samples, FIELD="class", SPLIT="none",
        OUTPUT=str(tmp_path / "m.hncls"), **QUICK,
    )
    assert told == any("layer of samples has no coordinate reference system" in text for text in feedback.infos)


@pytest.mark.parametrize(("place", "told"), [
    ({"epsg": None}, True), ({}, False), ({"epsg": None, "transform": None}, False),
])
def test_a_label_raster_without_a_reference_system_is_told_where_its_coordinates_count(
    run, raster, write_raster, listen, tmp_path, place, told
):
    labels, feedback = np.zeros((1, 40, 48), "uint8"), listen()
    for row, col, size, value in TWO:
        labels[0, row:row + size, col:col + size] = value
    run(
        "trainclassifier", feedback, INPUT=raster, SAMPLES=write_raster(tmp_path / "labels.tif", labels, **place),
        SPLIT="none", OUTPUT=str(tmp_path / "m.hncls"), **QUICK,
    )
    assert told == any("layer of samples has no coordinate reference system" in text for text in feedback.infos)


@pytest.mark.parametrize(("kind", "value"), [("double(10,3)", 1.5), ("date", "2024-05-01")])
def test_a_field_that_holds_no_classes(untrainable, layer, kind, value):
    message = untrainable(layer([(row, col, size, value) for row, col, size, _ in TWO], kind))
    assert "'class'" in message
    assert "'fields'" in message
    assert "whole numbers or texts" in message


def test_a_field_that_is_not_there(untrainable, layer):
    message = untrainable(layer(TWO), field="kind")
    assert "'kind'" in message
    assert "class" in message


def test_no_field_and_no_style_to_take_it_from(untrainable, layer):
    assert "needs a class field" in untrainable(layer(TWO), field="")


def test_one_class(untrainable, layer):
    message = untrainable(layer([(row, col, size, 1) for row, col, size, _ in TWO]))
    assert "'fields'" in message
    assert "one class" in message
    assert "two at least" in message


def test_nothing_but_nodata_under_the_samples(untrainable, layer, raster):
    message = untrainable(layer([(6, 31, 2, 1), (9, 35, 2, 2)]))
    assert "no data" in message
    assert raster in message


def test_no_feature_has_a_class(untrainable, layer):
    assert "no feature with a class" in untrainable(layer([(row, col, size, None) for row, col, size, _ in TWO]))


def test_samples_that_cannot_be_opened(untrainable, tmp_path):
    message = untrainable(str(tmp_path / "absent.gpkg"))
    assert "absent.gpkg" in message or "SAMPLES" in message or "Samples" in message


def test_a_label_raster_with_fractions(untrainable, write_raster, tmp_path):
    path = write_raster(tmp_path / "labels.tif", np.full((1, 40, 48), 1.5, "float32"))
    message = untrainable(path)
    assert "labels" in message
    assert "fractions" in message


def test_a_label_raster_elsewhere(untrainable, write_raster, tmp_path):
    labels = np.ones((1, 40, 48), "uint8")
    path = write_raster(tmp_path / "labels.tif", labels, transform=(1e6, 30.0, 0.0, 1e6, 0.0, -30.0))
    message = untrainable(path)
    assert "labels" in message
    assert "overlap" in message


@pytest.mark.parametrize("field", ["SAMPLES", "TEST_SAMPLES"])
@pytest.mark.parametrize("given", ["path", "layer"])
def test_samples_in_a_compressed_file(untrainable, layer, hnr, field, given):
    from qgis.core import QgsRasterLayer

    shown = hnr if given == "path" else QgsRasterLayer(hnr, "shown", "hiner")
    message = untrainable(shown) if field == "SAMPLES" else untrainable(layer(TWO), TEST_SAMPLES=shown)
    assert field in message
    assert "Decode it first (hiner:decompress)" in message


def test_samples_that_qgis_reads_from_no_file(untrainable, write_raster, tmp_path):
    from qgis.core import QgsRasterLayer

    path = write_raster(tmp_path / "labels.tif", np.ones((1, 40, 48), "uint8"))
    extent = f"{LEFT},{TOP - 1200},{LEFT + 1440},{TOP}"
    virtual = QgsRasterLayer(
        f"?crs=EPSG:32633&extent={extent}&width=48&height=40&formula=%22a@1%22&a:provider=gdal&a:uri={path}",
        "virtual", "virtualraster",
    )
    assert virtual.isValid()
    message = untrainable(virtual)
    assert "'virtual' is read by QGIS's provider 'virtualraster'" in message
    assert "Export it first" in message


def test_a_class_of_few_pixels_is_reported(run, raster, layer, listen, tmp_path):
    feedback = listen()
    run(
        "trainclassifier", feedback, INPUT=raster, SAMPLES=layer([*TWO, (28, 20, 2, 3)]), FIELD="class", **QUICK,
        SPLIT="none", OUTPUT=str(tmp_path / "m.hncls"), OUTPUT_HTML=str(tmp_path / "m.html"),
    )
    expected = "The class 'Class 3' has 4 training pixels only, fewer than 10."
    assert expected in feedback.infos
    assert "has 4 training pixels only" in (tmp_path / "m.html").read_text(encoding="utf-8")


def test_a_model_for_other_wavelengths_lists_both(refused, model, write_raster, cube, wavelengths, tmp_path):
    other = write_raster(tmp_path / "other.tif", cube, [w + 1000 for w in wavelengths], -32768)
    message = refused("classify", INPUT=other, MODEL=model)
    assert other in message
    assert "450 to 670 nm" in message
    assert "1450 to 1670 nm" in message


def test_a_file_that_is_no_model(refused, raster):
    message = refused("classify", INPUT=raster, MODEL=raster)
    assert raster in message
    assert "not a classifier" in message


def test_a_model_that_is_not_there(refused, raster, tmp_path):
    message = refused("classify", INPUT=raster, MODEL=str(tmp_path / "absent.hncls"))
    assert "absent.hncls" in message


@pytest.mark.parametrize("share", [0.001, 0.2, 0.6, 0.999])
def test_a_damaged_model_file(refused, model, raster, tmp_path, share):
    data = bytearray(Path(model).read_bytes())
    data[int(share * len(data))] ^= 0x5A
    damaged = tmp_path / "damaged.hncls"
    damaged.write_bytes(data)
    assert str(damaged) in refused("classify", INPUT=raster, MODEL=str(damaged))


def test_a_model_file_cut_short(refused, model, raster, tmp_path):
    data = Path(model).read_bytes()
    short = tmp_path / "short.hncls"
    for length in (0, 5, 40, len(data) // 2, len(data) - 1):
        short.write_bytes(data[:length])
        assert str(short) in refused("classify", INPUT=raster, MODEL=str(short))


class Absent:
    """An import hook that hides a library."""

    def __init__(self, library):
        self.library = library

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == self.library:
            raise ModuleNotFoundError(f"No module named '{self.library}'", name=self.library)


@pytest.fixture
def without(monkeypatch):
    def hide(library):
        for module in [name for name in sys.modules if name.split(".")[0] == library]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.setattr(sys, "meta_path", [Absent(library), *sys.meta_path])

    return hide


def test_without_torch_a_network_says_how_to_install_it(without, untrainable, layer):
    without("torch")
    message = untrainable(layer(TWO), VARIANT="best")
    assert "PyTorch" in message
    assert "install" in message


def test_without_torch_a_support_vector_machine_does_the_whole_way(without, run, raster, layer, tmp_path):
    pytest.importorskip("sklearn")
    without("torch")
    path, made = str(tmp_path / "m.hncls"), str(tmp_path / "map.tif")
    run("trainclassifier", INPUT=raster, SAMPLES=layer(TWO), FIELD="class", VARIANT="svm", OUTPUT=path)
    run("classify", INPUT=raster, MODEL=path, OUTPUT=made)
    assert run("accuracy", CLASSIFIED=made, REFERENCE=layer(TWO), FIELD="class")["OA"] > 0.5


def test_without_scikit_learn_the_support_vector_machine_says_how_to_install_it(without, refused, layer, raster):
    without("sklearn")
    message = refused("trainclassifier", INPUT=raster, SAMPLES=layer(TWO), FIELD="class", VARIANT="svm")
    assert "scikit-learn" in message
    assert "install" in message


@pytest.mark.skipif(os.name == "nt", reason="POSIX paths")
def test_outputs_that_cannot_be_written(run, raster, layer, model, tmp_path):
    from qgis.core import QgsProcessingException

    a_file = tmp_path / "a_file"
    a_file.write_text("in the way")
    calls = (
        ("trainclassifier", {
            "INPUT": raster, "SAMPLES": layer(TWO), "FIELD": "class", **QUICK,
            "OUTPUT": str(a_file / "m.hncls"),
        }),
        ("classify", {"INPUT": raster, "MODEL": model, "OUTPUT": str(a_file / "map.tif")}),
    )
    for name, parameters in calls:
        with pytest.raises(QgsProcessingException) as caught:
            run(name, **parameters)
        assert str(a_file) in str(caught.value)
    assert a_file.read_text() == "in the way"


def test_an_extent_beside_the_image(refused, raster, model):
    assert "extent" in refused("classify", INPUT=raster, MODEL=model, EXTENT="0,100,0,100 [EPSG:32633]").lower()


def test_an_accuracy_of_what_is_no_map(refused, write_raster, layer, tmp_path):
    path = write_raster(tmp_path / "map.tif", np.full((1, 40, 48), 0.5, "float32"))
    message = refused("accuracy", CLASSIFIED=path, REFERENCE=layer(TWO), FIELD="class")
    assert path in message
    assert "fractions" in message


def test_a_reference_beside_the_map(refused, write_raster, layer, tmp_path):
    path = write_raster(tmp_path / "map.tif", np.ones((1, 40, 48), "uint8"))
    message = refused("accuracy", CLASSIFIED=path, REFERENCE=layer(TWO, east=1e6), FIELD="class")
    assert "'fields'" in message
    assert "outside" in message


@pytest.mark.parametrize("which", ["OUTPUT", "OUTPUT_HTML"])
def test_an_output_that_cannot_be_written_is_told_before_the_training(run, raster, layer, listen, tmp_path, which):
    from qgis.core import QgsProcessingException

    outputs = {"OUTPUT": tmp_path / "m.hncls", "OUTPUT_HTML": tmp_path / "m.html"}
    outputs[which].mkdir()
    outputs = {name: str(path) for name, path in outputs.items()}
    feedback = listen()
    with pytest.raises(QgsProcessingException, match="is a folder"):
        run("trainclassifier", feedback, INPUT=raster, SAMPLES=layer(TWO), FIELD="class", **outputs, **QUICK)
    assert not any("raining" in text for text in feedback.texts)
    assert len(os.listdir(tmp_path)) == 1
