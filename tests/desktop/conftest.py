"""A window, as much of QGIS's interface as the plugin's desktop parts use, and a `.hnr` file."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def hnr_path(tmp_path_factory):
    from hiner.core.simple import compress_array

    random = np.random.default_rng(0)
    planes = np.cumsum(np.cumsum(random.normal(size=(3, 30, 40)), 1), 2)
    cube = np.tensordot(random.normal(size=(12, 3)), planes, 1).astype("float32")
    path = tmp_path_factory.mktemp("desktop") / "scene.hnr"
    compress_array(cube, path, 420 + 40.0 * np.arange(12), rate=2.0)
    return str(path)


@pytest.fixture
def iface(registered):
    """Notes what is added and taken away, by kind."""
    from qgis.gui import QgsMessageBar
    from qgis.PyQt.QtWidgets import QMainWindow

    class Interface:
        def __init__(self):
            self.bar = QgsMessageBar()
            self.window, self.there, self.layers, self.offered, self.active = QMainWindow(), [], [], [], None

        def mainWindow(self):
            return self.window

        def messageBar(self):
            return self.bar

        def activeLayer(self):
            return self.active

        def addRasterLayer(self, uri, name, provider):
            self.layers.append((uri, name, provider))

        def addPluginToRasterMenu(self, menu, action):
            self.there.append(("menu", action))

        def removePluginRasterMenu(self, menu, action):
            self.there.remove(("menu", action))

        def addToolBarIcon(self, action):
            self.there.append(("toolbar", action))

        def removeToolBarIcon(self, action):
            self.there.remove(("toolbar", action))

        def insertAddLayerAction(self, action):
            self.there.append(("layer menu", action))

        def removeAddLayerAction(self, action):
            self.there.remove(("layer menu", action))

        def registerOptionsWidgetFactory(self, factory):
            self.there.append(("options", factory))

        def unregisterOptionsWidgetFactory(self, factory):
            self.there.remove(("options", factory))

        def addCustomActionForLayerType(self, action, menu, kind, all_layers):
            self.there.append(("layer tree", action))

        def removeCustomActionForLayerType(self, action):
            self.there.remove(("layer tree", action))

        def addCustomActionForLayer(self, action, layer):
            self.offered.append((action.text(), layer.id()))

    made = Interface()
    yield made
    made.bar.deleteLater()
    made.window.deleteLater()
    registered.processEvents()


@pytest.fixture
def desktop(iface):
    """The plugin's desktop parts, added."""
    from hiner.hiner_qgis.desktop import Desktop

    made = Desktop(iface)
    made.add()
    yield made
    made.remove()


@pytest.fixture
def plain_settings(registered):
    """The settings as they come; put back afterwards."""
    from hiner.hiner_qgis import settings

    settings.write(settings.Settings())
    yield settings
    settings.write(settings.Settings())
