"""Styles (.qml) beside files that we write, told from those of the user's own."""

import os

from qgis.core import QgsMapLayer, QgsReadWriteContext
from qgis.PyQt.QtXml import QDomDocument

from ..core.whole_file import save_text

_LARGEST = 10_000_000  # characters; a style of all the classes there can be is smaller


def style_of(path):
    """Where QGIS looks for the style of a file."""
    return os.path.splitext(path)[0] + ".qml"


def save_style(path, layer, mark, categories=QgsMapLayer.StyleCategory.AllStyleCategories):
    """Write a layer's style beside `path`, unless there is one without `mark`; returns notes, texts.

    mark: a sentence that later tells the style from others. QGIS writes no comments: a style that was
    saved from QGIS, over ours or not, is the user's. Raises OutputError where it cannot be written.
    """
    style = style_of(path)
    if os.path.lexists(style) and not is_ours(style, mark):
        return (
            f"{style} was there before and is kept; QGIS will show {path} by it. Under another name it would get a "
            "style of its own.",
        )
    document = QDomDocument()
    layer.exportNamedStyle(document, QgsReadWriteContext(), categories)
    document.documentElement().appendChild(document.createComment(f" {mark} "))
    save_text(style, document.toString(2))
    return ()


def is_ours(style, mark):
    """Whether a style file was written with `mark`."""
    try:
        with open(style, encoding="utf-8", errors="replace") as file:
            return mark in file.read(_LARGEST)
    except OSError:
        return False
