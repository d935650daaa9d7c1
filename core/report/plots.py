"""The reports' plots; each returns a `Plot`."""

import numpy as np

from .canvas import DPI, draw
from .numbers import decimal

# Up to this many bands each gets a dot.
_FEW = 30
_WIDE = (880, 280)
# In CSS pixels; the right one holds the name of the mean.
_MARGINS = {"left": 48, "right": 58, "top": 34, "bottom": 46}
# The name of the y axis stands this far below the top.
_NAME_TOP = 6


def psnr_plot(axis, psnr, mean, marked):
    """PSNR per band in dB over the spectrum, with its mean.

    marked: {0-based band: (its label, whether that stands below the line)}.
    """

    def paint(figure, theme):
        axes = plot_axes(figure, theme, axis.label, "PSNR (dB)")
        _lines(axes, axis, psnr, theme.first)
        if np.isfinite(mean):
            _mean_line(axes, theme, mean)
        for band, (label, is_below) in marked.items():
            if np.isfinite(psnr[band]):
                _mark(axes, theme, (axis.positions[band], psnr[band]), label, is_below)
        _span(axes, axis)
        axes.margins(y=0.16)

    return draw(_WIDE, paint)


def error_plot(axis, rmse, largest):
    """RMSE and largest absolute error per band over the spectrum, in stored units."""

    def paint(figure, theme):
        axes = plot_axes(figure, theme, axis.label, "Error (stored units)")
        if np.nanmax(largest) > 0:
            axes.set_yscale("log")
        for values, colour, name in (
            (largest, theme.second, "largest error"),
            (rmse, theme.first, "RMSE"),
        ):
            # A logarithm has no place for bands without error.
            _lines(axes, axis, np.where(values > 0, values, np.nan), colour, name)
        plot_legend(axes, theme)
        _plain_ticks(axes)
        _span(axes, axis)

    return draw(_WIDE, paint)


def statistics_plot(axis, statistics):
    """Mean, 2 to 98 % and minimum to maximum of each band (BandStatistics) over the spectrum."""

    def paint(figure, theme):
        axes = plot_axes(figure, theme, axis.label, "Stored values")
        for low, high, colour, name in (
            (statistics.minimum, statistics.maximum, theme.paler, "minimum to maximum"),
            (statistics.low, statistics.high, theme.pale, "2 to 98 %"),
        ):
            for (x, bottom), (_, top) in zip(axis.lines(low), axis.lines(high)):
                axes.fill_between(x, bottom, top, color=colour, linewidth=0, label=name)
                name = None
        _lines(axes, axis, statistics.mean, theme.ink, "mean")
        plot_legend(axes, theme)
        _span(axes, axis)

    return draw((880, 320), paint)


def training_plot(history):
    """PSNR in dB over the seconds of a training; history: (seconds, epoch, PSNR) tuples."""
    seconds, _, psnr = (np.array(column, dtype=float) for column in zip(*history))
    unit, factor = ("min", 60) if seconds[-1] > 300 else ("s", 1)

    def paint(figure, theme):
        axes = plot_axes(figure, theme, f"Training time ({unit})", "PSNR (dB)")
        axes.plot(seconds / factor, psnr, color=theme.first, linewidth=1.6)
        if np.isfinite(psnr[-1]):
            axes.plot(seconds[-1] / factor, psnr[-1], "o", color=theme.first, markersize=5)
            axes.annotate(
                decimal(psnr[-1], 2), (seconds[-1] / factor, psnr[-1]), (0, -8),
                textcoords="offset points", ha="right", va="top", color=theme.ink, fontsize=9,
            )
        axes.set_xlim(left=0)
        axes.margins(y=0.12)

    return draw(_WIDE, paint)


def bar_plot(colour_map, low, high, label):
    """A horizontal colour bar with its scale."""
    gradient = np.linspace(low, high, 256)[None]

    def paint(figure, theme):
        axes = figure.add_axes((0.005, 0.66, 0.99, 0.24))
        axes.imshow(gradient, cmap=colour_map, aspect="auto", extent=(low, high, 0, 1))
        axes.set_yticks([])
        axes.locator_params(axis="x", nbins=6, prune="both")
        axes.set_xlabel(label, color=theme.muted, fontsize=9, labelpad=2)
        axes.tick_params(colors=theme.muted, labelsize=9, length=3)
        for spine in axes.spines.values():
            spine.set_visible(False)

    return draw((416, 74), paint)


def plot_axes(figure, theme, x_label, y_label):
    """Axes whose margins are the same in every plot, so that plots below each other line up."""
    width, height = figure.get_size_inches() * DPI
    figure.subplots_adjust(
        left=_MARGINS["left"] / width, right=1 - _MARGINS["right"] / width,
        top=1 - _MARGINS["top"] / height, bottom=_MARGINS["bottom"] / height,
    )
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.set_xlabel(x_label, color=theme.muted, fontsize=9)
    figure.text(0, 1 - _NAME_TOP / height, y_label, color=theme.ink, fontsize=9, va="top")
    axes.tick_params(which="both", colors=theme.muted, labelsize=9, length=0)
    axes.grid(color=theme.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(theme.muted)
    return axes


def _span(axes, axis):
    """The whole spectrum from end to end; band numbers are whole."""
    axes.set_xlim(*axis.limits)
    if not axis.has_wavelengths:
        axes.locator_params(axis="x", integer=True)


def _lines(axes, axis, values, colour, name=None):
    for x, y in axis.lines(values):
        axes.plot(x, y, color=colour, linewidth=1.6, label=name)
        dotted = np.isfinite(y) if len(values) <= _FEW else _alone(y)
        axes.plot(x[dotted], y[dotted], "o", color=colour, markersize=3)
        name = None


def _alone(values):
    """Which values have no neighbour, so that no line would show them, bool."""
    known = np.pad(np.isfinite(values), 1)
    return known[1:-1] & ~known[:-2] & ~known[2:]


def _mean_line(axes, theme, mean):
    """A broken line at the mean, named in the margin, where nothing crosses it."""
    axes.axhline(mean, color=theme.muted, linewidth=0.8, dashes=(4, 3), zorder=1)
    axes.annotate(
        f"mean\n{decimal(mean, 2)}", (1, mean), (5, 0), xycoords=axes.get_yaxis_transform(),
        textcoords="offset points", ha="left", va="center", color=theme.muted, fontsize=9,
    )


def _mark(axes, theme, place, words, is_below):
    from matplotlib.patheffects import withStroke

    axes.plot(*place, "o", color=theme.second, markersize=5, zorder=3)
    label = axes.annotate(
        words, place, (0, -7 if is_below else 7), textcoords="offset points", ha="center",
        va="top" if is_below else "bottom", color=theme.second, fontsize=9, zorder=4,
    )
    # A rim in the page's colour keeps the words legible where they lie on the line.
    label.set_path_effects([withStroke(linewidth=3, foreground=theme.page)])


def plot_legend(axes, theme):
    handles, names = axes.get_legend_handles_labels()
    # In one line with the name of the y axis.
    height = axes.bbox.height / axes.figure.dpi * DPI
    place = (1.0, 1 + (_MARGINS["top"] - _NAME_TOP + 1) / height)
    axes.legend(
        handles, names, loc="upper right", bbox_to_anchor=place, ncol=len(names), frameon=False,
        fontsize=9, labelcolor=theme.muted, borderaxespad=0, borderpad=0, handlelength=1.4,
    )


def _plain_ticks(axes):
    """2, 20, 200 instead of powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if axes.get_yscale() == "log":
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=8))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
