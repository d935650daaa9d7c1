"""The context model's inputs for one pass: sums, means and flags, each about 32 log2(1 + n).

Beside the sums of `context`, each plane of a subband has means of magnitudes, in sixteenths:

    0, 1  of the parent subband in this plane and the one before
    2, 3  of this subband in the plane before and the one before that
    4, 5  of HL and LH of this level in this plane, where those come before
    6     of the passes of this subband that are already coded
"""

import numpy as np

from . import context
from .geometry import PHASES, phase_count

STATISTICS = 7
FLAGS = 10
FLAG = 64
"""The value of a flag that is up."""


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


def assemble(sums, statistics, marks):
    """(inputs, samples) float32 of whole numbers.

    sums: list of (K, h, w); statistics: (K, STATISTICS) indices into LOG; marks: (K, FLAGS).
    """
    n = len(sums)
    out = np.empty((n + STATISTICS + FLAGS, *sums[0].shape), np.float32)
    for row, total in zip(out, sums):
        row[...] = context.LOG[total]
    out[n : n + STATISTICS] = context.LOG[statistics].T[:, :, None, None]
    out[n + STATISTICS :] = marks.T[:, :, None, None]
    return out.reshape(len(out), -1)


def whole_tile(magnitudes):
    """Inputs of every pass of a tile that is known (for the encoder and for training).

    magnitudes: [level][orientation] (K, h, w), level 0 the finest. Yields (level, orientation, pass,
    inputs (F, K h w), magnitudes (K, h, w) at the pass's positions) in coding order.
    """
    above = None
    for level in reversed(range(len(magnitudes))):
        bands = _Level(magnitudes[level], above)
        for orientation in range(3):
            yield from bands.passes(level, orientation)
        above = bands


class _Level:
    """The three subbands of a level, padded, with the means of their planes."""

    def __init__(self, bands, above):
        self.bands, self.above = bands, above
        self.pads = [context.padded(band) for band in bands]
        self.means = [
            np.array([context.mean16(plane.sum(), plane.size) for plane in band], np.int64) for band in bands
        ]

    def passes(self, level, orientation):
        band, own = self.bands[orientation], self.pads[orientation]
        planes, shape = len(band), band.shape[1:]
        one, two, older = _planes_before(own)
        parent = self.above.pads[orientation] if self.above else context.without_parent(shape).repeat(planes, 0)
        marks = np.stack([flags(level, orientation, k, self.above is not None) for k in range(planes)])
        statistics = self._statistics(orientation)
        seen, total = 0, np.zeros(planes, np.int64)
        for number, phase in enumerate(PHASES):
            n = phase_count(shape, phase)
            if n[0] * n[1] == 0:
                continue
            if seen:
                statistics[:, 6] = [context.mean16(t, seen) for t in total]
            sums = context.sums(own, parent, self.pads[:2], (one, two), older, orientation, number, n)
            target = band[:, phase[0] :: 2, phase[1] :: 2]
            yield level, orientation, number, assemble(sums, statistics, marks), target
            seen += n[0] * n[1]
            total += np.minimum(target, context.CLIP).sum((1, 2))

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


def _planes_before(own):
    """(one plane before, two before, aged sum of the others), each of the shape of `own`."""
    blank = np.zeros_like(own[:1])
    one = np.concatenate([blank, own[:-1]])
    two = np.concatenate([blank, one[:-1]])
    older = np.zeros_like(own)
    for k in range(3, len(own)):
        older[k] = context.age(older[k - 1], own[k - 3])
    return one, two, older
