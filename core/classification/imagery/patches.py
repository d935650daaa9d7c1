"""The windows around pixels, mirrored at the image's border, without a copy of each.

Neighbouring patches share most of their pixels: each spectrum is held once, and a patch is a row
of indices into them.
"""

from dataclasses import dataclass

import numpy as np

from ..labels.neighbours import grown, widened

# So that a table takes little more than its index, 4 bytes a place.
_PLACES_AT_ONCE = 2**20


@dataclass(frozen=True)
class PatchTable:
    """Patches of some centre pixels.

    pixels: (n_pixels, 2) row and column of every pixel that is needed, in the image's order.
    index: (n_patches, side * side) which of `pixels` a patch holds, row by row; its centre is in
    the middle.
    """

    pixels: np.ndarray
    index: np.ndarray

    @property
    def centres(self):
        """(n_patches,) which of `pixels` is the centre of each patch."""
        return self.index[:, self.index.shape[1] // 2]

    def select(self, kept):
        """The table of some of the patches only: a bool or integer array."""
        return PatchTable(self.pixels, self.index[kept])

    def filled(self, valid):
        """The table in which a patch's centre stands in for its invalid pixels.

        valid: (n_pixels,) bool.
        """
        index = np.where(valid[self.index], self.index, self.centres[:, None])
        return PatchTable(self.pixels, index)


def mirrored(places, size):
    """Fold places outside 0 .. size - 1 back: -1 is 0, -2 is 1, size is size - 1, and on."""
    folded = np.mod(places, 2 * size)
    return np.where(folded < size, folded, 2 * size - 1 - folded)


def patch_table(rows, cols, side, shape):
    """The PatchTable of square patches of an odd side (pixels) around rows, cols, (n,) each.

    shape: (rows, cols) of the image, at whose border patches are mirrored.
    """
    rows, cols, reach = np.asarray(rows), np.asarray(cols), np.arange(side) - side // 2
    pixels = _pixels_near(rows, cols, side // 2, shape)
    numbers = pixels[:, 0] * np.int64(shape[1]) + pixels[:, 1]
    index = np.empty((len(rows), side * side), dtype=np.int32)
    step = max(1, _PLACES_AT_ONCE // side**2)
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        down = mirrored(rows[part, None] + reach, shape[0])  # (n, side)
        across = mirrored(cols[part, None] + reach, shape[1])  # (n, side)
        flat = down[:, :, None] * np.int64(shape[1]) + across[:, None, :]  # (n, side, side)
        index[part] = np.searchsorted(numbers, flat).reshape(-1, side * side)
    return PatchTable(pixels, index)


def _pixels_near(rows, cols, radius, shape):
    """(n_pixels, 2) row and column of the pixels in patches, in the image's order.

    A mirrored pixel is no further from the centre than the one that it stands for.
    """
    top, left = rows.min(), cols.min()
    box = (top, left, rows.max() - top + 1, cols.max() - left + 1)
    top, left, n_rows, n_cols = widened(box, radius, shape)
    marked = np.zeros((n_rows, n_cols), dtype=bool)
    marked[rows - top, cols - left] = True
    return np.argwhere(grown(marked, radius)) + (top, left)


def windows_of(side, scales):
    """(n_scales, side * side) float32 weights whose product with a patch gives its window means.

    scales: odd sides of the centred windows, each at most `side`.
    """
    distance = np.abs(np.arange(side) - side // 2)
    distance = np.maximum(distance[:, None], distance[None, :]).ravel()
    inside = distance[None, :] <= np.asarray(scales)[:, None] // 2
    return (inside / inside.sum(axis=1, keepdims=True)).astype(np.float32)


def patch_views(spectra, index, weights=None):
    """What a classifier sees of patches, (n, pixels, bands).

    spectra: (n_pixels, bands); index: (n, side * side) into them; weights: those of `windows_of`,
    or None for the raw pixels.
    """
    gathered = spectra[index]
    return gathered if weights is None else weights @ gathered
