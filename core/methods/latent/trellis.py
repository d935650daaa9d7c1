"""Trellis-coded quantisation: two interleaved quantisers, chosen by a state that follows the parities.

M. W. Marcellin, T. R. Fischer, "Trellis coded quantization of memoryless and Gauss-Markov sources" (1990),
in the form of dependent quantisation (H. Schwarz et al., DCC 2019). Of a coefficient in steps, quantiser 0
has the points 2k, quantiser 1 the points 2k - sign(k). A path runs through the four positions of a 2x2
block in the order of the passes, then through the same block of the next plane: the quantiser of a
coefficient is known when its pass is decoded, and the paths of different blocks are independent.
"""

import numpy as np

from .geometry import PHASES

NEXT = np.array([[0, 1], [3, 2], [5, 4], [6, 7], [1, 0], [2, 3], [4, 5], [7, 6]])
"""[state][parity of k] -> next state: Ungerboeck's eight states, as JPEG 2000 part 2 has them."""
STATES = len(NEXT)
_NEXT = NEXT.ravel()
QUANTISER = np.arange(STATES) & 1


def magnitude(point, quantiser):
    """Magnitude in steps of the point k >= 0 of a quantiser."""
    return 2 * point - ((quantiser > 0) & (point > 0))


def values(points, quantiser):
    """Signed integers, in steps, of signed points of a quantiser."""
    return 2 * points - np.sign(points) * quantiser


def after(state, points):
    """The states after coefficients with these points."""
    return _NEXT.take(2 * state + (points & 1))


def points(magnitudes):
    """The k of each magnitude, whichever quantiser it is of."""
    return (magnitudes + 1) >> 1


def block_shape(shape):
    """Rows and columns of 2x2 blocks in a subband of this shape."""
    return (shape[0] + 1) // 2, (shape[1] + 1) // 2


def quantisers(values, filled):
    """The quantiser of each coefficient of a subband, (K, h, w) uint8.

    values: (K, h, w) integers, in steps; filled: (K,) bool, planes that the path runs through.
    """
    out = np.zeros(values.shape, np.uint8)
    state = np.zeros(block_shape(values.shape[1:]), np.int64)
    for k in np.flatnonzero(filled):
        parity = points(np.abs(values[k])) & 1
        for row, col in PHASES:
            turn = parity[row::2, col::2]
            here = state[: turn.shape[0], : turn.shape[1]]
            out[k, row::2, col::2] = QUANTISER[here]
            here[...] = NEXT[here, turn]
    return out
