"""The cheapest path through the trellis of `trellis`, by Viterbi's algorithm over all blocks at once.

A point v of a coefficient x (in steps) costs (x - v)^2 + weight * bits(v | its table).
"""

import numpy as np

from ...parallel import mapped
from .geometry import PHASES
from .symbols import LARGEST
from .trellis import NEXT, QUANTISER, STATES, block_shape, magnitude

SHIFTS = ((0.15, 0.02), (-0.25, 0.03))
"""[quantiser][k > 1]: how much nearer zero than its point the decoder is expected to put a value."""
CHUNK = 1024
"""Blocks that are walked through at one time."""
LARGEST_SHORT = 1 << 14
_BEFORE = [[(s, p) for s in range(STATES) for p in range(2) if NEXT[s, p] == t] for t in range(STATES)]


def choose(scaled, index, filled, price, weight, check=None):
    """Integers, with signs, of a subband along the cheapest paths, (K, h, w) int16 or int32 in steps.

    scaled: (K, h, w) coefficients in steps; index: (K, h, w) their tables; filled: (K,) bool, planes that
    may hold anything; price: (2, tables, points) bits; weight: squared steps that a bit is worth;
    check: called for every few rows, and may raise.
    """
    out = np.zeros(scaled.shape, smallest_type(scaled))

    def walk(first):
        if check:
            check()
        # Whole rows of blocks: what the walk takes in memory is that of a few rows.
        rows = np.s_[:, first : first + n_rows]
        part = scaled[rows]
        x = _paths(np.abs(part).astype(np.float32), 0)
        live = _paths(np.broadcast_to(filled[:, None, None], part.shape), False)
        cost, point = _branches(x.ravel(), _paths(index[rows], 0).ravel(), price, weight)
        shape = (2, 2, *x.shape)
        points = _unpaths(_walk(cost.reshape(shape), point.reshape(shape), live), part.shape)
        # Not np.sign: a path may take a point beside 0 for a coefficient of exactly 0, and its parity counts.
        out[rows] = np.where(part < 0, -points, points)

    n_rows = 2 * max(1, CHUNK // max(block_shape(scaled.shape[1:])[1], 1))
    mapped(walk, range(0, scaled.shape[1], n_rows))
    return out


def smallest_type(scaled):
    """An integer type that holds the points around these coefficients, and sums of a few of them."""
    return np.int16 if max(scaled.max(initial=0), -scaled.min(initial=0)) < LARGEST_SHORT else np.int32


def _paths(array, fill):
    """(K, h, w) -> (4 K, blocks), in the order of the paths; missing positions hold `fill`."""
    k, h, w = array.shape
    bh, bw = block_shape((h, w))
    out = np.full((k, 4, bh, bw), fill, array.dtype)
    for i, (row, col) in enumerate(PHASES):
        part = array[:, row::2, col::2]
        out[:, i, : part.shape[1], : part.shape[2]] = part
    return out.reshape(4 * k, bh * bw)


def _unpaths(flat, shape):
    """The inverse of `_paths`."""
    part = flat.reshape(shape[0], 4, *block_shape(shape[1:]))
    out = np.empty(shape, flat.dtype)
    for i, (row, col) in enumerate(PHASES):
        place = out[:, row::2, col::2]
        place[...] = part[:, i, : place.shape[1], : place.shape[2]]
    return out


def _branches(x, index, price, weight):
    """Cost (2, 2, n) float32 and k (2, 2, n) int32 of the best point of each quantiser and parity."""
    cost = np.empty((2, 2, len(x)), np.float32)
    point = np.empty((2, 2, len(x)), np.int32)
    # Points beyond the list take the price of its last: what matters there is their parity.
    dearest = price.shape[2] - 1
    for q in range(2):
        low = np.minimum((x + q) * np.float32(0.5), LARGEST - 1).astype(np.int32)
        pair = []
        for k in (low, low + 1):
            place = magnitude(k, q)
            place = np.where(k > 0, place - np.where(k > 1, SHIFTS[q][1], SHIFTS[q][0]), 0)
            pair.append((x - place) ** 2 + weight * price[q, index, np.minimum(k, dearest)])
        odd = (low & 1).astype(bool)
        cost[q, 1], point[q, 1] = np.where(odd, *pair), np.where(odd, low, low + 1)
        even, k = np.where(odd, pair[1], pair[0]), np.where(odd, low + 1, low)
        zero = x * x + weight * price[q, index, 0]
        cost[q, 0], point[q, 0] = np.minimum(zero, even), np.where(zero < even, 0, k)
    return cost, point


def _walk(cost, point, live):
    """Magnitudes (steps, paths) of the best paths; cost, point (2, 2, steps, paths), live (steps, paths)."""
    n_steps, n_paths = live.shape
    total = np.full((STATES, n_paths), np.float32(1e30))
    total[0] = 0
    second = np.empty((n_steps, STATES, n_paths), np.uint8)
    for t in range(n_steps):
        reached = np.empty_like(total)
        for s in range(STATES):
            (a, pa), (b, pb) = _BEFORE[s]
            first, other = total[a] + cost[QUANTISER[a], pa, t], total[b] + cost[QUANTISER[b], pb, t]
            second[t, s] = other < first
            reached[s] = np.minimum(first, other)
        total = np.where(live[t], reached, total)
    return _back(total.argmin(0), second, point, live)


def _back(state, second, point, live):
    """Follow the branches from the last states, (paths,), to the first step."""
    branches = np.array([[2 * s + p for s, p in pair] for pair in _BEFORE])
    lane = np.arange(live.shape[1])
    out = np.zeros(live.shape, np.int32)
    for t in range(len(live) - 1, -1, -1):
        branch = branches[state, second[t, state, lane]]
        before, parity = branch >> 1, branch & 1
        quantiser = QUANTISER[before]
        value = magnitude(point[quantiser, parity, t, lane].astype(np.int32), quantiser)
        out[t] = np.where(live[t], value, 0)
        state = np.where(live[t], before, state)
    return out
