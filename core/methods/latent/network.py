"""Integer networks: the same outputs on any CPU, BLAS or GPU, in float32 or float64.

Inputs, weights and activations are whole numbers carried in floats. Every sum of absolute products
stays under 2^24, so each partial sum is exact in float32, whatever the order of summation.
"""

from functools import lru_cache

import numpy as np

from ...errors import FormatError
from ...products import is_shadowed, product

EXACT = 1 << 24
CEILING = 1023
"""Of an activation."""
LARGEST_INPUT = 449
# Products of one multiplication up to which OpenBLAS starts no threads, for matrices and for a row alone. These
# matrices are small: waiting for threads made them two to four times slower, more so on a busy machine.
UNTHREADED, UNTHREADED_ROW = 1 << 18, 1 << 13
PORTION = 1 << 12
"""Samples whose activations stay in a processor's cache."""


class Layer:
    """y = floor((W^T x + b) / 2^shift); weight (inputs, outputs), bias (outputs,), whole numbers.

    They are kept divided by 2^shift: sums are then multiples of 2^-shift, as exact as whole numbers.
    Raises FormatError if inputs up to `largest` could leave the exact range.
    """

    def __init__(self, weight, bias, shift, largest):
        weight, bias, factor = np.asarray(weight, np.float32), np.asarray(bias, np.float32), 2.0 ** -int(shift)
        self.weight, self.bias = weight * np.float32(factor), bias * np.float32(factor)
        bound = np.abs(weight).astype(np.float64).sum(0) * largest + np.abs(bias)
        if bound.max() >= EXACT:
            raise FormatError("A layer of the context model can leave the exact range.")

    def __call__(self, x):
        """(inputs, n) -> (outputs, n), in the dtype of x."""
        out = _in_blocks(self.weight.T.astype(x.dtype, copy=False), x)
        out += self.bias[:, None]
        return np.floor(out, out=out)


class PassNetwork:
    """Two hidden layers, clipped to 0..CEILING, and one output, clipped to 0..n_tables - 1.

    layers: three (weight, bias, shift).
    """

    def __init__(self, layers, n_tables):
        largest = (LARGEST_INPUT, CEILING, CEILING)
        self.layers = [Layer(*layer, limit) for layer, limit in zip(layers, largest)]
        self.n_tables = n_tables

    def index(self, x):
        """Table of each sample, (n,) int64; x: (inputs, n) whole numbers."""
        return self._in_portions(x, self.layers[0])

    def index_of(self, x, known):
        """Table of each sample, (n,) int64, where the last inputs are one for all samples of a plane.

        x: (first inputs + planes, n) whole numbers, of which the last mark a sample's plane with 1; known: (planes,
        last inputs).
        """
        first, n_known = self.layers[0], known.shape[1]
        constants = known.astype(np.float32, copy=False) @ first.weight[-n_known:] + first.bias
        return self._in_portions(x, _Weighted(np.concatenate([first.weight[:-n_known], constants])))

    def _in_portions(self, x, first):
        """Table of each sample, of which `first` makes the first sums."""
        if x.shape[1] <= PORTION:
            return self._index(x, first)
        parts = range(0, x.shape[1], PORTION)
        return np.concatenate([self._index(x[:, start : start + PORTION], first) for start in parts])

    def _index(self, x, first):
        least, most, last = _limits(x.shape[1], x.dtype, self.n_tables - 1)
        x = first(x)
        for layer in self.layers[1:]:
            np.minimum(x, most, out=x)
            np.maximum(x, least, out=x)
            x = layer(x)
        return np.minimum(np.maximum(x[0], least), last).astype(np.int64)


class _Weighted:
    """A layer without bias; weight: (inputs, outputs) multiples of 2^-shift."""

    def __init__(self, weight):
        self._weight = weight

    def __call__(self, x):
        out = _in_blocks(self._weight.T, x)
        return np.floor(out, out=out)


@lru_cache(maxsize=64)
def _limits(n, dtype, last):
    """Rows of n times 0, CEILING and the last table; NumPy clips by a row more than twice as fast as by a number."""
    rows = [np.full(n, value, dtype) for value in (0, CEILING, last)]
    for row in rows:
        row.flags.writeable = False
    return rows


def _in_blocks(left, right):
    """left @ right, block by block of columns: as many as BLAS multiplies without starting threads."""
    rows, inner = left.shape
    n = right.shape[1]
    width = max(1, (UNTHREADED_ROW if rows == 1 else UNTHREADED) // (rows * inner))
    if n <= width or is_shadowed():
        # Beside GSL a product is a call of Python's: as many would take longer than the threads.
        return product(left, right)
    even = n // width * width
    out = np.empty((rows, n), right.dtype)
    np.matmul(left, _blocks(right[:, :even], width), out=_blocks(out[:, :even], width))
    np.matmul(left, right[:, even:], out=out[:, even:])
    return out


def _blocks(matrix, width):
    """(rows, n) -> (n / width, rows, width), a view."""
    return matrix.reshape(len(matrix), -1, width).transpose(1, 0, 2)
