"""Where the plugin's own files lie."""

from pathlib import Path

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

_ROOT = Path(__file__).resolve().parents[1]


def icon(name):
    """A QIcon by its name in `resources/icons`."""
    return QIcon(icon_path(name))


def icon_path(name):
    """The path of an icon, for those parts of QGIS that want the SVG itself."""
    return str(_ROOT / "resources" / "icons" / f"{name}.svg")


def folder(name):
    """A folder of `resources`, a Path."""
    return _ROOT / "resources" / name


def help_url():
    """The manual that comes with the plugin, as a URL."""
    return QUrl.fromLocalFile(str(_ROOT / "README.md")).toString()
