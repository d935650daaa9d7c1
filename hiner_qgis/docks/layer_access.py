"""The file behind a layer, and the wavelengths that the layer's colours stand for."""

import numpy as np
from qgis.core import QgsMultiBandColorRenderer, QgsRasterLayer

from ..layer import source


def shown_of(layer):
    """What a valid `hiner` layer shows (file, bands, placement), None for any other layer."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != source.PROVIDER:
        return None
    provider = layer.dataProvider()
    # After a project was closed the provider may be C++'s half alone.
    return getattr(provider, "shown", None)


def colour_bands(renderer):
    """The layer's bands (1-based) behind red, green and blue; one for all other renderers."""
    if isinstance(renderer, QgsMultiBandColorRenderer):
        return [renderer.redBand(), renderer.greenBand(), renderer.blueBand()]
    used = renderer.usesBands() if renderer is not None else []
    return [used[0] if used else 1]


def wavelengths_of(layer):
    """The wavelength (nm, band number where there are none) behind each colour of a layer."""
    shown = shown_of(layer)
    bands = shown.bands.bands
    found = []
    for number in colour_bands(layer.renderer()):
        band = bands[min(max(number, 1), len(bands)) - 1]
        found.append(_place(shown.hnr.grid, band) if band.wavelength is None else band.wavelength)
    return found


def _place(grid, band):
    """Where a LayerBand without a wavelength lies on a grid; at its start where a bad band lies nowhere."""
    used = np.flatnonzero(band.weights)
    place = float(band.weights[used] @ grid.wavelengths[used])
    return grid.ranges()[0][0] if np.isnan(place) else place
