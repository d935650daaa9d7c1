"""A map of classes looks the same when it is opened from its file, and a style of the user's own is never lost."""

import errno
import os

import numpy as np
import pytest

TABLE = ((1, "Water", "#1f78b4"), (2, "Wood & <meadow>", "#33a02c"), (4, "Äcker", "#e3c91c"))


@pytest.fixture
def table(plugin):
    from hiner.core.classification.labels.samples import LandCover

    return tuple(LandCover(*entry) for entry in TABLE)


@pytest.fixture
def written(write_raster, tmp_path):
    return write_raster(tmp_path / "map.tif", np.array([[[1, 2], [4, 0]]], dtype="uint8"), nodata=0)


def shown_classes(path):
    """What QGIS shows of a map that is opened from its file, (value, name, colour) each."""
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(path, "map")
    found = [(int(entry.value), entry.label, entry.color.name()) for entry in layer.renderer().classes()]
    del layer
    return tuple(found)


def test_a_map_that_is_opened_later_shows_its_classes_alone(table, written):
    from hiner.hiner_qgis.class_style import style_beside

    assert style_beside(written, table) == ()
    assert shown_classes(written) == TABLE


def test_a_style_of_ours_gives_way_to_the_next_map(table, written):
    from hiner.hiner_qgis.class_style import style_beside

    style_beside(written, table[:1])
    assert style_beside(written, table) == ()
    assert shown_classes(written) == TABLE


def test_a_style_that_was_saved_in_qgis_stays(table, written, tmp_path):
    from qgis.core import QgsRasterLayer

    from hiner.hiner_qgis.class_style import style_beside

    style_beside(written, table)
    layer = QgsRasterLayer(written, "map")
    layer.saveDefaultStyle()
    del layer
    saved = (tmp_path / "map.qml").read_bytes()
    (note,) = style_beside(written, table[:1])
    assert "map.qml" in note
    assert (tmp_path / "map.qml").read_bytes() == saved


@pytest.mark.parametrize("other", ["map.hnr", "map.dat", "map.img"])
def test_where_another_raster_has_the_maps_name_none_is_written(table, written, tmp_path, other):
    from hiner.hiner_qgis.class_style import style_beside

    (tmp_path / other).write_bytes(b"a raster")
    (note,) = style_beside(written, table)
    assert other in note
    assert not (tmp_path / "map.qml").exists()


def test_a_report_of_the_maps_name_is_no_raster(table, written, tmp_path):
    from hiner.hiner_qgis.class_style import style_beside

    for name in ("map.html", "map.csv", "map.hncls"):
        (tmp_path / name).write_text("a report")
    assert style_beside(written, table) == ()
    assert (tmp_path / "map.qml").exists()


def test_a_folder_of_the_maps_name_is_no_raster(table, written, tmp_path):
    from hiner.hiner_qgis.class_style import style_beside

    (tmp_path / "map").mkdir()
    assert style_beside(written, table) == ()
    assert (tmp_path / "map.qml").exists()


def test_another_raster_in_the_maps_place_loses_the_maps_style_but_no_other(table, written, tmp_path):
    from hiner.hiner_qgis.class_style import forget_style_beside, style_beside

    style_beside(written, table)
    forget_style_beside(written)
    assert not (tmp_path / "map.qml").exists()
    (tmp_path / "map.qml").write_text("<qgis/>")
    forget_style_beside(written)
    assert (tmp_path / "map.qml").read_text() == "<qgis/>"


def test_a_style_that_cannot_be_written_is_said_and_the_map_stays(table, written, tmp_path):
    from hiner.hiner_qgis.class_style import style_beside

    (tmp_path / "map.qml").mkdir()
    (note,) = style_beside(written, table)
    assert "map.qml" in note


@pytest.fixture
def locked_styles(monkeypatch):
    """As on Windows where another program has them open."""
    remove = os.remove

    def locked(path):
        if str(path).endswith(".qml"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        remove(path)

    monkeypatch.setattr(os, "remove", locked)


def test_a_style_that_cannot_be_removed_is_said_where_another_raster_has_the_name(
    table, written, tmp_path, locked_styles
):
    from hiner.hiner_qgis.class_style import style_beside

    style_beside(written, table)
    (tmp_path / "map.img").write_bytes(b"a raster")
    notes = style_beside(written, table)
    assert "map.img" in notes[0]
    assert "map.qml" in notes[1] and "Permission denied" in notes[1]


def test_a_style_that_cannot_be_removed_fails_no_algorithm(table, written, hnr, run, listen, locked_styles):
    from hiner.hiner_qgis.class_style import style_beside

    style_beside(written, table)
    feedback = listen()
    assert run("decompress", feedback, INPUT=hnr, OUTPUT=written)["OUTPUT"] == written
    assert any("map.qml" in line and "Permission denied" in line for line in feedback.infos)
