"""Why a map has no class anywhere, in words: a pixel that lacks one band has none."""

import numpy as np

from ..labels.legend import listed

_NONE = "No pixel has a class: none has data in all of the classifier's {n} bands. "
_SOME_BANDS = (
    "Without any data: {bands}. Train with these marked as bad bands, or without them, so that the classifier does not "
    "ask for them."
)
_ALL_BANDS = "No band has data there. Choose another extent or image, or look at its nodata value."
_NO_BAND = "Each of them has data somewhere, but no pixel in all. Look at the bands' nodata values."


def emptiness_note(image, window, check):
    """A text for a map without a class in a window (row, col, n_rows, n_cols) of an Image, which is read for it.

    `check` is called now and then and may raise to end the reading.
    """
    empty = np.flatnonzero(~_has_data(image, window, check))
    note = _NONE.format(n=image.n_bands)
    if not empty.size:
        return note + _NO_BAND
    if empty.size == image.n_bands:
        return note + _ALL_BANDS
    return note + _SOME_BANDS.format(bands=_named(image.axis.only(empty)))


def _has_data(image, window, check):
    """(bands,) bool: whether a band has a valid value in the window."""
    top, left, n_rows, n_cols = window
    found = np.zeros(image.n_bands, dtype=bool)
    for row, _, height, _ in image.strips():
        first, stop = max(row, top), min(row + height, top + n_rows)
        if first < stop and not found.all():
            found |= np.isfinite(image.read((first, left, stop - first, n_cols), check)).any(axis=(1, 2))
    return found


def _named(axis):
    positions = listed(f"{position:.10g}" for position in axis.positions)
    if axis.has_wavelengths:
        return f"{positions} nm"
    return f"{'band' if len(axis) == 1 else 'bands'} {positions}"
