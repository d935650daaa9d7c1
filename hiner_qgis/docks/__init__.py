"""The docks "Wavelengths" and "Spectrum", from the plugin's start to its end."""

from qgis.PyQt.QtCore import Qt

from .spectrum_dock import SpectrumDock
from .wavelength_dock import WavelengthDock


class Docks:
    """Both docks in QGIS's window; `add` once, `remove` as often as wished."""

    def __init__(self, iface):
        self._iface = iface
        self.docks = []

    def add(self):
        """Make the docks and let them follow the active layer; nothing where there is no window."""
        if self._iface is None or self.docks:
            return
        self.docks = [WavelengthDock(self._iface), SpectrumDock(self._iface)]
        for dock in self.docks:
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
            dock.start()

    def remove(self):
        """Take the docks away, with their map tools and running work."""
        for dock in self.docks:
            dock.stop()
            self._iface.removeDockWidget(dock)
            dock.deleteLater()
        self.docks = []
