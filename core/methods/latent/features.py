"""The context model's inputs for one pass: sums, means and flags, each about 32 log2(1 + n).

Beside the sums of `context`, each plane of a subband has means of magnitudes, in sixteenths:

    0, 1  of the parent subband in this plane and the one before
    2, 3  of this subband in the plane before and the one before that
    4, 5  of HL and LH of this level in this plane, where those come before
    6     of the passes of this subband that are already coded
"""

import numpy as np

from . import context
from .geometry import PHASES, blocks_of, phase_count

STATISTICS = 7
FLAGS = 10
FLAG = 64
"""The value of a flag that is up."""
PORTION = 1 << 14
"""Samples of a subband whose inputs are made at one time."""


def n_inputs(number):
    """Inputs of the network of pass `number`."""
    return context.n_sums(number) + STATISTICS + FLAGS


def flags(level, orientation, plane, has_parent):
    """Level in four classes, orientation, first and second plane, no parent: (FLAGS,) int16."""
    out = np.zeros(FLAGS, np.int16)
    out[min(level, 3)] = FLAG
    out[4 + orientation] = FLAG
    if plane < 2:
        out[7 + plane] = FLAG
    if not has_parent:
        out[9] = FLAG
    return out


def assemble(logs, statistics, marks):
    """(inputs, samples) float32 of whole numbers.

    logs: list of (sums, K, h, w), of LOG; statistics: (K, STATISTICS) indices into LOG; marks: (K, FLAGS).
    """
    n = sum(len(log) for log in logs)
    out = np.empty((n + STATISTICS + FLAGS, *logs[0].shape[1:]), np.float32)
    first = 0
    for log in logs:
        out[first : first + len(log)] = log
        first += len(log)
    out[n : n + STATISTICS] = context.LOG[statistics].T[:, :, None, None]
    out[n + STATISTICS :] = marks.T[:, :, None, None]
    return out.reshape(len(out), -1)


def whole_tile(details):
    """Inputs of every pass of a tile that is known (for the encoder and for training).

    details: [level][orientation] (K, h, w) integers, level 0 the finest. Yields (level, orientation, pass, planes
    (slice), inputs (F, k h w), magnitudes (k, h, w) of those planes at the pass's positions); planes come
    some at a time, so that memory does not grow with their number.
    """
    above = None
    for level in reversed(range(len(details))):
        bands = _Level(details[level], above)
        for orientation in range(3):
            for planes in bands.portions(orientation):
                yield from bands.passes(level, orientation, planes)
        bands.above, above = None, bands


class _Level:
    """The three subbands of a level, padded, with the means of their planes."""

    def __init__(self, bands, above):
        self.bands, self.above = bands, above
        self.blocks = blocks_of([band.shape[1:] for band in bands])
        self._pads = [context.padded(band, self.blocks) for band in bands]
        self.means = [
            np.array([context.mean16(np.abs(plane).sum(dtype=np.int64), plane.size) for plane in band], np.int64) for band in bands
        ]

    def portions(self, orientation):
        """Slices of planes of about PORTION samples."""
        planes, rows, cols = self.bands[orientation].shape
        step = max(1, PORTION // max(rows * cols, 1))
        return [slice(first, min(first + step, planes)) for first in range(0, planes, step)]

    def passes(self, level, orientation, planes):
        band, own = self.bands[orientation][planes], self._pads_of(orientation, planes)
        n_planes, shape = len(band), band.shape[1:]
        one, two, older = (context.Around(before) for before in self._before(orientation, planes))
        parent = self.above._pads_of(orientation, planes) if self.above else context.blank(n_planes, self.blocks)
        parent, siblings = context.Around(parent), [context.Around(self._pads_of(o, planes)) for o in range(orientation)]
        marks = [flags(level, orientation, k, self.above is not None) for k in range(planes.start, planes.stop)]
        marks, statistics = np.stack(marks), self._statistics(orientation)[planes]
        outside = context.outside(parent, siblings, (one, two), older, self.blocks)
        seen, total = 0, np.zeros(n_planes, np.int64)
        for number, phase in enumerate(PHASES):
            n = phase_count(shape, phase)
            if n[0] * n[1] == 0:
                continue
            if seen:
                statistics[:, 6] = [context.mean16(t, seen) for t in total]
            logs = [context.inside(own, number, n)] if number else []
            logs += [log[phase][:, :, : n[0], : n[1]] for log in outside]
            target = np.abs(band[:, phase[0] :: 2, phase[1] :: 2])
            yield level, orientation, number, planes, assemble(logs, statistics, marks), target
            seen += n[0] * n[1]
            total += np.minimum(target, context.CLIP).sum((1, 2))

    def _pads_of(self, orientation, planes):
        # Kept in bytes, which sums would leave: some planes at a time are made wider.
        return self._pads[orientation][planes].astype(np.int16)

    def _before(self, orientation, planes):
        """Padded magnitudes one and two planes before, and the aged sum of the others."""
        pads = self._pads[orientation]
        one, two, older = (np.zeros(pads[planes].shape, np.int16) for _ in range(3))
        if planes.start == 0:
            self._aged = np.zeros(pads[0].shape, np.int16)
        for place, k in enumerate(range(planes.start, planes.stop)):
            if k > 0:
                one[place] = pads[k - 1]
            if k > 1:
                two[place] = pads[k - 2]
            if k > 2:
                self._aged = context.age(self._aged, pads[k - 3])
            older[place] = self._aged
        return one, two, older

    def _statistics(self, orientation):
        own = self.means[orientation]
        out = np.zeros((len(own), STATISTICS), np.int64)
        if self.above:
            out[:, 0] = self.above.means[orientation]
            out[1:, 1] = self.above.means[orientation][:-1]
        out[1:, 2], out[2:, 3] = own[:-1], own[:-2]
        for sibling in range(orientation):
            out[:, 4 + sibling] = self.means[sibling]
        return out

