"""What the plugin adds to QGIS's window, besides its docks: from its start to its end."""

from .browser_menu import BrowserMenu
from .gdal_watch import GdalWatch
from .layer_menu import LayerMenu
from .open_action import OpenAction
from .settings_page import SettingsPage
from .source_page import SourcePage


class Desktop:
    """Actions, menus and pages; `add` once, `remove` as often as wished. Nothing where there is no window."""

    def __init__(self, iface):
        self._iface = iface
        self._parts = []

    def add(self):
        if self._iface is None or self._parts:
            return
        parts = (OpenAction, SettingsPage, SourcePage, BrowserMenu, LayerMenu, GdalWatch)
        self._parts = [part(self._iface) for part in parts]
        for part in self._parts:
            part.add()

    def remove(self):
        for part in reversed(self._parts):
            part.remove()
        self._parts = []
