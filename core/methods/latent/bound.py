"""From a bound of the error to the corrections that keep it."""

from dataclasses import dataclass

import numpy as np

from ...errors import ParameterError
from .residues import MOST_BITS

MARGIN = 0.01
"""In whole numbers: the planes' sums in floating point differ a little between machines."""
FLOAT_DIGITS = 4e-7
"""Share of the scene's range by which such a sum may differ."""
RESIDUE_DIGITS = 1.5e-6
"""The same beside residues, which decide between numbers far apart: room for many planes costs little there."""
FLOAT_MARGIN = 2e-3
"""Share of the bound that is left unused in floating point data, for the same reason."""
LEAST_STEP = 0.5
"""Of corrections of whole numbers by themselves: with finer ones every sample would take a bit that says nothing."""
MOST_STEPS = 1 << 23
"""Of corrections, in the range of whole numbers that they bound."""
ROUNDINGS = 2
"""Distances of neighbouring numbers of a data type by which its own rounding may be off, once corrected."""


@dataclass(frozen=True)
class Keeping:
    """One way to keep a bound: corrections in multiples of `step`, in stored units.

    residue_bits: how many low bits of each whole number stand in the file (`residues`), 0 for none.
    """

    step: float
    residue_bits: int = 0


def ways(subject, max_error):
    """The Keepings to choose from by which no valid sample is off by more than max_error (0: no loss).

    Whole numbers are rounded after the correction: errors below the bound and a half are within it. Where their range
    is too wide for that, nothing is lost at all. Raises ParameterError for a bound that is too fine for floats.
    """
    description, statistics = subject.scene.description, subject.statistics
    low, high = np.nanmin(statistics.minimum), np.nanmax(statistics.maximum)
    # A wider bound than half the range bounds nothing.
    max_error = min(max_error, (high - low) / 2)
    if np.dtype(description.dtype).kind == "f":
        return [Keeping(_step_of_floats(description, max_error, low, high))]
    largest, nodata = np.floor(max_error), description.nodata
    # A decoded value that meets the nodata value is moved off it by one.
    if largest >= 1 and nodata is not None and low <= nodata <= high:
        largest -= 1
    step = float(2 * (largest + 0.5 - max(MARGIN, FLOAT_DIGITS * (high - low))))
    least = max(LEAST_STEP, (high - low) / MOST_STEPS)
    if step >= least:
        return [Keeping(step)]
    # Residues decide between numbers 2^bits apart: corrections have to come within half of that.
    steps = {bits: 2.0**bits - 2 * (MARGIN + RESIDUE_DIGITS * (high - low)) for bits in range(1, MOST_BITS + 1)}
    return [Keeping(float(step), bits) for bits, step in steps.items() if least <= step <= 2 * (high - low)]


def _step_of_floats(description, max_error, low, high):
    spacing = float(np.spacing(np.dtype(description.dtype).type(max(abs(low), abs(high)))))
    least = max((high - low) * FLOAT_DIGITS, ROUNDINGS * spacing)
    if max_error < least:
        raise ParameterError(
            f"{description.source}: a largest error of {max_error:g} cannot be kept where values range from {low:g} to "
            f"{high:g}. Give {2 * least:.3g} or more."
        )
    return 2 * max(max_error * (1 - FLOAT_MARGIN) - least, least)
