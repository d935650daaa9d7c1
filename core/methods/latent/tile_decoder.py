"""A tile's coefficients from bytes, level by level, as far as wanted."""

import threading

import numpy as np

from . import context, features, symbols, trellis
from .geometry import PHASES, phase_count, subbands
from .schedule import groups
from .tile_encoder import LOW_TABLE_BITS

PLANES_BACK = 3
"""How far back a plane of any subband of a level is looked at while another one is coded."""


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
            above = _Level(self._shapes[level], self._filled[level], self._above, level, self._model)
            above.decode(self._reader, check)
            self.details[level] = tuple(_small(band) for band in above.values)
            self._above, self._next, above.values = above, level - 1, None
            if level == 0:
                self._reader.finish()
                self._reader = self._above = None
        return self.details[wanted]


def _small(integers):
    """In the smallest type that holds them and their magnitudes."""
    largest = max(int(integers.max(initial=0)), -int(integers.min(initial=0)))
    return integers.astype(next(kind for kind in (np.int8, np.int16, np.int32) if largest <= np.iinfo(kind).max))


class _Level:
    """The subbands of one level while they are decoded."""

    def __init__(self, shapes, filled, above, level, model):
        self.shapes, self.filled, self.above, self.level, self.model = shapes, filled, above, level, model
        n_planes, border = len(filled), 2 * context.PAD
        self.own = [np.zeros((n_planes, h + border, w + border), np.int16) for h, w in shapes]
        self.values = [np.zeros((n_planes, h, w), np.int32) for h, w in shapes]
        self.means = np.zeros((3, n_planes), np.int64)
        self.states = [np.zeros(trellis.block_shape(shape), np.int64) for shape in shapes]
        blank = [np.zeros((1, *array.shape[1:]), np.int16) for array in self.own]
        self._blank = [context.Around(array) for array in blank]
        self._around = [{}, {}, {}]
        self._older, self._aged = blank, [2, 2, 2]

    def decode(self, reader, check=None):
        for alive in groups(self.filled, self.shapes):
            if check:
                check()
            turn = [_Plane(self, o, k) for o, k in alive]
            for number, phase in enumerate(PHASES):
                part = [plane for plane in turn if min(phase_count(plane.shape, phase)) > 0]
                if part:
                    self._decode_pass(reader, part, number)
            for plane in turn:
                plane.close()

    def _decode_pass(self, reader, part, number):
        inputs = np.concatenate([plane.inputs(number) for plane in part], 1)
        quantiser = np.concatenate([trellis.QUANTISER[plane.state(number)].reshape(-1) for plane in part])
        points = reader.get(self.model.networks[number].index(inputs) + self.model.n_tables * quantiser)
        values = np.sign(points) * trellis.magnitude(np.abs(points), quantiser)
        first = 0
        for plane in part:
            stop = first + plane.state(number).size
            plane.take(number, points[first:stop], values[first:stop])
            first = stop

    def older(self, o, k):
        """The aged sum of the planes before k - 2."""
        while self._aged[o] < k:
            self._aged[o] += 1
            gone = self._aged[o] - 3
            self._older[o] = context.age(self._older[o], self.own[o][gone : gone + 1])
        return self._older[o]

    def around(self, o, k):
        """Around of one of the last planes; blank where nothing was coded."""
        return self._around[o].get(k, self._blank[o])

    def keep(self, o, k):
        """Called when a plane is coded: those that follow will look at it."""
        self._around[o][k] = context.Around(self.own[o][k : k + 1])
        for gone in [other for other in self._around[o] if other < k - PLANES_BACK]:
            del self._around[o][gone]


class _Plane:
    """One plane of a subband during its four passes."""

    def __init__(self, bands, o, k):
        self._bands, self._o, self._k = bands, o, k
        self.shape, self._seen, self._total = bands.shapes[o], 0, 0
        above = bands.above
        parent = context.without_parent(self.shape) if above is None else above.own[o][k : k + 1]
        self._parent, self._older = context.Around(parent), context.Around(bands.older(o, k))
        self._siblings = [bands.around(sibling, k) for sibling in range(2)]
        self._previous = bands.around(o, k - 1), bands.around(o, k - 2)
        self._marks = features.flags(bands.level, o, k, above is not None)[None]
        self._statistics = np.zeros((1, features.STATISTICS), np.int64)
        row = self._statistics[0]
        if above is not None:
            row[0] = above.means[o, k]
            row[1] = above.means[o, k - 1] if k > 0 else 0
        row[2] = bands.means[o, k - 1] if k > 0 else 0
        row[3] = bands.means[o, k - 2] if k > 1 else 0
        row[4 : 4 + o] = bands.means[:o, k]

    def state(self, number):
        """The trellis states before a pass, one a position; a view."""
        rows, cols = phase_count(self.shape, PHASES[number])
        return self._bands.states[self._o][:rows, :cols]

    def inputs(self, number):
        """(inputs, samples) of the pass."""
        bands, o, k = self._bands, self._o, self._k
        if self._seen:
            self._statistics[0, 6] = context.mean16(self._total, self._seen)
        n = phase_count(self.shape, PHASES[number])
        logs = context.inside(bands.own[o][k : k + 1], number, n)
        logs += context.outside(self._parent, self._siblings, self._previous, self._older, o, number, n)
        return features.assemble(logs, self._statistics, self._marks)

    def take(self, number, points, values):
        """Put the values of a pass where they belong and walk on in the trellis."""
        (row, col), o, k = PHASES[number], self._o, self._k
        state = self.state(number)
        state[...] = trellis.NEXT[state, points.reshape(state.shape) & 1]
        values = values.reshape(state.shape)
        self._bands.values[o][k, row::2, col::2] = values
        magnitudes = np.minimum(np.abs(values), context.CLIP)
        inner = np.s_[context.PAD : -context.PAD, context.PAD : -context.PAD]
        self._bands.own[o][k][inner][row::2, col::2] = magnitudes
        self._seen += values.size
        self._total += int(magnitudes.sum())

    def close(self):
        """Keep the mean of the plane for those that follow."""
        total = np.abs(self._bands.values[self._o][self._k]).sum()
        self._bands.means[self._o, self._k] = context.mean16(total, self._seen)
        self._bands.keep(self._o, self._k)
