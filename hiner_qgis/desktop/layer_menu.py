"""Entries for `.hnr` layers in the layer tree's context menu."""

from qgis.core import QgsProject, QgsRasterLayer

from ..layer import source, versions
from ..layer.guard import guarded
from .open_action import MENU
from .tools import tool_actions


class LayerMenu:
    """The entries, on `.hnr` layers alone, from `add` to `remove`."""

    def __init__(self, iface):
        self._iface, self._actions = iface, []

    def add(self):
        self._actions = tool_actions(self._iface.mainWindow(), self._source)
        for action in self._actions:
            self._iface.addCustomActionForLayerType(action, MENU, versions.raster_layer_type(), False)
        project = QgsProject.instance()
        project.layerWasAdded.connect(self._offer)
        for layer in project.mapLayers().values():
            self._offer(layer)

    def remove(self):
        QgsProject.instance().layerWasAdded.disconnect(self._offer)
        for action in self._actions:
            self._iface.removeCustomActionForLayerType(action)
            action.deleteLater()
        self._actions = []

    @guarded(lambda: None)
    def _offer(self, layer):
        if isinstance(layer, QgsRasterLayer) and layer.providerType() == source.PROVIDER:
            for action in self._actions:
                self._iface.addCustomActionForLayer(action, layer)

    def _source(self):
        layer = self._iface.activeLayer()
        if not isinstance(layer, QgsRasterLayer) or layer.providerType() != source.PROVIDER:
            return ""
        return layer.source()
