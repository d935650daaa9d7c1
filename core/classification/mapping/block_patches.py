"""The patches around the pixels of a block: what they need is held once, and a few are made at a time."""

import numpy as np

from ..imagery.patches import mirrored
from ..labels.neighbours import grown, widened


class BlockPatches:
    """Square patches of an odd side (pixels) around the wanted pixels of a block.

    wanted: (rows, cols) bool. corner: row and column of the block's first pixel in the image. shape:
    (rows, cols) of the image, at whose border patches are mirrored.
    pixels: (n_pixels, 2) row and column of every pixel that is needed, in the image's order.
    """

    def __init__(self, wanted, corner, side, shape):
        radius = side // 2
        self._shape, self._reach = shape, np.arange(side) - radius
        # A mirrored pixel is no further from the centre than the one that it stands for.
        top, left, n_rows, n_cols = widened((*corner, *wanted.shape), radius, shape)
        inside = np.zeros((n_rows, n_cols), dtype=bool)
        down, across = corner[0] - top, corner[1] - left
        inside[down:down + wanted.shape[0], across:across + wanted.shape[1]] = wanted
        needed = grown(inside, radius)
        self._corner, self._centres = (top, left), np.argwhere(inside)
        self._numbers = np.cumsum(needed, dtype=np.int32).reshape(needed.shape)
        self._numbers -= 1
        self.pixels = np.argwhere(needed)
        self.pixels += self._corner

    @property
    def centres(self):
        """(n_patches,) which of `pixels` is the centre of each patch."""
        return self._numbers[self._centres[:, 0], self._centres[:, 1]]

    def index(self, patches, valid):
        """(n, side * side) which of `pixels` some patches hold, row by row.

        patches: (n,) which of them. valid: (n_pixels,) bool; the centre stands in for others.
        """
        rows, cols = (self._centres[patches] + self._corner).T
        down = mirrored(rows[:, None] + self._reach, self._shape[0]) - self._corner[0]
        across = mirrored(cols[:, None] + self._reach, self._shape[1]) - self._corner[1]
        index = self._numbers[down[:, :, None], across[:, None, :]].reshape(len(rows), -1)
        return np.where(valid[index], index, index[:, index.shape[1] // 2, None])
