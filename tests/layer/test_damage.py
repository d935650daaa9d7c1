"""A file that vanishes, shrinks or changes under its layer is an error, never a crash."""

import os

import pytest


def _errors(layer):
    from qgis.core import QgsRasterBlockFeedback

    feedback = QgsRasterBlockFeedback()
    provider = layer.dataProvider()
    block = provider.block(1, layer.extent(), 20, 20, feedback)
    assert (block.width(), block.height()) == (20, 20)
    is_empty = all(block.isNoData(row, col) for row in range(20) for col in range(20))
    return feedback.errors(), is_empty


def _delete(path):
    os.remove(path)


def _truncate(path):
    os.truncate(path, os.path.getsize(path) // 2)


def _replace(path):
    data = open(path, "rb").read()
    os.remove(path)
    with open(path, "wb") as file:
        file.write(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(path, (1, 1))


@pytest.mark.parametrize("harm", [_delete, _truncate, _replace])
@pytest.mark.parametrize("is_drawn_before", [True, False])
def test_a_file_harmed_under_its_layer_is_an_error(open_layer, hnr_path, harm, is_drawn_before):
    layer = open_layer(hnr_path)
    if is_drawn_before:
        assert _errors(layer) == ([], False)
    harm(hnr_path)
    errors, is_empty = _errors(layer)
    assert is_empty
    assert len(errors) == 1
    assert hnr_path in errors[0]
    layer.dataProvider().sample(layer.extent().center(), 1)
    layer.reload()


def test_a_damaged_section_is_an_error_when_it_is_needed(open_layer, hnr_path):
    with open(hnr_path, "r+b") as file:
        file.seek(-40, os.SEEK_END)
        file.write(bytes(20))
    errors, is_empty = _errors(open_layer(hnr_path))
    assert is_empty
    assert "damaged" in errors[0]


@pytest.mark.parametrize("n_bytes", [0, 4, 30, 200])
def test_a_file_cut_in_its_header_is_refused(registered, hnr_path, n_bytes):
    from qgis.core import QgsRasterLayer

    os.truncate(hnr_path, n_bytes)
    layer = QgsRasterLayer(hnr_path, "scene", "hiner")
    assert not layer.isValid()
    assert hnr_path in layer.error().summary()


def test_a_replaced_file_is_shown_after_a_reload(open_layer, compressed, hnr_path):
    layer = open_layer(hnr_path)
    _errors(layer)
    os.utime(hnr_path, (1, 1))
    assert "Reload" in _errors(layer)[0][0]
    layer.dataProvider().reloadData()
    assert _errors(layer) == ([], False)
    os.utime(hnr_path, (2, 2))
    layer.reload()
    assert _errors(layer) == ([], False)


def test_a_folder_or_nothing_is_refused(registered, tmp_path):
    from qgis.core import QgsRasterLayer

    for uri in ("", str(tmp_path), str(tmp_path / "absent.hnr"), "?wl=550", "hiner://"):
        assert not QgsRasterLayer(uri, "scene", "hiner").isValid()
