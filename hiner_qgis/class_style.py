"""How a map of classes looks: when it is added to the project, and whenever its file is opened."""

import os

from qgis.core import (
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingLayerPostProcessorInterface,
    QgsRasterLayer,
    QgsReadWriteContext,
)
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument

from ..core.errors import OutputError
from ..core.whole_file import save_text

# QGIS keeps no reference to a Python post-processor: one per destination lives on here.
_waiting = {}
# QGIS writes no comments: a style that was saved from QGIS, over ours or not, is the user's.
_OURS = "Written by HINER with the map."
# What may lie beside a map under its name.
_NO_RASTERS = (".qml", ".html", ".htm", ".csv", ".txt", ".json", ".pdf", ".hncls", ".hdr", ".aux", ".ovr", ".tfw", ".prj")
_LARGEST = 10_000_000  # characters; a style of all the classes there can be is smaller


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
    style = _style_of(path)
    others = _others_of_one_name(path)
    if others:
        forget_style_beside(path)
        return (
            f"No style is written beside the map, since QGIS would take it for {', '.join(others)} too. Give the map "
            "another name to have one.",
        )
    if os.path.lexists(style) and not _is_ours(style):
        return (f"{style} is a style that was there before; it is kept, and QGIS will show the map by it.",)
    try:
        save_text(style, _style_text(path, table))
    except OutputError as error:
        return (f"The map is complete, its style for QGIS is not there: {error}",)
    return ()


def forget_style_beside(path):
    """Remove the style of a map that was under this name before: it is not that of another raster."""
    style = _style_of(path)
    if os.path.isfile(style) and _is_ours(style):
        os.remove(style)


def _style_of(path):
    return os.path.splitext(path)[0] + ".qml"


def _others_of_one_name(path):
    """Names of files that QGIS may open as rasters and style as it does `path`."""
    folder, own = os.path.split(os.path.abspath(path))
    stem = os.path.splitext(own)[0]
    names = (name for name in os.listdir(folder) if os.path.splitext(name)[0] == stem and name != own)
    return sorted(name for name in names if os.path.splitext(name)[1].lower() not in _NO_RASTERS)


def _show_classes(layer, table):
    classes = [
        QgsPalettedRasterRenderer.Class(entry.value, QColor(entry.colour), entry.name) for entry in table
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))


def _is_ours(style):
    try:
        with open(style, encoding="utf-8", errors="replace") as file:
            return _OURS in file.read(_LARGEST)
    except OSError:
        return False


def _style_text(path, table):
    options = QgsRasterLayer.LayerOptions(loadDefaultStyle=False)
    # No question to the user from a worker thread.
    options.skipCrsValidation = True
    layer = QgsRasterLayer(path, "map", "gdal", options)
    _show_classes(layer, table)
    document = QDomDocument()
    layer.exportNamedStyle(document, QgsReadWriteContext(), QgsMapLayer.StyleCategory.Symbology)
    document.documentElement().appendChild(document.createComment(f" {_OURS} "))
    return document.toString(2)
