"""Which table of frequencies makes symbols and table together smallest."""

from dataclasses import dataclass

import numpy as np

from .frequencies import (
    LARGEST_SPACING,
    LARGEST_SPAN,
    OCTAVES,
    PRECISION,
    STEPS_PER_OCTAVE,
    Curve,
    encode_curve,
    n_levels,
)

_ITERATIONS = 12
# What a level of a curve is given where no symbol near it occurs.
_PSEUDO_COUNT = 0.25


@dataclass(frozen=True)
class Fit:
    """A table (Curve) for symbols whose `n_raw` lowest bits are stored as they are.

    n_bits: of the coded symbols, raw bits and table together.
    """

    curve: Curve
    n_raw: int
    n_bits: float


def best_fit(counts):
    """The Fit for symbols that occur counts[symbol] times, at least one of them."""
    best, n_symbols = None, int(counts.sum())
    for n_raw in range(17):
        high = np.pad(counts, (0, -len(counts) % (1 << n_raw))).reshape(-1, 1 << n_raw).sum(1)
        used = np.flatnonzero(high)
        if used[-1] - used[0] >= LARGEST_SPAN:
            continue
        curve, n_bits = _best_curve(high[used[0] : used[-1] + 1], int(used[0]))
        n_bits += n_raw * n_symbols
        if best is not None and n_bits >= best.n_bits:
            break
        best = Fit(curve, n_raw, n_bits)
    return best


def _best_curve(counts, first):
    """(Curve, bits) for symbols from `first` on."""
    best, fewest = None, np.inf
    for spacing in range(LARGEST_SPACING + 1):
        if spacing and n_levels(len(counts), spacing - 1) <= 2:
            break
        octaves = _octaves(counts, spacing)
        for steps in STEPS_PER_OCTAVE:
            levels = _levels(octaves, steps)
            curve = Curve(first, len(counts), spacing, steps, levels)
            n_bits = 8 * len(encode_curve(curve)) + _coded_bits(counts, curve.frequencies)
            if n_bits < fewest:
                best, fewest = curve, n_bits
    return best, fewest


def _coded_bits(counts, frequencies):
    used = counts > 0
    return float(np.sum(counts[used] * (PRECISION - np.log2(frequencies[used]))))


def _levels(octaves, steps):
    """Levels of logarithms; 0 for those of minus infinity."""
    levels = np.maximum(np.rint((octaves - octaves.max()) * steps), 1 - OCTAVES * steps)
    levels = (levels - levels[np.isfinite(octaves)].min() + 1).astype(np.int64)
    return np.where(np.isfinite(octaves), levels, 0)


def _octaves(counts, spacing):
    """log2 of the most likely piecewise exponential curve at every 2**spacing-th symbol.

    Generalised iterative scaling (J. N. Darroch, D. Ratcliff, Ann. Math. Stat. 43, 1972): each
    level is raised by how much more symbols occur near it than the curve says.
    """
    if not spacing:
        with np.errstate(divide="ignore"):
            return np.log2(counts)
    knots = n_levels(len(counts), spacing)
    index = np.arange(len(counts))
    before, share = index >> spacing, (index & ((1 << spacing) - 1)) / (1 << spacing)
    after = np.minimum(before + 1, knots - 1)

    def gathered(values):
        near = np.bincount(before, values * (1 - share), knots)
        return near + np.bincount(after, values * share, knots)

    wanted = gathered(counts) + _PSEUDO_COUNT
    octaves = np.log2(wanted / gathered(np.ones(len(counts))))
    for _ in range(_ITERATIONS):
        model = np.exp2(octaves[before] * (1 - share) + octaves[after] * share)
        model *= counts.sum() / model.sum()
        octaves = octaves + np.log2(wanted / (gathered(model) + _PSEUDO_COUNT))
    return octaves
