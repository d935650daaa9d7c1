"""HINER's decoder in NumPy alone, computing only what the pixels asked for depend on.

Rows and columns are asked for as sorted index lists, so a window, a reduced resolution and both at
once are one mechanism: going backwards from the last layer, each layer's needed rows and columns
(its receptive field) are derived; going forwards, only their product is computed.
"""

import numpy as np

from ..products import product

# im2col matrices are built in blocks of rows of at most this many values (32 MiB in float32).
BLOCK_VALUES = 8 << 20


def decode(architecture, arrays, embedding, rows, cols, check=None):
    """Decode one band at the pixels rows x cols.

    arrays: {name: float32 array} of the decoder, as `Architecture.shapes` names them.
    embedding: (16, grid rows, grid cols) float32.
    rows, cols: sorted distinct indices into the frame.
    check: called between the layers' blocks; what it raises ends the decode.

    Returns (len(rows), len(cols)) float32 in [0, 1].
    """
    check = check or _go_on
    row_plan = _plan(rows, architecture, 0)
    col_plan = _plan(cols, architecture, 1)
    x = embedding[:, row_plan.grid][:, :, col_plan.grid]
    stem = arrays["stem.weight"].reshape(-1, x.shape[0])
    x = _gelu(np.tensordot(stem, x, 1) + arrays["stem.bias"][:, None, None])
    for i, strides in enumerate(architecture.strides):
        row_step, col_step = row_plan.stages[i], col_plan.stages[i]
        x = _convolve(
            x, arrays[f"stages.{i}.weight"], arrays[f"stages.{i}.bias"], row_step, col_step, check
        )
        x = _gelu(_shuffle(x, strides, row_step, col_step))
    head = _convolve(
        x, arrays["head.weight"], arrays["head.bias"], row_plan.head, col_plan.head, check
    )
    return (np.tanh(head[0]) + 1) / 2


def gelu(x):
    """x * Phi(x), exact but for erf's approximation (Abramowitz and Stegun 7.1.26, below 2e-7)."""
    return _gelu(np.array(x, dtype=np.float32))


class _Step:
    """Along one side, what a convolution reads and which of its shuffled outputs are kept.

    taps: for each of the kernel's positions an index into the input's present rows, which have
    `margin` rows of zeros before and after them: slices where those rows follow each other.
    keep: index of the kept rows after the shuffle, or None to keep them as they are.
    """

    def __init__(self, present, size, positions, kernel, keep):
        self.margin, self.n_positions, self.keep = kernel // 2, len(positions), keep
        wanted = positions + np.arange(kernel)[:, None] - self.margin
        places = np.searchsorted(present, wanted)
        places = np.where(wanted < 0, wanted, places)
        places = np.where(wanted >= size, len(present) + wanted - size, places)
        self.taps = [_as_slice(line) for line in places + self.margin]

    def part(self, start, stop):
        """The taps of some of the positions."""
        return [
            slice(tap.start + start, tap.start + stop)
            if isinstance(tap, slice)
            else tap[start:stop]
            for tap in self.taps
        ]


def _as_slice(indices):
    first, last = indices[0], indices[-1]
    follow_each_other = last - first == len(indices) - 1
    return slice(int(first), int(last) + 1) if follow_each_other else indices


class _Plan:
    def __init__(self, grid, stages, head):
        self.grid, self.stages, self.head = grid, stages, head


def _plan(indices, architecture, side):
    """Receptive fields along one side, from the pixels back to the grid."""
    indices = np.asarray(indices, dtype=np.intp)
    needed = _dilate(indices, 3, architecture.frame[side])
    head = _Step(needed, architecture.frame[side], indices, 3, None)
    stages = []
    for i in reversed(range(len(architecture.strides))):
        stride, kernel = architecture.strides[i][side], architecture.kernels[i]
        positions = np.unique(needed // stride)
        keep = np.searchsorted(positions, needed // stride) * stride + needed % stride
        if len(keep) == len(positions) * stride:
            keep = None
        size = architecture.sizes[i][side]
        present = _dilate(positions, kernel, size)
        stages.append(_Step(present, size, positions, kernel, keep))
        needed = present
    return _Plan(needed, stages[::-1], head)


def _dilate(indices, kernel, size):
    """All indices within a kernel of the given ones, inside 0 .. size - 1."""
    reach = indices + np.arange(kernel)[:, None] - kernel // 2
    return np.unique(reach[(reach >= 0) & (reach < size)])


def _convolve(x, weight, bias, row_step, col_step, check):
    """Convolution at the positions of the two steps: (n_in, rows, cols) -> (n_out, rows, cols)."""
    n_out, n_in, kernel, _ = weight.shape
    margins = (row_step.margin,) * 2, (col_step.margin,) * 2
    x = np.pad(x, ((0, 0), *margins))
    n_rows, n_cols = row_step.n_positions, col_step.n_positions
    matrix = np.ascontiguousarray(weight.transpose(0, 2, 3, 1).reshape(n_out, -1))
    out = np.empty((n_out, n_rows, n_cols), dtype=np.float32)
    block = max(1, BLOCK_VALUES // (matrix.shape[1] * n_cols))
    for start in range(0, n_rows, block):
        check()
        stop = min(start + block, n_rows)
        patches = np.empty((kernel, kernel, n_in, stop - start, n_cols), dtype=np.float32)
        for dy, row_tap in enumerate(row_step.part(start, stop)):
            lines = x[:, row_tap]
            for dx, col_tap in enumerate(col_step.taps):
                patches[dy, dx] = lines[:, :, col_tap]
        sums = product(matrix, patches.reshape(matrix.shape[1], -1))
        out[:, start:stop] = sums.reshape(n_out, -1, n_cols)
    out += bias[:, None, None]
    return out


def _shuffle(x, strides, row_step, col_step):
    """Pixel shuffle, then only the rows and columns that the next layer needs."""
    sy, sx = strides
    n, rows, cols = x.shape[0] // (sy * sx), x.shape[1], x.shape[2]
    x = x.reshape(n, sy, sx, rows, cols).transpose(0, 3, 1, 4, 2).reshape(n, rows * sy, cols * sx)
    if row_step.keep is not None:
        x = x[:, row_step.keep]
    return x if col_step.keep is None else x[:, :, col_step.keep]


def _gelu(x):
    """GELU in place where it can be; see `gelu`."""
    z = np.abs(x)
    z *= np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    tail = np.float32(1.061405429) * t
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(coefficient)
        tail *= t
    np.multiply(z, z, out=z)
    np.negative(z, out=z)
    tail *= np.exp(z, out=z)  # 1 - erf(|x| / sqrt 2)
    tail *= np.float32(0.5)
    return x * np.where(x < 0, tail, 1 - tail)


def _go_on():
    """Nothing asks the decode to stop."""
