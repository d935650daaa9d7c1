"""The algorithms that fit a `.hnr` file, as entries of context menus."""

from qgis.PyQt.QtWidgets import QAction

from .. import resources
from ..layer import source

# Title, algorithm, its icon.
_TOOLS = (
    ("Decode to a Raster…", "decompress"),
    ("Make a Virtual Raster for GDAL…", "vrt"),
    ("Information…", "info"),
)


def tool_actions(parent, source_of):
    """QActions, owned by `parent`, that open an algorithm's dialog for the source that `source_of()` gives.

    Wavelengths, or a sensor, that a layer's source asks for are asked of the algorithm too.
    """
    actions = []
    for title, name in _TOOLS:
        action = QAction(resources.icon(name), title, parent)
        action.triggered.connect(lambda _checked=False, name=name: _ask(name, source_of()))
        actions.append(action)
    return actions


def _ask(name, uri):
    if not uri:
        return
    # Processing is a plugin too: it may come after this one.
    import processing

    processing.execAlgorithmDialog(f"hiner:{name}", asked(name, uri))


def asked(name, uri):
    """The parameters of an algorithm that fit a layer's source."""
    path, query = source.split(uri)
    key, _, value = query.partition("=")
    if name == "info" or value in ("", "file"):
        return {"INPUT": path}
    return {"INPUT": path, "WAVELENGTHS": f"sensor:{value}" if key == "sensor" else value}
