"""Integer networks: the same outputs on any CPU, BLAS or GPU, in float32 or float64.

Inputs, weights and activations are whole numbers carried in floats. Every sum of absolute products
stays under 2^24, so each partial sum is exact in float32, whatever the order of summation.
"""

import numpy as np

from ...errors import FormatError

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
        out = np.empty(x.shape[1], np.int64)
        for first in range(0, len(out), PORTION):
            out[first : first + PORTION] = self._index(x[:, first : first + PORTION])
        return out

    def index_of(self, x, known):
        """Table of each sample of some planes, (planes * rows * cols,) int64, where some inputs are one for a plane.

        x: (first inputs, planes, rows, cols) whole numbers; known: (planes, last inputs).
        """
        first, n_known = self.layers[0], known.shape[1]
        constants = first.weight[-n_known:].T @ known.T.astype(np.float32) + first.bias[:, None]
        columns = x.reshape(len(x), len(known), -1)
        at_once = max(1, PORTION // columns.shape[2])
        weight, out = first.weight[:-n_known].T, []
        for start in range(0, len(known), at_once):
            part = columns[:, start : start + at_once]
            sums = _in_blocks(weight, part.reshape(len(part), -1))
            by_plane = sums.reshape(len(sums), part.shape[1], -1)
            by_plane += constants[:, start : start + at_once, None]
            out.append(self._rest(np.floor(sums, out=sums)))
        return np.concatenate(out).astype(np.int64)

    def _index(self, x):
        return self._rest(self.layers[0](x))

    def _rest(self, x):
        # NumPy's minimum with a row is more than twice as fast as with a number, and than numpy.clip.
        least, most = np.zeros(x.shape[1], x.dtype), np.full(x.shape[1], CEILING, x.dtype)
        for layer in self.layers[1:]:
            np.minimum(x, most, out=x)
            np.maximum(x, least, out=x)
            x = layer(x)
        return np.minimum(np.maximum(x[0], 0), self.n_tables - 1)


def _in_blocks(left, right):
    """left @ right, block by block of columns: as many as BLAS multiplies without starting threads."""
    rows, inner = left.shape
    n = right.shape[1]
    width = max(1, (UNTHREADED_ROW if rows == 1 else UNTHREADED) // (rows * inner))
    if n <= width:
        return left @ right
    even = n // width * width
    out = np.empty((rows, n), right.dtype)
    np.matmul(left, _blocks(right[:, :even], width), out=_blocks(out[:, :even], width))
    np.matmul(left, right[:, even:], out=out[:, even:])
    return out


def _blocks(matrix, width):
    """(rows, n) -> (n / width, rows, width), a view."""
    return matrix.reshape(len(matrix), -1, width).transpose(1, 0, 2)
