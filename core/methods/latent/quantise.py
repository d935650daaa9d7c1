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
FINDING_TABLES = 0.4
"""Of a round's time."""
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


def quantise(scaled, tables_of, prices, rounds=ROUNDS, report=None, check=None):
    """Integers [level][orientation] (K, h, w) of coefficients in steps, and [level] (K, 3) what is filled.

    tables_of: function of integers to their table indices; prices: (2, tables, points) bits. Every round
    prices the points in the contexts of the round before. report: called with the share that is done, now and then;
    check: called more often, and may raise.
    """
    report = report or (lambda share: None)
    sizes = np.cumsum([sum(band.size for band in bands) for bands in scaled])
    integers = [[_nearest(band) for band in bands] for bands in scaled]
    filled = filled_bands(integers)
    for done in range(rounds):
        index, filled = tables_of(integers), filled_bands(integers)
        report((done + FINDING_TABLES) / rounds)
        for level, (bands, tables, live) in enumerate(zip(scaled, index, filled)):
            # One subband after the other in place of the old: both together would take twice the memory.
            for o, (band, table) in enumerate(zip(bands, tables)):
                integers[level][o] = viterbi.choose(band, table, live[:, o], prices, WEIGHT, check)
            report((done + FINDING_TABLES + (1 - FINDING_TABLES) * sizes[level] / sizes[-1]) / rounds)
        del index
    return integers, filled


def _nearest(scaled):
    out = big_zeros(scaled.shape, viterbi.smallest_type(scaled))
    for place, plane in zip(out, scaled):
        place[...] = np.sign(plane) * np.floor(np.abs(plane) + DEAD_ZONE)
    return out
