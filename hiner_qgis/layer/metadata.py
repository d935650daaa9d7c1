"""What QGIS asks before it opens a file: which files are ours, and how to open them."""

import os

from qgis.core import QgsProviderMetadata, QgsProviderSublayerDetails

from ...core.container.magic import EXTENSION, is_hnr
from .. import settings
from . import source, versions
from .guard import guarded
from .provider import make_provider


class Factory:
    """What the registered metadata hands its questions to; a plugin reload brings another."""

    def create(self, uri, options, flags):
        """A provider for a source; invalid, with its error, where it cannot be shown."""
        return make_provider(uri, options, flags)

    def layers(self, uri):
        """The layers that a path stands for: one for a `.hnr` file, else none.

        Called in background threads for every file of every folder that the Browser shows.
        """
        path, query = source.split(uri)
        if not is_hnr(path):
            return []
        details = QgsProviderSublayerDetails()
        details.setProviderKey(source.PROVIDER)
        details.setType(versions.raster_layer_type())
        details.setUri(source.join(path, query or settings.read().bands))
        details.setName(os.path.splitext(os.path.basename(path))[0])
        details.setDriverName("HINER")
        details.setLayerNumber(1)
        return [details]

    def decode_uri(self, uri):
        """The parts of a source, by name."""
        path, query = source.split(uri)
        key, _, value = query.partition("=")
        return {"path": path, key: value} if query else {"path": path}

    def encode_uri(self, parts):
        """The source of parts that `decode_uri` gave."""
        for key in ("wl", "sensor"):
            if parts.get(key):
                return source.join(parts.get("path", ""), f"{key}={parts[key]}")
        return parts.get("path", "")

    def with_path(self, uri, change):
        """A source whose path is `change(path)`."""
        path, query = source.split(uri)
        return source.join(change(path), query)


class HinerProviderMetadata(QgsProviderMetadata):
    """The provider `hiner` in QGIS's registry, for as long as QGIS runs; see `registration`."""

    def __init__(self, factory):
        super().__init__(source.PROVIDER, "HINER compressed hyperspectral rasters")
        self.factory = factory

    def capabilities(self):
        return QgsProviderMetadata.ProviderMetadataCapability.QuerySublayers

    def providerCapabilities(self):
        return QgsProviderMetadata.ProviderCapability.FileBasedUris

    @guarded(lambda: None)
    def createProvider(self, uri, options, flags=None):
        return self.factory.create(uri, options, versions.no_flags() if flags is None else flags)

    @guarded(list)
    def querySublayers(self, uri, flags=None, feedback=None):
        return self.factory.layers(uri)

    @guarded(dict)
    def decodeUri(self, uri):
        return self.factory.decode_uri(uri)

    @guarded(str)
    def encodeUri(self, parts):
        return self.factory.encode_uri(parts)

    # Called from 3.30 on. QGIS's own take the query for a part of the file's name, and find no such file behind a link.

    def absoluteToRelativeUri(self, uri, context):
        return self._with_path(uri, context.pathResolver().writePath) or uri

    def relativeToAbsoluteUri(self, uri, context):
        return self._with_path(uri, context.pathResolver().readPath) or uri

    # A source that was lost in a project would be lost for good: what fails here leaves it as it is.
    @guarded(str)
    def _with_path(self, uri, change):
        return self.factory.with_path(uri, change)

    @guarded(str)
    def filters(self, kind):
        if kind == QgsProviderMetadata.FilterType.FilterRaster:
            return f"HINER (*{EXTENSION} *{EXTENSION.upper()})"
        return ""
