"""A map of classes looks the same when it is opened from its file, and a style of the user's own is never lost."""

import numpy as np
import pytest

TABLE = ((1, "Water", "#1f78b4"), (2, "Wood & <meadow>", "#33a02c"), (4, "Äcker", "#e3c91c"))


@pytest.fixture
def table(plugin):
    from hiner.core.classification.samples import LandCover

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
    from hiner.hiner_qgis.class_style import style_beside
    from qgis.core import QgsRasterLayer

    style_beside(written, table)
    layer = QgsRasterLayer(written, "map")
    layer.saveDefaultStyle()
    del layer
    saved = (tmp_path / "map.qml").read_bytes()
    (note,) = style_beside(written, table[:1])
    assert "map.qml" in note
    assert (tmp_path / "map.qml").read_bytes() == saved


def test_a_map_in_memory_gets_no_file(table, tmp_path, monkeypatch):
    from hiner.hiner_qgis.class_style import style_beside

    monkeypatch.chdir(tmp_path)
    assert style_beside("/vsimem/map.tif", table) == ()
    assert list(tmp_path.iterdir()) == []


def test_a_style_that_cannot_be_written_is_said_and_the_map_stays(table, written, tmp_path):
    from hiner.hiner_qgis.class_style import style_beside

    (tmp_path / "map.qml").mkdir()
    (note,) = style_beside(written, table)
    assert "map.qml" in note
