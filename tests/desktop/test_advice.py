"""Whoever gives GDAL a `.hnr` file is told what to do instead, where the plugin sees it."""

import pytest

pytest.importorskip("qgis.gui")


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("gdal_translate -of GTiff /a/b.hnr /a/c.tif", True),
        ('"C:/Program Files/QGIS/bin/gdalwarp.exe" "C:/my data/b.hnr?wl=550" c.tif', True),
        ("gdal_translate /a/b.vrt /a/c.tif", False),
        ("gdal_translate /a/b.hnr.tif /a/c.tif", False),
        ("hiner:decompress /a/b.hnr", False),
    ],
)
def test_commands_of_gdal_with_a_hnr_file_are_known(registered, line, seen):
    from hiner.hiner_qgis.desktop.gdal_watch import names_hnr

    assert names_hnr(line) is seen


def test_a_gdal_algorithm_on_a_hnr_layer_is_answered_once_in_the_message_bar(desktop, iface, hnr_path, registered, tmp_path):
    import processing
    from qgis.core import QgsApplication, QgsRasterLayer

    if QgsApplication.processingRegistry().providerById("gdal") is None:
        pytest.skip("QGIS's GDAL provider is not installed")
    layer = QgsRasterLayer(hnr_path, "ours", "hiner")
    processing.run("gdal:translate", {"INPUT": layer, "OUTPUT": str(tmp_path / "out.tif")})
    registered.processEvents()
    del layer
    assert len(iface.bar.items()) == 1
    assert "hiner:decompress" in iface.bar.currentItem().text()
    assert "hiner:vrt" in iface.bar.currentItem().text()


def test_a_raster_that_gdal_reads_is_left_alone(desktop, iface, registered):
    from qgis.core import Qgis, QgsMessageLog

    QgsMessageLog.logMessage("gdal_translate a.tif b.tif", "Processing", Qgis.MessageLevel.Info)
    QgsMessageLog.logMessage("gdal_translate a.hnr b.tif", "Another", Qgis.MessageLevel.Info)
    registered.processEvents()
    assert iface.bar.items() == []


def test_the_menus_ask_for_the_wavelengths_that_a_layer_shows():
    from hiner.hiner_qgis.desktop.tools import asked

    assert asked("vrt", "/a.hnr?wl=550,650") == {"INPUT": "/a.hnr", "WAVELENGTHS": "550,650"}
    assert asked("decompress", "/a.hnr?sensor=landsat8") == {"INPUT": "/a.hnr", "WAVELENGTHS": "sensor:landsat8"}
    assert asked("vrt", "/a.hnr?wl=file") == asked("vrt", "/a.hnr") == {"INPUT": "/a.hnr"}
    assert asked("info", "/a.hnr?wl=550") == {"INPUT": "/a.hnr"}


@pytest.mark.parametrize("text", ["500, 600", "500 600", " 500;600 ", "500,600,"])
def test_the_page_takes_wavelengths_as_algorithms_do(registered, hnr_path, text):
    from hiner.hiner_qgis.desktop.source_page import SourceWidget

    page = SourceWidget()
    page.file.setFilePath(hnr_path)
    page.shown.setCurrentIndex(page.shown.findData("wl="))
    page.wavelengths.setText(text)
    assert page.uri() == hnr_path + "?wl=500,600"
    assert "2 bands" in page.note.text()
    page.deleteLater()


def test_the_page_shows_a_file_without_wavelengths(registered, tmp_path):
    import numpy as np

    from hiner.core.simple import compress_array
    from hiner.hiner_qgis.desktop.source_page import SourceWidget

    path = str(tmp_path / "bare.hnr")
    compress_array(np.arange(4 * 20 * 30, dtype="float32").reshape(4, 20, 30), path, rate=4.0)
    page = SourceWidget()
    page.file.setFilePath(path)
    assert "without wavelengths" in page.note.text()
    page.deleteLater()
