"""The log of `hiner:accuracy` says all that the report says: many a user asks for no report."""

import gc
import os

import numpy as np
import pytest

NAMED = ((1, "lake", "#2f78c4"), (2, "soil", "#b07b4f"), (3, "wood", "#1b6b2f"))


@pytest.fixture
def mapped(plugin, tmp_path):
    """A function that writes a map of classes, (rows, cols), as `hiner:classify` does; its path."""
    from hiner.core.classification.labels.samples import LandCover
    from hiner.core.raster.legend import LegendEntry
    from hiner.core.raster.raster_writer import RasterWriter
    from hiner.core.scene.description import Band, Georeference, SceneDescription
    from hiner.hiner_qgis.class_style import style_beside

    def write(values, legend=NAMED, nodata=0.0, name="map.tif"):
        path, place = str(tmp_path / name), Georeference("", (0.0, 1.0, 0.0, 0.0, 0.0, -1.0))
        described = SceneDescription(*values.shape, (Band(name="Class"),), "uint8", nodata, georeference=place)
        with RasterWriter(path, described, legend=tuple(LegendEntry(*entry) for entry in legend)) as writer:
            writer.write(values.astype("uint8")[None], 0, 0)
        assert style_beside(path, tuple(LandCover(*entry) for entry in legend)) == ()
        return path

    yield write
    gc.collect()


@pytest.fixture(params=["path", "layer"])
def given(request, qgis):
    """A function that gives a raster to an algorithm as `qgis_process` does, or as QGIS does."""
    from qgis.core import QgsRasterLayer

    yield lambda path: path if request.param == "path" else QgsRasterLayer(path, "map")
    gc.collect()


def test_notes_and_other_bands_are_in_the_log(run, listen, write_raster, tmp_path):
    classes = np.ones((4, 4), dtype="uint8")
    mapped = classes.copy()
    mapped[0, 0] = 0
    reference = classes.copy()
    reference[3] = 2
    made = write_raster(tmp_path / "map.tif", np.stack([mapped, classes]), nodata=0)
    labels = write_raster(tmp_path / "labels.tif", reference[None], nodata=0)
    feedback = listen()
    run("accuracy", feedback, CLASSIFIED=made, REFERENCE=labels)
    log = "\n".join(feedback.infos)
    assert "2 bands; the first is compared" in log
    assert "1 reference pixels lie where the map has no class" in log
    assert "The map has none of these classes" in log


def test_a_map_of_one_band_is_not_asked_about(run, listen, write_raster, tmp_path):
    made = write_raster(tmp_path / "map.tif", np.ones((1, 4, 4), dtype="uint8"), nodata=0)
    feedback = listen()
    run("accuracy", feedback, CLASSIFIED=made, REFERENCE=made)
    assert not any("bands" in line for line in feedback.infos)


CLASSES = np.array([[1, 2, 3], [3, 2, 1]])


def test_numbers_that_decided_are_in_log_and_report(run, listen, mapped, given, write_raster, tmp_path):
    # Wood is 1, lake 2, soil 3 in the reference.
    codes = np.array([0, 2, 3, 1])[CLASSES].astype("uint8")
    labels = write_raster(tmp_path / "labels.tif", codes[None], transform=(0, 1, 0, 0, 0, -1), epsg=None)
    feedback, page = listen(), tmp_path / "a.html"
    found = run("accuracy", feedback, CLASSIFIED=given(mapped(CLASSES)), REFERENCE=labels, OUTPUT_HTML=str(page))
    assert found["OA"] == 0
    said = "The reference has no names for its classes: they are matched by number, 1 = lake, 2 = soil, 3 = wood."
    assert any(said in line for line in feedback.infos)
    assert said in page.read_text(encoding="utf-8")


def test_codes_that_the_map_does_not_have_are_refused_however_it_is_given(run, mapped, given, write_raster, tmp_path):
    from qgis.core import QgsProcessingException

    codes = (10 * CLASSES).astype("uint8")[None]
    labels = write_raster(tmp_path / "labels.tif", codes, transform=(0, 1, 0, 0, 0, -1), epsg=None)
    with pytest.raises(QgsProcessingException, match="Class 30 is one of lake, soil, wood. Classes"):
        run("accuracy", CLASSIFIED=given(mapped(CLASSES)), REFERENCE=labels)


def test_a_style_beside_the_map_names_its_classes_however_it_is_given(
    run, listen, mapped, given, write_raster, tmp_path
):
    made, place = mapped(CLASSES), {"transform": (0, 1, 0, 0, 0, -1), "epsg": None}
    os.replace(made, tmp_path / "named.tif")
    os.replace(tmp_path / "map.tif.aux.xml", tmp_path / "named.tif.aux.xml")
    bare = write_raster(tmp_path / "map.tif", CLASSES.astype("uint8")[None], **place)
    feedback = listen()
    found = run("accuracy", feedback, CLASSIFIED=given(bare), REFERENCE=str(tmp_path / "named.tif"))
    assert found["OA"] == 1
    assert "The classes are matched by name." in feedback.infos


def test_a_map_with_a_class_0_is_right_against_itself_in_all_classes(run, listen, mapped, given):
    binary = mapped(CLASSES % 2, ((0, "Class 0", "#aaaaaa"), (1, "Class 1", "#1b6b2f")), nodata=255.0)
    feedback = listen()
    found = run("accuracy", feedback, CLASSIFIED=given(binary), REFERENCE=given(binary))
    assert (found["OA"], found["KAPPA"]) == (1, 1)
    assert any("0 is a class, 'Class 0'" in line for line in feedback.infos)


def test_other_bands_of_a_reference_are_told(run, listen, write_raster, tmp_path):
    labels = write_raster(tmp_path / "labels.tif", np.ones((3, 4, 4), dtype="uint8"))
    made, feedback = write_raster(tmp_path / "map.tif", np.ones((1, 4, 4), dtype="uint8")), listen()
    run("accuracy", feedback, CLASSIFIED=made, REFERENCE=labels)
    assert any("labels.tif: has 3 bands; the first is taken for the labels" in line for line in feedback.infos)
