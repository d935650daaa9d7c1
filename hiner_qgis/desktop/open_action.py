"""The action "Open .hnr": in the Layer menu, the plugin's menu and toolbar."""

import os

from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QAction, QFileDialog

from .. import resources, settings
from ..layer import source

MENU = "HINER"
_FOLDER = "hiner/folder"


class OpenAction:
    """Asks for files and opens each as a layer."""

    def __init__(self, iface):
        self._iface, self._action = iface, None

    def add(self):
        window = self._iface.mainWindow()
        self._action = QAction(resources.icon("hiner"), "Open .hnr…", window)
        self._action.setObjectName("hinerOpen")
        self._action.setToolTip("Open .hnr files as layers")
        self._action.triggered.connect(self._ask)
        self._iface.addPluginToRasterMenu(MENU, self._action)
        self._iface.addToolBarIcon(self._action)
        self._iface.insertAddLayerAction(self._action)

    def remove(self):
        self._iface.removePluginRasterMenu(MENU, self._action)
        self._iface.removeToolBarIcon(self._action)
        self._iface.removeAddLayerAction(self._action)
        self._action.deleteLater()
        self._action = None

    def _ask(self, _checked=False):
        kept = QgsSettings()
        paths, _ = QFileDialog.getOpenFileNames(
            self._iface.mainWindow(), "Open .hnr", kept.value(_FOLDER, ""), "HINER files (*.hnr *.HNR)"
        )
        for path in paths:
            kept.setValue(_FOLDER, os.path.dirname(path))
            open_layer(self._iface, path, settings.read().bands)


def open_layer(iface, path, query=""):
    """Add a `.hnr` file to the map; QGIS shows why where it cannot be."""
    name = os.path.splitext(os.path.basename(path))[0]
    return iface.addRasterLayer(source.join(path, query), name, source.PROVIDER)
