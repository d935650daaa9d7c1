"""The cheapest path through the trellis of `trellis`, by Viterbi's algorithm over all blocks at once.

A point v of a coefficient x (in steps) costs (x - v)^2 + weight * bits(v | its table).
"""

import numpy as np

from ...big_arrays import big_zeros
from ...parallel import mapped
from .geometry import PHASES
from .symbols import LARGEST
from .trellis import NEXT, QUANTISER, STATES, block_shape, magnitude

SHIFTS = ((0.15, 0.02), (-0.25, 0.03))
"""[quantiser][k > 1]: how much nearer zero than its point the decoder is expected to put a value."""
BLOCKS = 2048
"""That are walked through at one time."""
COEFFICIENTS = 1 << 15
"""Whose branches are priced at one time."""
LARGEST_SHORT = 1 << 14
_BEFORE = np.array([[(s, p) for s in range(STATES) for p in range(2) if NEXT[s, p] == t] for t in range(STATES)])
"""[state][which]: the state before and the parity on the way, of the two branches into a state."""
_FROM = _BEFORE[:, :, 0].T.copy()
_BRANCH = 2 * QUANTISER[_FROM] + _BEFORE[:, :, 1].T
"""[which][state]: the quantiser and the parity of that branch, as 2 quantiser + parity."""
_PLACE = (1 << np.arange(STATES, dtype=np.uint8))[:, None]
_TAKEN = (2 * _FROM + _BEFORE[:, :, 1].T).T.astype(np.uint8).ravel()
"""[2 state + which]: 2 state before + parity."""


def choose(scaled, index, filled, price, weight, check=None):
    """Integers, with signs, of a subband along the cheapest paths, (K, h, w) int16 or int32 in steps.

    scaled: (K, h, w) coefficients in steps; index: (K, h, w) their tables; filled: (K,) bool, planes that
    may hold anything; price: (2, tables, points) bits; weight: squared steps that a bit is worth;
    check: called for every few rows, and may raise.
    """
    out = big_zeros(scaled.shape, smallest_type(scaled))
    planes = np.flatnonzero(filled)
    if not len(planes) or not out.size:
        return out
    costs = (weight * price).astype(np.float32)

    def walk(first):
        if check:
            check()
        # Whole rows of blocks: what the walk takes in memory is that of a few rows.
        rows = slice(first, first + n_rows)
        _Walk(scaled[:, rows], index[:, rows], planes, costs).fill(out[:, rows])

    n_rows = 2 * max(1, BLOCKS // block_shape(scaled.shape[1:])[1])
    mapped(walk, range(0, scaled.shape[1], n_rows))
    return out


def smallest_type(scaled):
    """An integer type that holds the points around these coefficients, and sums of a few of them."""
    return np.int16 if max(scaled.max(initial=0), -scaled.min(initial=0)) < LARGEST_SHORT else np.int32


class _Walk:
    """The paths of some rows of blocks through the filled planes.

    scaled, index: (K, h, w); planes: those that are filled; costs: (2, tables, points) in squared steps.
    """

    def __init__(self, scaled, index, planes, costs):
        self._scaled, self._index, self._costs = scaled, index, costs
        self._blocks = block_shape(scaled.shape[1:])
        n = self._blocks[0] * self._blocks[1]
        step = max(1, COEFFICIENTS // (4 * n))
        self._parts = [planes[first : first + step] for first in range(0, len(planes), step)]
        self._live = self._paths(np.ones((1, *scaled.shape[1:]), bool))[0]
        self._whole = self._live.all(1)
        self._total = np.full((STATES, n), np.float32(1e30))
        self._total[0] = 0

    def fill(self, out):
        """Put the magnitudes of the cheapest paths, with the coefficients' signs, into (K, h, w)."""
        tracks = [self._forward(part) for part in self._parts]
        state = self._total.argmin(0).astype(np.uint8)
        for part, (taken, zero) in zip(reversed(self._parts), reversed(tracks)):
            state = self._back(state, taken)
            x = self._magnitudes(part)
            quantiser, parity = taken >> 1 & 1, taken & 1
            k = _lowest(x, quantiser)
            k += (k & 1) != parity
            k[(zero >> quantiser & 1).astype(bool) & (parity == 0)] = 0
            points = self._unpaths(magnitude(k, quantiser), out.shape[1:])
            # Not np.sign: a path may take a point beside 0 for a coefficient of exactly 0, and its parity counts.
            out[part] = np.where(self._scaled[part] < 0, -points, points)

    def _forward(self, part):
        """(which branch was taken into each state, which quantisers have zero as their even point)."""
        cost, zero = self._branches(part)
        taken = np.empty(zero.shape, np.uint8)
        for k in range(len(part)):
            for phase, whole in enumerate(self._whole):
                of_branch = cost[:, k, phase]
                first = self._total.take(_FROM[0], 0)
                first += of_branch.take(_BRANCH[0], 0)
                other = self._total.take(_FROM[1], 0)
                other += of_branch.take(_BRANCH[1], 0)
                taken[k, phase] = np.bitwise_or.reduce((other < first) * _PLACE, 0)
                reached = np.minimum(first, other, out=first)
                self._total = reached if whole else np.where(self._live[phase], reached, self._total)
        return taken, zero

    def _back(self, state, taken):
        """Follow the branches from the last states, (paths,); `taken` then holds 2 state before + parity."""
        for k in range(len(taken) - 1, -1, -1):
            for phase in range(3, -1, -1):
                which = taken[k, phase] >> state & 1
                branch = _TAKEN.take(2 * state + which)
                taken[k, phase] = branch
                before = branch >> 1
                state = before if self._whole[phase] else np.where(self._live[phase], before, state)
        return state

    def _branches(self, part):
        """Of some planes: costs (4, planes, 4, paths) of the best point of each quantiser and parity; zeros."""
        x, index = self._magnitudes(part), self._paths(self._index[part])
        cost, zeros = np.empty((4, *x.shape), np.float32), np.zeros(x.shape, np.uint8)
        n_points = self._costs.shape[2]
        places = index.astype(np.int32) * n_points
        for q in range(2):
            costs = self._costs[q].ravel()
            low = _lowest(x, q)
            # Points beyond the list take the price of its last: what matters there is their parity.
            pair = [_squared(x, k, q) + costs.take(places + np.minimum(k, n_points - 1)) for k in (low, low + 1)]
            odd = (low & 1).astype(bool)
            zero, even = x * x + costs.take(places), np.where(odd, pair[1], pair[0])
            cost[2 * q + 1] = np.where(odd, pair[0], pair[1])
            np.minimum(zero, even, out=cost[2 * q])
            zeros |= (zero < even).astype(np.uint8) << q
        return cost, zeros

    def _magnitudes(self, part):
        return self._paths(np.abs(self._scaled[part]).astype(np.float32))

    def _paths(self, array):
        """(k, h, w) -> (k, 4, blocks), in the order of the paths; missing positions hold 0."""
        out = np.zeros((len(array), 4, *self._blocks), array.dtype)
        for phase, (row, col) in enumerate(PHASES):
            part = array[:, row::2, col::2]
            out[:, phase, : part.shape[1], : part.shape[2]] = part
        return out.reshape(len(array), 4, -1)

    def _unpaths(self, flat, shape):
        """The inverse of `_paths`."""
        flat = flat.reshape(len(flat), 4, *self._blocks)
        out = np.empty((len(flat), *shape), flat.dtype)
        for phase, (row, col) in enumerate(PHASES):
            place = out[:, row::2, col::2]
            place[...] = flat[:, phase, : place.shape[1], : place.shape[2]]
        return out


def _lowest(x, quantiser):
    """The lower k of the two points around x."""
    return np.minimum((x + quantiser) * np.float32(0.5), LARGEST - 1).astype(np.int32)


def _squared(x, k, q):
    """Squared distance of x to where the decoder is expected to put the point k of a quantiser."""
    beyond, first = (np.float32(-q - shift) for shift in (SHIFTS[q][1], SHIFTS[q][0]))
    place = 2 * k.astype(np.float32) + np.where(k > 1, beyond, first)
    return (x - np.where(k > 0, place, np.float32(0))) ** 2
