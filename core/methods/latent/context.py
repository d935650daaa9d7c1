"""What the context model sees around a coefficient: sums of magnitudes decoded before it.

Magnitudes lie in arrays (planes, rows + 2 PAD, cols + 2 PAD) with a border of zeros, int16 wherever they are
summed. Sums and tables are integers, so that an encoder and a decoder see the same numbers on any machine.
"""

from functools import cached_property

import numpy as np

from ...big_arrays import big_zeros
from .geometry import PHASES

PAD = 3
CLIP = 255
"""Magnitudes beyond this count as this in sums."""
_TABLE_SIZE = 1 << 14


def _log_table():
    """round(32 log2(1 + n)), about, for n < 2^14: half the length in bits of (1 + n)^64."""
    return np.array([((1 + n) ** 64).bit_length() // 2 for n in range(_TABLE_SIZE)], np.int16)


LOG = _log_table()
LARGEST_LOG = int(LOG[-1])
_AS_INPUTS = LOG.astype(np.float32)


def logs_of(sums, out=None):
    """LOG of each of the sums, float32 as the networks want them."""
    # More than twice as fast as LOG[sums]; no sum lies outside the table.
    return _AS_INPUTS.take(sums, mode="wrap", out=out)


def blank(n_planes, blocks, kind=np.int16):
    """Zeros for padded magnitudes of planes of 2x2 blocks."""
    return big_zeros((n_planes, *(2 * n + 2 * PAD for n in blocks)), kind)


def padded(integers, blocks):
    """(K, h, w) -> clipped magnitudes, uint8, with a border of PAD zeros, and zeros up to whole 2x2 blocks."""
    out = blank(len(integers), blocks, np.uint8)
    for place, plane in zip(inner(out), integers):
        place[: plane.shape[0], : plane.shape[1]] = np.minimum(np.abs(plane), CLIP)
    return out


def inner(array):
    """Padded magnitudes without their border, a view."""
    return array[..., PAD:-PAD, PAD:-PAD]


def at(array, phase, n, dy=0, dx=0):
    """The values at the n = (rows, cols) positions of a phase, moved by (dy, dx): (K, rows, cols)."""
    y, x = PAD + phase[0] + dy, PAD + phase[1] + dx
    return array[:, y : y + 2 * n[0] : 2, x : x + 2 * n[1] : 2][:, : n[0], : n[1]]


class Around:
    """The sums around all positions of padded magnitudes, made once when first asked for.

    padded: (K, rows + 2 PAD, cols + 2 PAD). Maps are (..., K, rows, cols), sums int16, logs float32.
    """

    def __init__(self, padded):
        self._padded = padded
        self._shape = padded.shape[1] - 2 * PAD, padded.shape[2] - 2 * PAD

    def _moved(self, dy=0, dx=0):
        rows, cols = self._shape
        return self._padded[:, PAD + dy : PAD + dy + rows, PAD + dx : PAD + dx + cols]

    @cached_property
    def _sums(self):
        """The eight neighbours; the position; the neighbours beside, above and below; at the corners."""
        out = np.empty((4, len(self._padded), *self._shape), np.int16)
        out[1] = self._moved()
        np.add(self._moved(-1, 0), self._moved(1, 0), out=out[2])
        out[2] += self._moved(0, -1)
        out[2] += self._moved(0, 1)
        np.add(self._moved(-1, -1), self._moved(-1, 1), out=out[3])
        out[3] += self._moved(1, -1)
        out[3] += self._moved(1, 1)
        np.add(out[2], out[3], out=out[0])
        return out

    @cached_property
    def _logs(self):
        """Logs of the sums: (2, 2, 4, K, rows, cols) of 2x2 blocks, the phase's row and column first."""
        (rows, cols), sums = self._shape, self._sums
        apart = sums.reshape(*sums.shape[:2], rows // 2, 2, cols // 2, 2)
        return logs_of(apart.transpose(3, 5, 0, 1, 2, 4))

    def closely(self):
        """Logs of the position, its neighbours beside, above and below, and at the corners: (2, 2, 3, K, rows, cols)."""
        return self._logs[:, :, 1:4]

    def roughly(self):
        """Logs of the position and of its eight neighbours: (2, 2, 2, K, rows, cols)."""
        return self._logs[:, :, 1::-1]

    def as_parent(self, blocks):
        """Logs of the parent, its two neighbours on the child's side, its other six: (2, 2, 3, K, rows, cols).

        blocks: of the children; a parent's index is that of its block of children.
        """
        sums = self._sums[:, :, : blocks[0], : blocks[1]]
        out = np.empty((2, 2, 3, *sums.shape[1:]), np.int16)
        out[:, :, 0] = sums[1]
        for row, col in PHASES:
            near = self._moved(2 * row - 1, 0) + self._moved(0, 2 * col - 1)
            out[row, col, 1] = near[:, : blocks[0], : blocks[1]]
        np.subtract(sums[0], out[:, :, 1], out=out[:, :, 2])
        return logs_of(out)


def inside(own, number, n, out=None):
    """Logs of sums over the neighbours in the coefficient's own subband that earlier passes coded.

    (n_inside(number), K, rows, cols) float32, in `out` if given; None for pass 0, which has no such sums.
    """
    phase = PHASES[number]
    if number == 0:
        return None
    sums = np.empty((n_inside(number), len(own), *n), np.int16)
    if number != 2:
        _diagonal(own, phase, n, sums[-1])
    if number > 1:
        np.add(at(own, phase, n, 0, -1), at(own, phase, n, 0, 1), out=sums[0])
        np.add(at(own, phase, n, -1, 0), at(own, phase, n, 1, 0), out=sums[1])
        _knights(own, phase, n, sums[2])
    return logs_of(sums, out)


def _diagonal(array, phase, n, out):
    np.add(at(array, phase, n, -1, -1), at(array, phase, n, -1, 1), out=out)
    for dx in (-1, 1):
        out += at(array, phase, n, 1, dx)


def _knights(array, phase, n, out):
    np.add(at(array, phase, n, -2, -1), at(array, phase, n, -2, 1), out=out)
    for dy, dx in ((2, -1), (2, 1), (-1, -2), (-1, 2), (1, -2), (1, 2)):
        out += at(array, phase, n, dy, dx)


def outside(parent, siblings, previous, older, blocks):
    """Logs of the sums over other subbands and planes: list of (2, 2, sums, K, rows, cols) float32 of 2x2 blocks.

    parent: Around of the same orientation one level up; siblings: of those of HL and LH of this
    level that come before; previous: of this subband in planes k - 1 and k - 2; older: of `age` of those
    before.
    """
    out = [parent.as_parent(blocks)]
    out += [sibling.roughly() for sibling in siblings]
    out += [np.zeros((2, 2, 2, *out[0].shape[3:]), np.float32)] * (2 - len(siblings))
    one, two = previous
    return [*out, one.closely(), two.roughly(), older.roughly()]


N_OUTSIDE = 14
"""Sums of `outside`."""


def n_inside(number):
    """Sums of `inside` in pass `number`."""
    return (0, 1, 3, 4)[number]


def n_sums(number):
    """How many sums pass `number` has."""
    return n_inside(number) + N_OUTSIDE


def age(older, plane):
    """The decayed sum after one more plane: seven eighths of the old one and four times the plane."""
    # Four times 63 fits into a byte, too.
    return (older - (older >> 3) + np.minimum(plane, 63) * 4).astype(np.int16)


def mean16(total, samples):
    """Sixteenths of a mean magnitude, rounded, as an index into LOG."""
    return min(_TABLE_SIZE - 1, (int(total) * 16 + samples // 2) // max(samples, 1))
