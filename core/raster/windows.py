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


def windows(scene, block_rows, pixel_interleaved, limit=BLOCK_BYTES):
    """Yield the `Window`s that cover a raster once, of whole rows and about `limit` bytes.

    scene: its `SceneDescription`. block_rows: rows that the file stores together. Where the bands
    of a row lie together (`pixel_interleaved`: BIP, BIL) a block takes all bands and few rows;
    else it takes as many bands as fit, so that no stored block is read twice.
    """
    row_bytes = scene.n_cols * np.dtype(scene.dtype).itemsize
    rows = min(block_rows, scene.n_rows)
    if pixel_interleaved:
        bands = scene.n_bands
        rows *= max(1, limit // (row_bytes * bands * rows))
    else:
        rows *= max(1, limit // (row_bytes * rows))
        bands = max(1, limit // (row_bytes * min(rows, scene.n_rows)))
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
