"""How a raster is cut into blocks that are quick to read and small to hold."""

from typing import NamedTuple

import numpy as np

from ..errors import ParameterError

BLOCK_BYTES = 8 * 2**20


class Window(NamedTuple):
    """A block of samples: bands, rows and columns, each a 0-based first and a number."""

    first_band: int
    n_bands: int
    row: int
    col: int
    n_rows: int
    n_cols: int

    def transposed(self):
        """The same samples of a scene whose rows are this one's columns."""
        return self._replace(row=self.col, col=self.row, n_rows=self.n_cols, n_cols=self.n_rows)


def windows(scene, block_rows, block_bands, limit=BLOCK_BYTES):
    """Yield the `Window`s that cover a raster once, of whole rows and about `limit` bytes.

    scene: its `SceneDescription`. block_rows, block_bands: rows and bands that the file stores together,
    all bands where those of a row lie together (BIP, BIL). A window takes as many of such blocks as fit,
    one at least, so that none is read twice.
    """
    # Of a row, in as many bands as lie together.
    together = scene.n_cols * np.dtype(scene.dtype).itemsize * block_bands
    rows = min(block_rows, scene.n_rows)
    rows *= max(1, limit // (together * rows))
    bands = block_bands * max(1, limit // (together * min(rows, scene.n_rows)))
    for row in range(0, scene.n_rows, rows):
        for band in range(0, scene.n_bands, bands):
            yield Window(
                band, min(bands, scene.n_bands - band), row, 0, min(rows, scene.n_rows - row),
                scene.n_cols,
            )


def check_block(block, scene, first_band, row, col):
    """Raise `ParameterError` unless `block`, (bands, rows, cols), fits into the scene there."""
    if block.dtype != scene.dtype:
        raise ParameterError(f"Samples of {block.dtype} for a raster of {scene.dtype}.")
    starts = (first_band, row, col)
    shape = (scene.n_bands, scene.n_rows, scene.n_cols)
    if block.ndim != 3 or any(
        start < 0 or start + size > whole
        for start, size, whole in zip(starts, block.shape, shape)
    ):
        raise ParameterError(f"A block of {block.shape} at {starts} reaches beyond {shape}.")
