"""What the plugin adds to the window is there once, and gone without a trace."""

import pytest

pytest.importorskip("qgis.gui")


def source_pages():
    from qgis.gui import QgsGui

    return [provider.name() for provider in QgsGui.sourceSelectProviderRegistry().providers()]


def browser_menus():
    from qgis.gui import QgsGui

    return [provider.name() for provider in QgsGui.dataItemGuiProviderRegistry().providers()]


def test_everything_is_added_once_and_taken_away(iface, registered):
    from hiner.hiner_qgis.desktop import Desktop

    desktop = Desktop(iface)
    for _ in range(3):
        desktop.add()
        desktop.add()
        kinds = sorted(kind for kind, _ in iface.there)
        assert kinds == ["layer menu", "layer tree", "layer tree", "layer tree", "menu", "options", "toolbar"]
        assert source_pages().count("hiner") == browser_menus().count("hiner") == 1
        desktop.remove()
        desktop.remove()
        assert not iface.there and "hiner" not in source_pages() and "hiner" not in browser_menus()


def test_without_a_window_nothing_is_added(registered):
    from hiner.hiner_qgis.desktop import Desktop

    desktop = Desktop(None)
    desktop.add()
    assert "hiner" not in source_pages()
    desktop.remove()


def test_layers_of_hnr_files_alone_get_the_entries(desktop, iface, hnr_path):
    from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

    ours = QgsRasterLayer(hnr_path, "ours", "hiner")
    other = QgsVectorLayer("Point", "other", "memory")
    ids = {ours.id()}
    QgsProject.instance().addMapLayers([ours, other])
    offered = list(iface.offered)
    QgsProject.instance().removeAllMapLayers()
    assert {layer for _, layer in offered} == ids and len(offered) == 3
