"""The algorithms that fit a `.hnr` file, as entries of context menus."""

from qgis.PyQt.QtWidgets import QAction

from .. import resources

# Title, algorithm, its icon.
_TOOLS = (
    ("Decode to a Raster…", "decompress"),
    ("Make a Virtual Raster for GDAL…", "vrt"),
    ("Information…", "info"),
)


def tool_actions(parent, path_of):
    """QActions, owned by `parent`, that open an algorithm's dialog for the path that `path_of()` gives."""
    actions = []
    for title, name in _TOOLS:
        action = QAction(resources.icon(name), title, parent)
        action.triggered.connect(lambda _checked=False, name=name: _ask(name, path_of()))
        actions.append(action)
    return actions


def _ask(name, path):
    if not path:
        return
    # Processing is a plugin too: it may come after this one.
    import processing

    processing.execAlgorithmDialog(f"hiner:{name}", {"INPUT": path})
