"""What the context model sees around a coefficient: sums of magnitudes decoded before it.

Magnitudes lie in int16 arrays (planes, rows + 2 PAD, cols + 2 PAD) with a border of zeros. Sums and
tables are integers, so that an encoder and a decoder see the same numbers on any machine.
"""

import numpy as np

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


def padded(magnitudes):
    """(K, h, w) magnitudes -> clipped int16 with a border of PAD zeros."""
    return np.pad(np.minimum(magnitudes, CLIP).astype(np.int16), ((0, 0), (PAD, PAD), (PAD, PAD)))


def without_parent(shape):
    """The blank parent, (1, rows, cols), of a subband of this shape on the coarsest level."""
    return np.zeros((1, shape[0] // 2 + 2 * PAD + 1, shape[1] // 2 + 2 * PAD + 1), np.int16)


def at(array, phase, n, dy=0, dx=0):
    """The values at the n = (rows, cols) positions of a phase, moved by (dy, dx): (K, rows, cols)."""
    y, x = PAD + phase[0] + dy, PAD + phase[1] + dx
    return array[:, y : y + 2 * n[0] : 2, x : x + 2 * n[1] : 2][:, : n[0], : n[1]]


def _cross(array, phase, n):
    vertical = at(array, phase, n, -1, 0) + at(array, phase, n, 1, 0)
    return vertical + at(array, phase, n, 0, -1) + at(array, phase, n, 0, 1)


def _diagonal(array, phase, n):
    above = at(array, phase, n, -1, -1) + at(array, phase, n, -1, 1)
    return above + at(array, phase, n, 1, -1) + at(array, phase, n, 1, 1)


def _ring(array, phase, n):
    return _cross(array, phase, n) + _diagonal(array, phase, n)


def _knights(array, phase, n):
    total = at(array, phase, n, -2, -1) + at(array, phase, n, -2, 1)
    for dy, dx in ((2, -1), (2, 1), (-1, -2), (-1, 2), (1, -2), (1, 2)):
        total = total + at(array, phase, n, dy, dx)
    return total


def _inside(own, number, n):
    """Sums over the neighbours in the coefficient's own subband that earlier passes coded."""
    phase = PHASES[number]
    if number == 0:
        return []
    if number == 1:
        return [_diagonal(own, phase, n)]
    beside = at(own, phase, n, 0, -1) + at(own, phase, n, 0, 1)
    above = at(own, phase, n, -1, 0) + at(own, phase, n, 1, 0)
    sums = [beside, above, _knights(own, phase, n)]
    return [*sums, _diagonal(own, phase, n)] if number == 3 else sums


def _parent_at(parent, n, dy=0, dx=0):
    """A parent's index is half its child's, whatever the phase."""
    return parent[:, PAD + dy : PAD + dy + n[0], PAD + dx : PAD + dx + n[1]]


def _around_parent(parent, phase, n):
    """The parent, its two neighbours on the child's side, its other six."""
    down, right = 2 * phase[0] - 1, 2 * phase[1] - 1
    near = _parent_at(parent, n, down, 0) + _parent_at(parent, n, 0, right)
    far = _parent_at(parent, n, -down, 0) + _parent_at(parent, n, 0, -right)
    for dy, dx in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        far = far + _parent_at(parent, n, dy, dx)
    return [_parent_at(parent, n), near, far]


def _of_siblings(siblings, orientation, phase, n, like):
    """Of HL and LH on the same level, as far as they come before this orientation."""
    out = []
    for number, sibling in enumerate(siblings):
        if orientation > number:
            out += [at(sibling, phase, n), _ring(sibling, phase, n)]
        else:
            out += [np.zeros_like(like)] * 2
    return out


def sums(own, parent, siblings, previous, older, orientation, number, n):
    """All sums of pass `number`: list of (K, rows, cols) int16, n = (rows, cols).

    own: this subband; parent: the same orientation one level up; siblings: HL and LH of this level;
    previous: this subband in planes k - 1 and k - 2; older: `age` of the planes before those.
    """
    phase = PHASES[number]
    around = _around_parent(parent, phase, n)
    out = _inside(own, number, n) + around
    out += _of_siblings(siblings, orientation, phase, n, around[-1])
    one, two = previous
    out += [at(one, phase, n), _cross(one, phase, n), _diagonal(one, phase, n)]
    out += [at(two, phase, n), _ring(two, phase, n)]
    return [*out, at(older, phase, n), _ring(older, phase, n)]


def n_sums(number):
    """How many sums pass `number` has."""
    return (0, 1, 3, 4)[number] + 14


def age(older, plane):
    """The decayed sum after one more plane: seven eighths of the old one and four times the plane."""
    return (older - (older >> 3) + np.minimum(plane, 63) * 4).astype(np.int16)


def mean16(total, samples):
    """Sixteenths of a mean magnitude, rounded, as an index into LOG."""
    return min(_TABLE_SIZE - 1, (int(total) * 16 + samples // 2) // max(samples, 1))
