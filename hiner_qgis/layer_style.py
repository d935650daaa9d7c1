"""How a decoded raster looks when it is added to the map."""

import numpy as np
from qgis.core import (
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsProcessingLayerPostProcessorInterface,
)

from ..core.decompression.display import display_ranges
from ..core.report.true_colour import colour_bands

# QGIS keeps no reference to a Python post-processor: one per destination lives on here.
_waiting = {}


class ColourStyle(QgsProcessingLayerPostProcessorInterface):
    """Shows three bands in true colour between limits that are known already.

    Without it QGIS would read the bands to find limits of its own.
    """

    def __init__(self, bands, low, high):
        super().__init__()
        self._bands, self._low, self._high = bands, low, high

    def postProcessLayer(self, layer, context, feedback):
        provider = layer.dataProvider()
        renderer = QgsMultiBandColorRenderer(provider, *(band + 1 for band in self._bands))
        setters = (
            renderer.setRedContrastEnhancement,
            renderer.setGreenContrastEnhancement,
            renderer.setBlueContrastEnhancement,
        )
        for setter, band in zip(setters, self._bands):
            setter(self._enhancement(provider.dataType(band + 1), band))
        layer.setRenderer(renderer)

    def _enhancement(self, data_type, band):
        enhancement = QgsContrastEnhancement(data_type)
        enhancement.setMinimumValue(float(self._low[band]))
        enhancement.setMaximumValue(float(self._high[band]))
        enhancement.setContrastEnhancementAlgorithm(
            QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
        )
        return enhancement


def style_on_load(context, destination, header, description):
    """Have the layer that Processing will make of `destination` shown in true colour.

    header: of the `.hnr` file; description: of the raster decoded from it.
    """
    if not context.willLoadLayerOnCompletion(destination):
        return
    ranges = display_ranges(header, description.bands)
    if ranges is None:
        return
    usable = np.isfinite(ranges[0]) & np.isfinite(ranges[1])
    if np.count_nonzero(usable) < 3:
        return
    style = ColourStyle(colour_bands(description, usable).bands, *ranges)
    _waiting[destination] = style
    context.layerToLoadOnCompletionDetails(destination).setPostProcessor(style)
