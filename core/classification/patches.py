"""The windows around pixels, mirrored at the image's border, without a copy of each.

Neighbouring patches share most of their pixels: each spectrum is held once, and a patch is a row
of indices into them.
"""

from dataclasses import dataclass

import numpy as np


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
    reach = np.arange(side) - side // 2
    down = mirrored(np.asarray(rows)[:, None] + reach, shape[0])  # (n, side)
    across = mirrored(np.asarray(cols)[:, None] + reach, shape[1])  # (n, side)
    flat = down[:, :, None] * np.int64(shape[1]) + across[:, None, :]  # (n, side, side)
    needed, index = np.unique(flat, return_inverse=True)
    pixels = np.stack(np.divmod(needed, shape[1]), axis=1)
    # NumPy 2.0 shapes the inverse like its input, others flat.
    return PatchTable(pixels, index.reshape(len(flat), side * side).astype(np.int32))


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
