"""The settings' page keeps what is chosen; the Data Source Manager's page adds what it says."""

import pytest

pytest.importorskip("qgis.gui")


def choose(box, data):
    place = box.findData(data)
    assert place >= 0
    box.setCurrentIndex(place)


def test_settings_are_kept_and_in_force(plain_settings):
    from hiner.core import parallel
    from hiner.hiner_qgis.desktop.settings_page import OptionsWidget

    page = OptionsWidget()
    page.cache.setValue(77)
    page.threads.setValue(3)
    choose(page.device, "cpu")
    choose(page.bands, "wl=file")
    page.apply()
    assert plain_settings.read() == plain_settings.Settings("cpu", 77, 3, "wl=file")
    assert parallel.threads() == 3
    assert plain_settings.device_for("auto") == "cpu" and plain_settings.device_for("cuda") == "cuda"
    again = OptionsWidget()
    assert (again.cache.value(), again.threads.value()) == (77, 3)
    page.deleteLater()
    again.deleteLater()


def test_the_cache_keeps_no_more_than_is_set(plain_settings):
    import numpy as np

    from hiner.hiner_qgis.layer import cache

    plain_settings.write(plain_settings.Settings(cache_mib=16))
    cache.SHARED.clear()
    for number in range(40):
        cache.SHARED.get(("test", number), lambda: np.zeros(1 << 20, "u1"), lambda: None)
    assert cache.SHARED.n_bytes <= 16 << 20
    cache.SHARED.clear()


@pytest.mark.parametrize("name, value", [("cache_mib", "much"), ("device", "tpu"), ("threads", -5), ("bands", "wl=x")])
def test_settings_that_cannot_be_are_the_defaults(plain_settings, name, value):
    from qgis.core import QgsSettings

    QgsSettings().setValue(f"hiner/{name}", value)
    assert plain_settings.read() == plain_settings.Settings()


def test_a_file_opens_with_the_bands_that_are_set(plain_settings, hnr_path):
    from hiner.hiner_qgis.layer.metadata import Factory

    assert Factory().layers(hnr_path)[0].uri() == hnr_path
    plain_settings.write(plain_settings.Settings(bands="wl=file"))
    assert Factory().layers(hnr_path)[0].uri() == hnr_path + "?wl=file"
    assert Factory().layers(hnr_path + "?wl=500")[0].uri() == hnr_path + "?wl=500"


def test_source_page_adds_what_is_chosen(plain_settings, hnr_path):
    from hiner.hiner_qgis.desktop.source_page import SourceWidget

    page, added, enabled = SourceWidget(), [], []
    page.addRasterLayer.connect(lambda *arguments: added.append(arguments))
    page.enableButtons.connect(enabled.append)
    page.file.setFilePath(hnr_path)
    assert enabled[-1] and "12 bands, 420 to 860 nm" in page.note.text() and "3 bands" in page.note.text()
    choose(page.shown, "wl=")
    page.wavelengths.setText("500, 610.5")
    assert "The layer has 2 bands" in page.note.text()
    page.addButtonClicked()
    assert added == [(hnr_path + "?wl=500,610.5", "scene", "hiner")]
    page.deleteLater()


@pytest.mark.parametrize("text, says", [("2400", "2400"), ("red", "red"), ("", "wl=")])
def test_source_page_says_what_is_wrong(plain_settings, hnr_path, text, says):
    from hiner.hiner_qgis.desktop.source_page import SourceWidget

    page, enabled = SourceWidget(), []
    page.enableButtons.connect(enabled.append)
    page.file.setFilePath(hnr_path)
    choose(page.shown, "wl=")
    page.wavelengths.setText(text)
    assert not enabled[-1] and says in page.note.text()
    page.file.setFilePath(hnr_path + "x")
    assert not enabled[-1]
    page.deleteLater()


def test_browser_offers_hnr_files_alone(desktop, iface, hnr_path):
    from qgis.core import Qgis, QgsLayerItem
    from qgis.gui import QgsDataItemGuiContext, QgsGui
    from qgis.PyQt.QtWidgets import QMenu

    kind = Qgis.BrowserLayerType.Raster if hasattr(Qgis, "BrowserLayerType") else QgsLayerItem.LayerType.Raster
    provider = next(p for p in QgsGui.dataItemGuiProviderRegistry().providers() if p.name() == "hiner")
    titles = []
    for uri, key in ((hnr_path, "hiner"), ("/a.tif", "gdal")):
        item = QgsLayerItem(None, "scene", uri, uri, kind, key)
        menu = QMenu()
        provider.populateContextMenu(item, menu, [], QgsDataItemGuiContext())
        titles.append([action.text() for action in menu.actions() if action.text()])
        if key == "hiner":
            menu.actions()[2].trigger()
    assert len(titles[0]) == 5 and titles[1] == []
    assert iface.layers == [(hnr_path + "?wl=file", "scene", "hiner")]
