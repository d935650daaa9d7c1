"""Wavelengths as custom properties of a layer, where the EnMAP-Box looks for them."""

import functools
import re

from qgis.core import QgsRasterLayer

from . import source
from .guard import guarded

_KEY = "QGISPAM/band/{}//{}"
_ANY_KEY = re.compile(r"QGISPAM/band/\d+//(wavelength|wavelength_units|fwhm)\Z")


@guarded(lambda: None)
def follow_layer(layer):
    """Keep the properties of a `hiner` layer up to date for as long as it lives; leave others alone."""
    if isinstance(layer, QgsRasterLayer) and layer.providerType() == source.PROVIDER:
        describe_layer(layer)
        layer.dataSourceChanged.connect(functools.partial(describe_layer, layer))


@guarded(lambda: None)
def describe_layer(layer):
    """Write each band's wavelength and width (nm) into the properties of a layer."""
    provider = layer.dataProvider()
    if layer.providerType() != source.PROVIDER or provider is None or not provider.isValid():
        return
    for key in layer.customPropertyKeys():
        if _ANY_KEY.match(key):
            layer.removeCustomProperty(key)
    for number in range(1, provider.bandCount() + 1):
        wavelength, fwhm = provider.wavelength(number), provider.fwhm(number)
        if wavelength is None:
            continue
        layer.setCustomProperty(_KEY.format(number, "wavelength"), wavelength)
        layer.setCustomProperty(_KEY.format(number, "wavelength_units"), "Nanometers")
        if fwhm is not None:
            layer.setCustomProperty(_KEY.format(number, "fwhm"), fwhm)
