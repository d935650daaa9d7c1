"""A tile's coefficients from bytes, level by level, as far as wanted."""

import threading

import numpy as np

from . import symbols
from .geometry import subbands
from .level_decoder import LevelDecoder
from .tile_encoder import LOW_TABLE_BITS


class TileDecoder:
    """Decodes a tile of rows x cols samples: the low band at once, finer levels when asked for.

    data: bytes of `tile_encoder.encode`; filled: as there, of n_planes planes. Raises FormatError for bytes that are none.
    """

    def __init__(self, data, n_planes, filled, rows, cols, model, n_lanes):
        self.arguments = {
            "data": data, "n_planes": n_planes, "filled": filled, "rows": rows, "cols": cols, "n_lanes": n_lanes,
            "model": model.number,
        }  # fmt: skip
        self._filled, self._model = filled, model
        # For those who share it: `busy` is held while it is decoded down to the level `wanted`, which must not be
        # left halfway.
        self.busy, self.wanted, self.is_halfway = threading.Lock(), len(filled), False
        self._shapes, self._low_shape = subbands(rows, cols, len(filled))
        self.details = [None] * len(filled)
        self._begin()

    def _begin(self):
        """Decode the low band; the levels' turns are to come."""
        told = self.arguments
        self._reader = symbols.SymbolReader(told["data"], self._model.tables, told["n_lanes"])
        self._next, self._above, self._adopted = len(self._filled) - 1, None, False
        area = self._low_shape[0] * self._low_shape[1]
        self.low = self._low(told["n_planes"], area).reshape(told["n_planes"], *self._low_shape)
        if not self._filled:
            self._reader.finish()

    def samples(self, level):
        """How many coefficients that level and the coarser ones have."""
        return self.arguments["n_planes"] * sum(rows * cols for bands in self._shapes[level:] for rows, cols in bands)

    def adopt(self, wanted, details):
        """Take the levels from `wanted` on, the finest first, as another TileDecoder of the same bytes has decoded them."""
        # How far its own bytes were read does not matter any more: finer levels are decoded from the beginning.
        self._next, self._above, self._adopted = wanted - 1, None, wanted > 0
        if wanted == 0:
            self._reader = None
        self.details[wanted:] = [tuple(bands) for bands in details]

    @property
    def n_bytes(self):
        """What the coefficients take in memory; the decoder's own state, where it has not finished, besides."""
        decoded = [band for bands in self.details if bands is not None for band in bands]
        return self.low.nbytes + sum(band.nbytes for band in decoded)

    def is_decoded(self, level):
        """Whether that level and all coarser ones are decoded; what lies behind the coarsest always is."""
        return level >= len(self.details) or self.details[level] is not None

    def _low(self, n_planes, area):
        best = self._reader.bits.get(np.full(n_planes, LOW_TABLE_BITS))
        best = np.minimum(best, len(self._model.geometric) - 1)
        return self._reader.get(np.repeat(self._model.first_geometric + best, area))

    def level(self, wanted, check=None):
        """(HL, LH, HH) of a level, (K, h, w) integers; decodes all coarser ones, too."""
        if self._adopted and not self.is_decoded(wanted):
            self._begin()
        while not self.is_decoded(wanted):
            level = self._next
            above = LevelDecoder(self._shapes[level], self._filled[level], self._above, level, self._model)
            decoded = above.decode(self._reader, check)
            if level == 0:
                # Before the level counts as decoded: other threads look at that.
                self._reader.finish()
                self._reader = above = None
            self._above, self._next, self.details[level] = above, level - 1, decoded
        return self.details[wanted]
