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
        self._filled, self._model = filled, model
        # For those who share it: `busy` is held while a level is decoded, which must not be left halfway.
        self.busy, self.is_halfway = threading.Lock(), False
        self._shapes, low_shape = subbands(rows, cols, len(filled))
        self._reader = symbols.SymbolReader(data, model.tables, n_lanes)
        self._next, self._above = len(filled) - 1, None
        self.details = [None] * len(filled)
        self.low = self._low(n_planes, low_shape[0] * low_shape[1]).reshape(n_planes, *low_shape)
        if not filled:
            self._reader.finish()

    @property
    def n_bytes(self):
        """What the coefficients take in memory; the decoder's own state, where it has not finished, besides."""
        decoded = [band for bands in self.details if bands is not None for band in bands]
        return self.low.nbytes + sum(band.nbytes for band in decoded)

    def is_decoded(self, level):
        """Whether that level and all coarser ones are decoded."""
        return self._next < level

    def _low(self, n_planes, area):
        best = self._reader.bits.get(np.full(n_planes, LOW_TABLE_BITS))
        best = np.minimum(best, len(self._model.geometric) - 1)
        return self._reader.get(np.repeat(self._model.first_geometric + best, area))

    def level(self, wanted, check=None):
        """(HL, LH, HH) of a level, (K, h, w) integers; decodes all coarser ones, too."""
        while self._next >= wanted:
            level = self._next
            above = LevelDecoder(self._shapes[level], self._filled[level], self._above, level, self._model)
            self.details[level] = above.decode(self._reader, check)
            if level == 0:
                # Before the level counts as decoded: other threads look at that.
                self._reader.finish()
                self._reader = above = None
            self._above, self._next = above, level - 1
        return self.details[wanted]
