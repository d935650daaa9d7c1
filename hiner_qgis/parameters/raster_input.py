"""A raster parameter as what the engine opens: a GDAL source and what the layer says beside it."""

from dataclasses import dataclass, field

from ...core.container.magic import EXTENSION
from ...core.errors import HinerError, ParameterError
from ...core.raster.arrays.products import is_product
from ...core.raster.gdal_raster import open_raster
from ...core.raster.layer_words import LayerWords
from ..advice import INSTEAD
from ..layer import source as hnr_source

# Custom properties in which other plugins keep a layer's wavelengths.
_PROPERTIES = ("enmapbox/wavelength", "qps/wavelength", "QGISPAM/band/")


@dataclass(frozen=True)
class RasterInput:
    """`source` is what GDAL opens; `words` what the layer says beside it."""

    source: str
    words: LayerWords = field(default_factory=LayerWords)

    def open(self, wavelengths=None):
        """Return the engine's `RasterSource`; raises what `open_raster` raises."""
        return open_raster(self.source, wavelengths, self.words)


def raster_input(algorithm, parameters, name, context):
    """Return the `RasterInput` that a raster parameter stands for.

    Raises `ParameterError` where it is none, or a layer that GDAL does not read.
    """
    value = parameters.get(name)
    if names_product(value):
        return RasterInput(value)
    layer = algorithm.parameterAsRasterLayer(parameters, name, context)
    if layer is None:
        if isinstance(value, str) and value:
            # The engine says of a path better than QGIS what is wrong with it.
            return RasterInput(value)
        raise ParameterError(f"{name}: no raster is given. Choose a raster layer or a file.")
    return RasterInput(file_of_layer(layer, name), words_of_layer(layer))


def names_product(value):
    """Whether a parameter's value is the path of a product that the engine opens and QGIS, as one layer, does not."""
    return isinstance(value, str) and is_product(value)


def words_of_layer(layer):
    """The LayerWords of a raster layer."""
    properties = {
        key: layer.customProperty(key)
        for key in layer.customPropertyKeys()
        if key.startswith(_PROPERTIES)
    }
    provider = layer.dataProvider()
    spans = {
        band: [(span.min(), span.max()) for span in provider.userNoDataValues(band + 1)]
        for band in range(provider.bandCount())
    }
    nodata = {band: tuple(low for low, high in of_band if low == high) for band, of_band in spans.items()}
    ranges = tuple(span for of_band in spans.values() for span in of_band if span[0] != span[1])
    return LayerWords(properties, nodata, crs_set_for(layer), ranges)


def crs_set_for(layer):
    """The CRS that the user set for a layer in the place of its file's, WKT; '' where it is the file's."""
    is_set = layer.crs().isValid() and layer.crs() != layer.dataProvider().crs()
    return layer.crs().toWkt() if is_set else ""


def file_of_layer(layer, name):
    """What GDAL opens of a raster layer that a parameter of this name was given.

    Raises `ParameterError` for a layer that GDAL does not read.
    """
    provider = layer.providerType()
    if provider == hnr_source.PROVIDER:
        raise ParameterError(
            f"{name}: the layer '{layer.name()}' is decoded from a .hnr file, and a raster file is wanted. {INSTEAD}"
        )
    if provider != "gdal":
        raise ParameterError(
            f"{name}: the layer '{layer.name()}' is read by QGIS's provider '{provider}', not from a raster "
            "file. Export it first (Export > Save As... > GeoTIFF) and choose the exported file."
        )
    # Without QGIS's own additions, open options and credentials.
    return layer.source().split("|option:", 1)[0].split("|credential:", 1)[0]


def why_not_a_raster(path):
    """What is wrong with a path that is to be a raster, a text; empty where nothing is."""
    if hnr_source.split(path)[0].lower().endswith(EXTENSION):
        return f"{path}: is a compressed file, and a raster is wanted. {INSTEAD}"
    try:
        open_raster(path).close()
    except HinerError as error:
        return str(error)
    return ""
