"""The layer tests' files in docks of a QGIS without a desktop."""

import importlib.util
import pathlib

import pytest

_spec = importlib.util.spec_from_file_location(
    "layer_fixtures", pathlib.Path(__file__).parents[1] / "layer" / "conftest.py"
)
_layer = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_layer)

compressed = _layer.compressed
hnr_path, variant, open_layer, array_of = _layer.hnr_path, _layer.variant, _layer.open_layer, _layer.array_of


@pytest.fixture
def iface(registered):
    """As much of QGIS's interface as the docks use."""
    from qgis.gui import QgsMapCanvas
    from qgis.PyQt.QtCore import QObject, pyqtSignal
    from qgis.PyQt.QtWidgets import QMainWindow

    class Interface(QObject):
        currentLayerChanged = pyqtSignal(object)

        def __init__(self):
            super().__init__()
            self.window, self.canvas, self.layer = QMainWindow(), QgsMapCanvas(), None

        def activeLayer(self):
            return self.layer

        def choose(self, layer):
            self.layer = layer
            self.currentLayerChanged.emit(layer)

        def mapCanvas(self):
            return self.canvas

        def addDockWidget(self, area, dock):
            self.window.addDockWidget(area, dock)

        def removeDockWidget(self, dock):
            self.window.removeDockWidget(dock)

    made = Interface()
    yield made
    made.choose(None)
    made.canvas.deleteLater()
    made.window.deleteLater()
    registered.processEvents()


@pytest.fixture
def docks(iface):
    """Both docks: (wavelengths, spectrum)."""
    from hiner.hiner_qgis.docks import Docks

    docks = Docks(iface)
    docks.add()
    yield docks.docks
    iface.choose(None)
    docks.remove()
