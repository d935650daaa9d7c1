"""Drawing with matplotlib, without pyplot: reports are made in worker threads."""

import io
from dataclasses import dataclass

from ..errors import DependencyError

DPI = 100
# Drawn finer than shown, for sharp text on dense screens and on paper.
_FINENESS = 2


@dataclass(frozen=True)
class Theme:
    """Colours of a plot on a light or dark page."""

    ink: str
    muted: str
    grid: str
    page: str
    first: str
    second: str
    pale: str
    paler: str


LIGHT = Theme(
    ink="#1b2127", muted="#56616b", grid="#e3e7ea", page="#ffffff",
    first="#1d5c8a", second="#b4581a", pale="#8fb3cd", paler="#d3e1eb",
)
DARK = Theme(
    ink="#e4e8eb", muted="#9ba7b2", grid="#303941", page="#1a2026",
    first="#86bde3", second="#eda56c", pale="#3f6884", paler="#28394a",
)


@dataclass(frozen=True)
class Plot:
    """A plot drawn for light and for dark pages, each a PNG; size: (width, height) in CSS pixels."""

    light: bytes
    dark: bytes
    size: tuple


def import_matplotlib():
    """Return matplotlib; raise DependencyError, saying how to get it, where it cannot be imported."""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure
        import matplotlib.image
    except ImportError as error:
        raise DependencyError(
            f"Plots and pictures need matplotlib, which cannot be imported ({error}). "
            "Install it for QGIS's Python (Debian, Ubuntu: python3-matplotlib)."
        ) from error
    return matplotlib


def plain(text):
    """Text as it is to be read, for a plot: matplotlib takes what stands between dollars for a formula."""
    return text.replace("$", r"\$")


def draw(size, paint):
    """Return a Plot of `size` (width, height) in CSS pixels; `paint(figure, theme)` draws it."""
    drawn = [_drawn(size, paint, theme) for theme in (LIGHT, DARK)]
    return Plot(*drawn, size)


def _drawn(size, paint, theme):
    matplotlib = import_matplotlib()
    width, height = size
    figure = matplotlib.figure.Figure((width / DPI, height / DPI), dpi=DPI * _FINENESS)
    figure.patch.set_alpha(0)
    canvas = matplotlib.backends.backend_agg.FigureCanvasAgg(figure)
    paint(figure, theme)
    png = io.BytesIO()
    canvas.print_png(png)
    return png.getvalue()


def png_of(rgba):
    """Return a picture, (rows, cols, 4) uint8, as the bytes of a PNG."""
    matplotlib = import_matplotlib()
    png = io.BytesIO()
    matplotlib.image.imsave(png, rgba, format="png")
    return png.getvalue()


def coloured(values, colour_map, low, high):
    """Return values, (rows, cols), in the colours of a named map from `low` to `high`.

    (rows, cols, 4) uint8; NaN is transparent.
    """
    import_matplotlib()
    from matplotlib import cm, colors

    norm = colors.Normalize(low, high, clip=False)
    picture = cm.ScalarMappable(norm, colour_map).to_rgba(values, bytes=True)
    picture[values != values] = 0
    return picture
