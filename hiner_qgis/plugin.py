"""The plugin object: what QGIS starts and stops."""

from qgis.core import QgsApplication

from ..core.processes import pool
from . import settings
from .desktop import Desktop
from .docks import Docks
from .gdal_environment import GdalEnvironment
from .layer.registration import LayerRegistration
from .provider import HinerProvider


class HinerPlugin:
    """Adds the algorithms and makes `.hnr` files open as layers.

    Without a desktop (`qgis_process`) `initProcessing` alone is called.
    """

    def __init__(self, iface):
        self.iface = iface
        self.provider = None
        self.layers = LayerRegistration()
        self.environment = GdalEnvironment()
        self.docks = Docks(iface)
        self.desktop = Desktop(iface)

    def initProcessing(self):
        """Register the Processing provider and the layers' data provider, once."""
        self.layers.register()
        self.environment.set()
        settings.apply(settings.read())
        if self.provider is None:
            provider = HinerProvider()
            # The registry deletes a provider that it does not take.
            if QgsApplication.processingRegistry().addProvider(provider):
                self.provider = provider
                # Again, now that the shipped models' steps are found: without them a model has no outputs.
                provider.refreshAlgorithms()

    def initGui(self):
        """Called by the desktop when the plugin is switched on."""
        self.initProcessing()
        self.docks.add()
        self.desktop.add()

    def unload(self):
        """Called by the desktop when the plugin is switched off; leaves nothing registered."""
        self.desktop.remove()
        self.docks.remove()
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        self.layers.unregister()
        pool.SHARED.close()
        self.environment.restore()
