"""How a map of classes looks: when it is added to the project, and whenever its file is opened."""

import os

from qgis.core import (
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from ..core.errors import OutputError
from .own_style import is_ours, save_style, style_of

# QGIS keeps no reference to a Python post-processor: one per destination lives on here.
_waiting = {}
_OURS = "Written by HINER with the map."
# What may lie beside a map under its name.
_NO_RASTERS = (".qml", ".html", ".htm", ".csv", ".txt", ".json", ".pdf", ".hncls", ".hdr", ".aux", ".ovr", ".tfw", ".prj")


class ClassStyle(QgsProcessingLayerPostProcessorInterface):
    """Shows each class in its colour under its name."""

    def __init__(self, table):
        super().__init__()
        self._table = table

    def postProcessLayer(self, layer, context, feedback):
        _show_classes(layer, self._table)


def style_classes_on_load(context, destination, table):
    """Have the layer that Processing will make of `destination` shown in the classes' colours.

    table: LandCover classes.
    """
    if not context.willLoadLayerOnCompletion(destination):
        return
    _waiting[destination] = ClassStyle(table)
    context.layerToLoadOnCompletionDetails(destination).setPostProcessor(_waiting[destination])


def style_beside(path, table):
    """Write the classes' style beside a map, where QGIS finds it; returns notes, texts.

    Of the file alone QGIS shows all 256 entries of a colour table, unused ones in black. A style of
    the user's own stays; where another raster has the map's name but for its ending, QGIS would show
    that by the style too, and none is written. table: LandCover classes.
    """
    others = _others_of_one_name(path)
    if others:
        return (
            f"No style is written beside the map, since QGIS would take it for {', '.join(others)} too. Give the map "
            "another name to have one.",
            *forget_style_beside(path),
        )
    try:
        return save_style(path, _styled_layer(path, table), _OURS, QgsMapLayer.StyleCategory.Symbology)
    except OutputError as error:
        return (f"The map is complete, its style for QGIS is not there: {error}",)


def forget_style_beside(path):
    """Remove the style of a map that was under this name before: it is not that of another raster.

    Returns notes, texts.
    """
    style = style_of(path)
    if not (os.path.isfile(style) and is_ours(style, _OURS)):
        return ()
    try:
        os.remove(style)
    except OSError as error:
        return (
            f"{style} is the style of a map that was here before and could not be removed ({error.strerror}); QGIS "
            f"will show {path} by it. Remove it.",
        )
    return ()


def _others_of_one_name(path):
    """Names of files that QGIS may open as rasters and style as it does `path`."""
    folder, own = os.path.split(os.path.abspath(path))
    stem = os.path.splitext(own)[0]
    names = (name for name in os.listdir(folder) if os.path.splitext(name)[0] == stem and name != own)
    # What belongs to a map is often put into a folder of its name.
    names = (name for name in names if name != stem or not os.path.isdir(os.path.join(folder, name)))
    return sorted(name for name in names if os.path.splitext(name)[1].lower() not in _NO_RASTERS)


def _show_classes(layer, table):
    classes = [
        QgsPalettedRasterRenderer.Class(entry.value, QColor(entry.colour), entry.name) for entry in table
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))


def _styled_layer(path, table):
    options = QgsRasterLayer.LayerOptions(loadDefaultStyle=False)
    # No question to the user from a worker thread.
    options.skipCrsValidation = True
    layer = QgsRasterLayer(path, "map", "gdal", options)
    _show_classes(layer, table)
    return layer
