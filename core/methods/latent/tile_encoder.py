"""A tile's coefficients to bytes, under the context model."""

import math

import numpy as np

from . import symbols, trellis
from .geometry import PHASES
from .schedule import groups

LOW_TABLE_BITS = 6


def encode(low, details, filled, index, model, n_lanes, check=None):
    """Bytes of a tile: low (K, h, w), details [level][orientation] (K, h, w), integers.

    filled: [level] (K, 3) bool, planes of subbands that hold anything in the scene; index: as of
    `quantise.indices`; check: called for every level, and may raise.
    """
    writer = symbols.SymbolWriter(low.size + sum(band.size for bands in details for band in bands))
    _put_low(writer, low, model)
    for level in reversed(range(len(details))):
        if check:
            check()
        _put_level(writer, details[level], filled[level], index[level], model.n_tables)
    return writer.finish(model.tables, n_lanes)


def _put_low(writer, low, model):
    flat = low.reshape(len(low), math.prod(low.shape[1:])).astype(np.int64)
    bits = -np.log2(model.geometric)
    best = np.array([bits[:, symbols.split(np.abs(plane))[0]].sum(1).argmin() for plane in flat], np.int64)
    writer.bits.put(best, np.full(len(best), LOW_TABLE_BITS))
    writer.put(np.repeat(model.first_geometric + best, flat.shape[1]), flat.reshape(-1))


def _put_level(writer, bands, filled, index, n_tables):
    quantisers = [trellis.quantisers(band, live) for band, live in zip(bands, filled.T)]
    for alive in groups(filled, [band.shape[1:] for band in bands]):
        for row, col in PHASES:
            part = [(o, np.s_[k, row::2, col::2]) for o, k in alive]
            values = np.concatenate([bands[o][place].reshape(-1) for o, place in part]).astype(np.int64)
            if len(values):
                tables = np.concatenate([index[o][place].reshape(-1) for o, place in part]).astype(np.int16)
                of_second = np.concatenate([quantisers[o][place].reshape(-1) for o, place in part])
                points = np.sign(values) * trellis.points(np.abs(values))
                writer.put(tables + np.int16(n_tables) * of_second, points)
