"""Wavelengths as custom properties of a layer, where the EnMAP-Box looks for them."""

from qgis.core import QgsRasterLayer

from . import source
from .guard import guarded

_KEY = "QGISPAM/band/{}//{}"


@guarded(lambda: None)
def describe_layer(layer):
    """Write each band's wavelength and width (nm) to a `hiner` layer; leave other layers alone."""
    if not isinstance(layer, QgsRasterLayer) or layer.providerType() != source.PROVIDER:
        return
    provider = layer.dataProvider()
    if provider is None or not provider.isValid():
        return
    for number in range(1, provider.bandCount() + 1):
        wavelength, fwhm = provider.wavelength(number), provider.fwhm(number)
        if wavelength is None:
            continue
        layer.setCustomProperty(_KEY.format(number, "wavelength"), wavelength)
        layer.setCustomProperty(_KEY.format(number, "wavelength_units"), "Nanometers")
        if fwhm is not None:
            layer.setCustomProperty(_KEY.format(number, "fwhm"), fwhm)
