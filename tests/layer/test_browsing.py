"""QGIS finds `.hnr` files by itself, and no other files of ours."""

import pytest


@pytest.fixture
def sublayers(registered):
    from qgis.core import QgsProviderRegistry

    def query(path):
        found = QgsProviderRegistry.instance().querySublayers(str(path))
        return [(one.providerKey(), one.uri(), one.name()) for one in found]

    return query


def test_a_file_is_one_layer(sublayers, hnr_path):
    assert sublayers(hnr_path) == [("hiner", hnr_path, "scene")]


def test_a_found_layer_opens(registered, hnr_path):
    from qgis.core import QgsProject, QgsProviderRegistry, QgsProviderSublayerDetails

    details = QgsProviderRegistry.instance().querySublayers(hnr_path)[0]
    options = QgsProviderSublayerDetails.LayerOptions(QgsProject.instance().transformContext())
    layer = details.toLayer(options)
    assert layer.isValid()
    assert layer.providerType() == "hiner"


def test_a_found_layer_keeps_its_query(sublayers, hnr_path):
    assert sublayers(hnr_path + "?wl=550") == [("hiner", hnr_path + "?wl=550", "scene")]


def test_other_files_are_left_alone(sublayers, tmp_path, hnr_path):
    false = tmp_path / "false.hnr"
    false.write_bytes(b"not such a file at all")
    copy = tmp_path / "copy.bin"
    copy.write_bytes(open(hnr_path, "rb").read())
    for path in (false, copy, tmp_path / "absent.hnr", tmp_path):
        assert [one for one in sublayers(path) if one[0] == "hiner"] == []


def test_another_name_for_the_source_opens_too(open_layer, hnr_path):
    assert open_layer("hiner://" + hnr_path + "?wl=550").bandCount() == 1
