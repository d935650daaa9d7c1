"""Plots of a classification: the course of a training, the confusion of classes."""

import numpy as np

from .canvas import draw, plain
from .plots import plot_axes, plot_legend

_WIDTH = 880
_CELL, _LARGEST_CELL = 22, 56
# Above this many classes numbers would not fit into the cells, nor names beside them.
MOST_NUMBERED, MOST_NAMED = 24, 60
# A picture's memory grows with the square of the classes: of 1000 it would take gigabytes.
MOST_DRAWN = 200
_NAME_WIDTH = 6.2


def course_plot(history):
    """Loss and share of right training pixels over the epochs; history: (epoch, loss, share right)."""
    epochs, losses, shares = (np.array(column, dtype=float) for column in zip(*history))

    def paint(figure, theme):
        axes = plot_axes(figure, theme, "Epoch", "Loss")
        axes.plot(epochs, losses, color=theme.second, linewidth=1.6, label="loss")
        axes.set_ylim(bottom=0)
        right = axes.twinx()
        right.plot(epochs, 100 * shares, color=theme.first, linewidth=1.6)
        right.set_ylim(0, 102)
        right.tick_params(colors=theme.muted, labelsize=9, length=0)
        for spine in right.spines.values():
            spine.set_visible(False)
        axes.plot([], [], color=theme.first, linewidth=1.6, label="training pixels right (%, right-hand scale)")
        axes.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
        axes.locator_params(axis="x", integer=True)
        plot_legend(axes, theme)

    return draw((_WIDTH, 280), paint)


def confusion_plot(matrix, names):
    """A confusion matrix, (classes, classes) with the reference in rows, in shades of each row's share."""
    n = len(names)
    names = [name if len(name) <= 26 else name[:25] + "\u2026" for name in names]
    left = 40 + _NAME_WIDTH * max(map(len, names)) if n <= MOST_NAMED else 40
    cell = max(4.0, min(_LARGEST_CELL, (_WIDTH - left - 30) / n))
    top = 30 + 0.72 * _NAME_WIDTH * max(map(len, names)) if n <= MOST_NAMED else 40
    width, height = left + cell * n + 90, top + cell * n + 12
    totals = matrix.sum(axis=1, keepdims=True)
    shares = np.divide(matrix, totals, out=np.zeros(matrix.shape), where=totals > 0)

    def paint(figure, theme):
        axes = figure.add_axes((left / width, 12 / height, cell * n / width, cell * n / height))
        axes.patch.set_alpha(0)
        axes.imshow(shares, cmap=_shades(theme), vmin=0, vmax=1, aspect="auto")
        axes.tick_params(length=0, colors=theme.muted, labelsize=9, pad=4)
        axes.xaxis.tick_top()
        named = n <= MOST_NAMED
        axes.set_xticks(range(n) if named else [])
        axes.set_yticks(range(n) if named else [])
        if named:
            shown = [plain(name) for name in names]
            axes.set_xticklabels(shown, rotation=45, ha="left", rotation_mode="anchor")
            axes.set_yticklabels(shown)
        for edge in np.arange(n + 1) - 0.5:
            axes.axhline(edge, color=theme.grid, linewidth=0.6)
            axes.axvline(edge, color=theme.grid, linewidth=0.6)
        for spine in axes.spines.values():
            spine.set_visible(False)
        figure.text(6 / width, 12 / height, "Reference", rotation=90, color=theme.muted, fontsize=9, va="bottom")
        figure.text(left / width - 6 / width, 1 - 8 / height, "Map", color=theme.muted, fontsize=9, va="top", ha="right")
        if n <= MOST_NUMBERED:
            _numbers(axes, theme, matrix, shares, cell)

    return draw((round(width), round(height)), paint)


def _shades(theme):
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("shares", [theme.page, theme.paler, theme.pale, theme.first])


def _numbers(axes, theme, matrix, shares, cell):
    size = 9 if cell >= 30 else 9 * max(cell, _CELL) / 32
    for row, col in zip(*np.nonzero(matrix)):
        # On the darkest shade ink does not read.
        colour = theme.page if shares[row, col] > 0.8 else theme.ink
        axes.text(col, row, f"{matrix[row, col]}", ha="center", va="center", fontsize=size, color=colour)
