"""How a map of classes looks when it is added to the project."""

from qgis.core import QgsPalettedRasterRenderer, QgsProcessingLayerPostProcessorInterface
from qgis.PyQt.QtGui import QColor

# QGIS keeps no reference to a Python post-processor: one per destination lives on here.
_waiting = {}


class ClassStyle(QgsProcessingLayerPostProcessorInterface):
    """Shows each class in its colour under its name."""

    def __init__(self, table):
        super().__init__()
        self._table = table

    def postProcessLayer(self, layer, context, feedback):
        classes = [
            QgsPalettedRasterRenderer.Class(entry.value, QColor(entry.colour), entry.name)
            for entry in self._table
        ]
        layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))


def style_classes_on_load(context, destination, table):
    """Have the layer that Processing will make of `destination` shown in the classes' colours.

    table: LandCover classes.
    """
    if not context.willLoadLayerOnCompletion(destination):
        return
    _waiting[destination] = ClassStyle(table)
    context.layerToLoadOnCompletionDetails(destination).setPostProcessor(_waiting[destination])
