"""Entries for `.hnr` files in the Browser's context menu."""

from qgis.core import QgsLayerItem
from qgis.gui import QgsDataItemGuiProvider, QgsGui

from ..layer import source
from ..layer.guard import guarded
from .open_action import open_layer
from .tools import tool_actions

_QUERIES = (("Add as True Colour", ""), ("Add All Bands", "wl=file"))


class BrowserMenu:
    """The entries' place in the Browser, from `add` to `remove`."""

    def __init__(self, iface):
        self._iface, self._provider = iface, None

    def add(self):
        self._provider = _Provider(self._iface)
        QgsGui.dataItemGuiProviderRegistry().addProvider(self._provider)

    def remove(self):
        QgsGui.dataItemGuiProviderRegistry().removeProvider(self._provider)
        self._provider = None


class _Provider(QgsDataItemGuiProvider):
    def __init__(self, iface):
        super().__init__()
        self._iface = iface

    def name(self):
        return "hiner"

    @guarded(lambda: None)
    def populateContextMenu(self, item, menu, selectedItems, context):
        if not isinstance(item, QgsLayerItem) or item.providerKey() != source.PROVIDER:
            return
        path, _ = source.split(item.uri())
        menu.addSeparator()
        for title, query in _QUERIES:
            action = menu.addAction(title)
            action.triggered.connect(lambda _checked=False, query=query: open_layer(self._iface, path, query))
        for action in tool_actions(menu, lambda: path):
            menu.addAction(action)
