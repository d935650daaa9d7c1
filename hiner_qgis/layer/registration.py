"""Registering the data provider with QGIS: once for as long as QGIS runs, with or without a GUI."""

from qgis.core import QgsProject, QgsProviderRegistry
from qgis.PyQt import sip

from . import cache, refining, source
from .metadata import Factory, HinerProviderMetadata
from .properties import follow_layer


class LayerRegistration:
    """The provider's place in QGIS, from `register` to `unregister`.

    QGIS cannot give up a provider again: after `unregister` layers stay as they are, and the next
    `register`, also of a plugin that was loaded anew, takes the registered place over.
    """

    def __init__(self):
        self._project = None

    def register(self):
        """Make `.hnr` files openable; may be called more than once."""
        registered = QgsProviderRegistry.instance().providerMetadata(source.PROVIDER)
        if registered is None:
            metadata = HinerProviderMetadata(Factory())
            QgsProviderRegistry.instance().registerProvider(metadata)
            # The registry keeps the C++ half only; Python's must live as long. After registering:
            # that makes the registry's short-lived wrapper the owner.
            sip.transferto(metadata, metadata)
        else:
            registered.factory = Factory()
        if self._project is None:
            self._project = QgsProject.instance()
            self._project.layerWasAdded.connect(follow_layer)
        refining.begin()

    def unregister(self):
        """Let go of the project and of the decoded tiles."""
        if self._project is not None:
            self._project.layerWasAdded.disconnect(follow_layer)
            self._project = None
        refining.end()
        cache.SHARED.clear()
