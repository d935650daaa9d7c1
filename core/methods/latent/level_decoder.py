"""The subbands of one level from symbols, turn by turn: up to three planes at once, one of each subband.

In turn t these are plane t of HL, t - 1 of LH and t - 2 of HH (`schedule`). They are worked on together, in
arrays that fit the largest of them: what decoding costs is NumPy's calls more than its sums.
"""

import numpy as np

from ...big_arrays import big_zeros
from . import context, features, trellis
from .geometry import PHASES, blocks_of, phase_count
from .schedule import alive_in, n_turns

_BEFORE = 2
"""Blank turns before the first, which those after it look back at."""
_MOST_INSIDE = context.n_inside(3)
_MARKS = _MOST_INSIDE + context.N_OUTSIDE


class LevelDecoder:
    """One level while it is decoded.

    shapes: (rows, cols) of the three subbands; filled: (K, 3) bool; above: LevelDecoder of the next coarser level,
    decoded, or None. Arrays hold turns on their first axis and subbands on their second.
    """

    def __init__(self, shapes, filled, above, level, model):
        self._shapes, self._filled, self._above, self._level, self._model = shapes, filled, above, level, model
        rows, cols = self._blocks = blocks_of(shapes)
        n = n_turns(len(filled)) + _BEFORE
        self._magnitudes = context.blank(3 * n, self._blocks)
        self._magnitudes = self._magnitudes.reshape(n, 3, *self._magnitudes.shape[1:])
        # Of one turn; those of all are kept in the smallest type that holds them.
        self._values = np.zeros((3, 2 * rows, 2 * cols), np.int32)
        self._kept = [big_zeros((len(filled), *shape), np.int8) for shape in shapes]
        self._means = np.zeros((n, 3), np.int64)
        self._states = np.zeros((3, rows, cols), np.int64)
        self._older = np.zeros_like(self._magnitudes[0])
        self._around_one = self._around_two = context.Around(self._older)
        # For each phase, sums of pass 3 inside the subband, of which other passes have the last, then those outside,
        # then marks of the three.
        self._logs = np.zeros((2, 2, _MOST_INSIDE + context.N_OUTSIDE + 3, 3, rows, cols), np.float32)
        self._logs[:, :, _MARKS:] = np.eye(3)[:, :, None, None]
        self._known = np.zeros((3, features.STATISTICS + features.FLAGS), np.float32)
        self._places = {}

    def decode(self, reader, check=None):
        """Decode all planes; returns the integers of HL, LH and HH, (K, h, w) each, in a type that holds their magnitudes."""
        n_planes = len(self._filled)
        for turn in range(n_turns(n_planes)):
            alive = alive_in(turn, self._filled, self._shapes)
            if check:
                check()
            self._look_back(turn + _BEFORE)
            if alive:
                self._decode_turn(reader, turn + _BEFORE, alive)
        kept, self._kept = self._kept, None
        return tuple(kept)

    def _look_back(self, turn):
        """Make what a turn sees of those before it."""
        if turn > _BEFORE:
            self._around_one, self._around_two = context.Around(self._magnitudes[turn - 1]), self._around_one
        if turn > _BEFORE + 2:
            self._older = context.age(self._older, self._magnitudes[turn - 3])

    def _decode_turn(self, reader, turn, alive):
        subbands = slice(alive[0][0], alive[-1][0] + 1)
        self._see_outside(turn, subbands)
        self._know(turn, alive)
        seen, total = np.zeros(3, np.int64), np.zeros(3, np.int64)
        self._values[...] = 0
        for number, phase in enumerate(PHASES):
            counts, places = self._places_of(number, tuple(o for o, _ in alive))
            if counts.any():
                means = [context.mean16(t, n) for t, n in zip(total, seen)]
                self._known[:, features.STATISTICS - 1] = context.LOG[means]
                values = self._decode_pass(reader, number, turn, subbands, places)
                # In the three, since those which are not alive have no values.
                total[subbands] += self._put(values, phase, turn, subbands)
                seen += counts
        magnitudes = np.abs(self._values)
        sums = magnitudes.sum((1, 2), np.int64)
        for o, _ in alive:
            self._means[turn, o] = context.mean16(sums[o], seen[o])
        for o, k in alive:
            self._keep(o, k, magnitudes[o].max(initial=0))

    def _keep(self, orientation, plane, largest):
        kept, (h, w) = self._kept[orientation], self._shapes[orientation]
        if largest > np.iinfo(kept.dtype).max:
            kind = np.int16 if largest <= np.iinfo(np.int16).max else np.int32
            self._kept[orientation], smaller = big_zeros(kept.shape, kind), kept
            self._kept[orientation][:plane] = smaller[:plane]
        self._kept[orientation][plane] = self._values[orientation, :h, :w]

    def _see_outside(self, turn, subbands):
        logs, blocks = self._logs[:, :, _MOST_INSIDE:_MARKS], self._blocks
        if self._above is not None:
            parents = context.Around(self._above._magnitudes[turn, subbands])
            logs[:, :, :3, subbands] = parents.as_parent(blocks)
        one, two = self._around_one, self._around_two
        # HL is seen by LH one turn later and by HH two turns later; LH by HH one turn later.
        roughly = one.roughly()
        before = two.roughly()
        logs[:, :, 3:5, 1], logs[:, :, 3:5, 2] = roughly[:, :, :, 0], before[:, :, :, 0]
        logs[:, :, 5:7, 2] = roughly[:, :, :, 1]
        logs[:, :, 7:10, subbands] = one.closely()[:, :, :, subbands]
        logs[:, :, 10:12, subbands] = before[:, :, :, subbands]
        logs[:, :, 12:14, subbands] = context.Around(self._older[subbands]).roughly()

    def _know(self, turn, alive):
        """The logs of the statistics, and the marks; see `features`."""
        statistics, means = np.zeros((3, features.STATISTICS), np.int64), self._means
        if self._above is not None:
            statistics[:, 0], statistics[:, 1] = self._above._means[turn], self._above._means[turn - 1]
        statistics[:, 2], statistics[:, 3] = means[turn - 1], means[turn - 2]
        statistics[1:, 4], statistics[2, 5] = (means[turn - 1, 0], means[turn - 2, 0]), means[turn - 1, 1]
        self._known[:, : features.STATISTICS] = context.LOG[statistics]
        for o, k in alive:
            self._known[o, features.STATISTICS :] = features.flags(self._level, o, k, self._above is not None)

    def _places_of(self, number, orientations):
        """(positions of a pass in each of the three, where they lie among those of the arrays)."""
        key = number, orientations
        if key not in self._places:
            inside = np.zeros((3, *self._blocks), bool)
            for o in orientations:
                rows, cols = phase_count(self._shapes[o], PHASES[number])
                inside[o, :rows, :cols] = True
            places = inside[orientations[0] : orientations[-1] + 1].reshape(-1)
            where = slice(None) if places.all() else np.flatnonzero(places)
            self._places[key] = inside.sum((1, 2)), where
        return self._places[key]

    def _decode_pass(self, reader, number, turn, subbands, places):
        """(subbands, rows, cols) integers at the positions of a pass, 0 where a subband has none."""
        row, col = PHASES[number]
        n_inside = context.n_inside(number)
        logs = self._logs[row, col, _MOST_INSIDE - n_inside :, subbands]
        context.inside(self._magnitudes[turn, subbands], number, self._blocks, logs[:n_inside])
        index = self._model.networks[number].index_of(logs.reshape(len(logs), -1), self._known)[places]
        states = self._states[subbands].reshape(-1)
        state = states[places]
        quantiser = trellis.QUANTISER.take(state)
        points = reader.get(index + self._model.n_tables * quantiser)
        states[places] = trellis.after(state, points)
        values = np.zeros(len(states), np.int32)
        values[places] = trellis.values(points, quantiser)
        return values.reshape(logs.shape[1:])

    def _put(self, values, phase, turn, subbands):
        """Put the values of a pass where they belong; returns the sums of their magnitudes, clipped."""
        row, col = phase
        self._values[subbands, row::2, col::2] = values
        magnitudes = np.minimum(np.abs(values), context.CLIP)
        context.inner(self._magnitudes[turn, subbands])[:, row::2, col::2] = magnitudes
        return magnitudes.sum((1, 2))
