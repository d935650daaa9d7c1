"""HINER: hyperspectral compression as a neural representation, for QGIS."""


def classFactory(iface):
    """Return the plugin object that QGIS loads (called by QGIS's plugin manager)."""
    from .hiner_qgis.plugin import HinerPlugin

    return HinerPlugin(iface)
