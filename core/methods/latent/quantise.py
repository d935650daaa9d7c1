"""Rate-distortion-optimised quantisation: the trellis under the context model's own prices."""

import numpy as np

from ...big_arrays import big_zeros
from . import viterbi
from .features import whole_tile
from .geometry import PHASES

WEIGHT = 0.4
"""Squared steps that a bit is worth."""
DEAD_ZONE = 0.2
ROUNDS = 2
FEWEST = 3
"""Nonzero coefficients up to which a plane is not worth its loadings."""


def no_indices(details, model):
    """Zeros for `indices`, in the smallest type that holds a table's number."""
    kind = np.min_scalar_type(model.n_tables - 1)
    return [[big_zeros(band.shape, kind) for band in bands] for bands in details]


def indices(details, model, check=None):
    """Table of every coefficient, [level][orientation] (K, h, w); details hold integers. check: may raise."""
    out = no_indices(details, model)
    for level, o, number, planes, inputs, target in whole_tile(details):
        if check:
            check()
        row, col = PHASES[number]
        out[level][o][planes, row::2, col::2] = model.networks[number].index(inputs).reshape(target.shape)
    return out


def filled_bands(details):
    """[level] (K, 3) bool: which subbands of which planes hold anything; a path stands still in others."""
    if not details:
        return []
    count = np.stack([np.stack([(band != 0).sum((1, 2)) for band in bands], 1) for bands in details])
    worth = count.sum((0, 2)) > FEWEST
    return list((count > 0) & worth[:, None])


def quantise(scaled, choose, rounds=ROUNDS, report=None):
    """Integers [level][orientation] (K, h, w) of coefficients in steps, and [level] (K, 3) what is filled.

    choose(scaled, integers, filled, report): the integers of the next round, priced in the contexts of those before.
    report: called with the share that is done, now and then.
    """
    report = report or (lambda share: None)
    integers = [[_nearest(band) for band in bands] for bands in scaled]
    filled = filled_bands(integers)
    for done in range(rounds):
        filled = filled_bands(integers)
        integers = choose(scaled, integers, filled, lambda share, done=done: report((done + share) / rounds))
    return integers, filled


def cheapest(scaled, tables, filled, prices, report=None, check=None):
    """Integers [level][orientation] (K, h, w) along the cheapest paths.

    tables: of the coefficients, as `indices` gives them; filled: [level] (K, 3) bool; prices: (2, tables, points) bits;
    report: called with the share that is done, now and then; check: called more often, and may raise.
    """
    sizes = np.cumsum([sum(band.size for band in bands) for bands in scaled])
    out = []
    for bands, indices, live, size in zip(scaled, tables, filled, sizes):
        pairs = enumerate(zip(bands, indices))
        out.append([viterbi.choose(band, index, live[:, o], prices, WEIGHT, check) for o, (band, index) in pairs])
        if report:
            report(size / sizes[-1])
    return out


def _nearest(scaled):
    out = big_zeros(scaled.shape, viterbi.smallest_type(scaled))
    for place, plane in zip(out, scaled):
        place[...] = np.sign(plane) * np.floor(np.abs(plane) + DEAD_ZONE)
    return out
