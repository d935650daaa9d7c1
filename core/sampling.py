"""Which pixels of a scene stand for a window at a resolution."""

from itertools import product

import numpy as np

from .errors import ParameterError


class Sampling:
    """The pixels under the centres of a `shape` (rows, cols) laid over a window of a scene.

    window: (row, col, n_rows, n_cols), None the whole scene; shape: None the window's own.
    coarse: whether a value may be a mean around its pixel.
    rows, cols: sorted distinct pixel indices; `spread` repeats values where a pixel serves twice.

    Raises ParameterError for a window outside the scene or an empty shape.
    """

    def __init__(self, n_rows, n_cols, window=None, shape=None, coarse=False):
        row, col, height, width = window or (0, 0, n_rows, n_cols)
        inside = 0 <= row and 0 <= col and row + height <= n_rows and col + width <= n_cols
        if not inside or height < 1 or width < 1:
            raise ParameterError(
                f"The window of {height}x{width} pixels at row {row}, column {col} does not lie "
                f"inside the scene's {n_rows}x{n_cols} pixels."
            )
        self.shape, self.coarse = tuple(shape or (height, width)), coarse
        if min(self.shape) < 1:
            raise ParameterError(f"A picture of {self.shape[0]}x{self.shape[1]} pixels is empty.")
        self.rows, self._row_of = _centres(row, height, self.shape[0])
        self.cols, self._col_of = _centres(col, width, self.shape[1])

    def spread(self, values):
        """(..., len(rows), len(cols)) to (..., `shape`)."""
        if values.shape[-2:] == self.shape:
            return values
        return values[..., self._row_of, :][..., self._col_of]

    def parts(self, edges):
        """[(slice of the rows, slice of the columns)] that meet no edge within; edges: those of `BandDecoder`, or None."""
        if edges is None:
            return [(slice(None), slice(None))]
        return list(product(_between(edges[0], self.rows), _between(edges[1], self.cols)))


def _between(edges, pixels):
    ends = np.unique(np.searchsorted(pixels, edges))
    return [slice(int(a), int(b)) for a, b in zip(ends, ends[1:])]


def _centres(start, length, count):
    """Distinct pixels under `count` centres along one side, and each centre's place among them."""
    # In integers, so that no rounding shifts a pixel: floor((i + 1/2) * length / count).
    pixels = start + (2 * np.arange(count, dtype=np.int64) + 1) * length // (2 * count)
    return np.unique(pixels, return_inverse=True)
