"""A file that vanishes, shrinks or changes under its layer is an error, never a crash."""

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest

from hiner.core.hnr_file import HnrFile


def _errors(layer):
    return _errors_of(layer.dataProvider())


def _errors_of(provider):
    from qgis.core import QgsRasterBlockFeedback

    feedback = QgsRasterBlockFeedback()
    block = provider.block(1, provider.extent(), 20, 20, feedback)
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


def _moved(description):
    place = description.georeference
    transform = (place.geotransform[0] + 300, *place.geotransform[1:])
    return replace(description, georeference=replace(place, geotransform=transform))


def _in_another_zone(description):
    place = description.georeference
    wkt = place.crs_wkt.replace("zone 33N", "zone 31N").replace("15,", "3,").replace("32633", "32631")
    return replace(description, georeference=replace(place, crs_wkt=wkt))


@pytest.fixture
def other_file(variant, checkout, tmp_path):
    """A function that gives the path of a file that the layer of `hnr_path` cannot show, by what is other."""

    def make(what):
        path = tmp_path / "other.hnr"
        if what == "bands":
            shutil.copy(checkout / "tests" / "codec" / "golden" / "hiner_v1_int16_holes_rans.hnr", path)
        elif what == "damaged":
            path.write_bytes(b"HNR?")
        else:
            variant("other.hnr", _moved if what == "extent" else _in_another_zone)
        return path

    return make


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("bands", "8 bands instead of 12"),
        ("bands", "pixels instead of 90 x 70"),
        ("extent", "has another extent now"),
        ("zone", "has another coordinate reference system now"),
        ("damaged", "cannot be shown any more"),
    ],
)
def test_a_file_that_does_not_fit_the_layer_is_an_error_after_a_reload(
    open_layer, hnr_path, other_file, what, message
):
    layer = open_layer(hnr_path + "?wl=file")
    provider = layer.dataProvider()
    before = layer.bandCount(), provider.extent(), provider.crs()
    os.rename(hnr_path, hnr_path + ".away")
    os.replace(other_file(what), hnr_path)
    layer.reload()
    assert layer.isValid()
    assert (provider.bandCount(), provider.extent(), provider.crs()) == before
    errors, is_empty = _errors(layer)
    assert is_empty
    assert message in errors[0]
    assert "Remove the layer and open the file again." in errors[0]
    assert _errors_of(provider.clone())[0] == errors
    os.replace(hnr_path + ".away", hnr_path)
    assert _errors(layer) == ([], False)


def test_a_file_that_fits_is_shown_after_one_that_did_not(open_layer, hnr_path, other_file, variant, array_of):
    layer = open_layer(hnr_path + "?wl=file")
    os.replace(other_file("bands"), hnr_path)
    layer.reload()
    os.replace(variant("again.hnr", lambda description: replace(description, source="again.tif")), hnr_path)
    assert "Reload the layer." in _errors(layer)[0][0]
    layer.reload()
    assert _errors(layer) == ([], False)
    values = array_of(layer.dataProvider().block(1, layer.extent(), layer.width(), layer.height()))
    np.testing.assert_array_equal(values, HnrFile(hnr_path).read_bands([0])[0])


def test_a_reload_while_the_file_is_away_does_no_harm(open_layer, hnr_path):
    layer = open_layer(hnr_path)
    os.rename(hnr_path, hnr_path + ".away")
    layer.reload()
    assert "could not be read" in _errors(layer)[0][0]
    os.rename(hnr_path + ".away", hnr_path)
    assert _errors(layer) == ([], False)


def test_a_reload_keeps_what_the_user_chose_for_the_nodata_value(open_layer, hnr_path):
    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    provider.setUseSourceNoDataValue(2, False)
    os.utime(hnr_path, (1, 1))
    provider.reloadData()
    assert [provider.useSourceNoDataValue(number) for number in (1, 2, 3)] == [True, False, True]


def test_a_nodata_value_that_a_replaced_file_brings_is_used(open_layer, hnr_path, variant):
    path = variant("whole.hnr", lambda description: replace(description, nodata=None), whole=True)
    provider = open_layer(path + "?wl=file").dataProvider()
    assert not provider.useSourceNoDataValue(1)
    os.replace(hnr_path, path)
    provider.reloadData()
    assert provider.useSourceNoDataValue(1)


def test_a_folder_or_nothing_is_refused(registered, tmp_path):
    from qgis.core import QgsRasterLayer

    for uri in ("", str(tmp_path), str(tmp_path / "absent.hnr"), "?wl=550", "hiner://"):
        assert not QgsRasterLayer(uri, "scene", "hiner").isValid()
