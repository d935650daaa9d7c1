"""A table of frequencies in few bytes: the logarithm of a smooth curve at a few symbols.

Levels stand at every 2**spacing-th symbol and are interpolated linearly between; a level is a
logarithm in steps of 1/8, 1/4 or 1/2 octave. All arithmetic is on integers, so that every
machine gets the same frequencies. At a spacing of 0 a level of 0 means that a symbol does not
occur; elsewhere levels begin at 1.
"""

import math
from dataclasses import dataclass

import numpy as np

from ..errors import FormatError
from . import rice

PRECISION = 16
TOTAL = 1 << PRECISION
# Every symbol that occurs takes at least one of the 2**16 slots, so the span is kept well below.
LARGEST_SPAN = 4096
LARGEST_SPACING = 7
STEPS_PER_OCTAVE = (2, 4, 8)
OCTAVES = 20

_FINE_STEPS = 64
_FINE_BITS = 14


def _power_table():
    """floor(2**(i / 64) * 2**14) for i = 0..63, by exact square roots."""
    table = []
    for i in range(_FINE_STEPS):
        value = 1 << (i + _FINE_BITS * _FINE_STEPS)
        for _ in range(_FINE_STEPS.bit_length() - 1):
            value = math.isqrt(value)
        table.append(value)
    return np.array(table, np.int64)


_POWERS = _power_table()


@dataclass(frozen=True)
class Curve:
    """Levels (n_levels,) of the symbols first, first + 1, ... first + span - 1."""

    first: int
    span: int
    spacing: int
    steps_per_octave: int
    levels: np.ndarray

    @property
    def frequencies(self):
        """(span,) int64 with the sum TOTAL.

        Raises FormatError where no symbol occurs.
        """
        weights = self._weights()
        occurs = weights > 0
        ends = np.cumsum(weights)
        if not ends[-1]:
            raise FormatError("no symbol of a frequency table occurs")
        free = TOTAL - int(np.count_nonzero(occurs))
        return np.diff(ends * free // ends[-1], prepend=0) + occurs

    def _weights(self):
        if not self.spacing:
            weights = _power(self.levels * (_FINE_STEPS // self.steps_per_octave))
            return np.where(self.levels, weights, 0)
        index = np.arange(self.span)
        before, beyond = index >> self.spacing, index & ((1 << self.spacing) - 1)
        after = np.minimum(before + 1, len(self.levels) - 1)
        mixed = (self.levels[before] << self.spacing) + beyond * (self.levels[after] - self.levels[before])
        return _power(mixed * (_FINE_STEPS // self.steps_per_octave) >> self.spacing)


def _power(exponents):
    """2**(exponents / 64), scaled to integers."""
    return _POWERS[exponents & (_FINE_STEPS - 1)] << (exponents // _FINE_STEPS)


def n_levels(span, spacing):
    """Levels that a span of symbols needs."""
    return -(-(span - 1) // (1 << spacing)) + 1


def encode_curve(curve):
    """Code a Curve into bytes.

    Layout: step (two bits), order of differences (one bit) and spacing in a byte, first symbol
    and span less one (two bytes each), first level (one byte), Rice codes of the levels'
    differences or of their differences' differences.
    """
    first_order = np.diff(curve.levels)
    second_order = np.diff(first_order, prepend=0)
    coded = [rice.encode(rice.fold(d)) for d in (first_order, second_order)]
    order = int(len(coded[1]) < len(coded[0]))
    step = STEPS_PER_OCTAVE.index(curve.steps_per_octave)
    head = bytes([step << 6 | order << 5 | curve.spacing])
    reach = curve.first.to_bytes(2, "little") + (curve.span - 1).to_bytes(2, "little")
    return head + reach + bytes([int(curve.levels[0])]) + coded[order]


def decode_curve(reader):
    """Read a Curve from a ByteReader.

    Raises FormatError for one that `encode_curve` cannot have written.
    """
    head = reader.byte()
    step, order, spacing = head >> 6, head >> 5 & 1, head & 31
    first, span = reader.short(), reader.short() + 1
    if step >= len(STEPS_PER_OCTAVE) or spacing > LARGEST_SPACING or span > LARGEST_SPAN:
        raise FormatError("a frequency table has an impossible shape")
    start = reader.byte()
    differences = rice.unfold(rice.decode(reader, n_levels(span, spacing) - 1))
    if order:
        differences = np.cumsum(differences)
    levels = start + np.cumsum(np.r_[0, differences])
    lowest, highest = int(spacing > 0), OCTAVES * STEPS_PER_OCTAVE[step]
    if levels.min() < lowest or levels.max() > highest:
        raise FormatError("a frequency table has impossible levels")
    return Curve(first, span, spacing, STEPS_PER_OCTAVE[step], levels)
