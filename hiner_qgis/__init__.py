"""All of the plugin that touches QGIS."""
