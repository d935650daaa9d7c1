"""From a bound of the error to the step of the corrections that keeps it."""

import numpy as np

from ...errors import ParameterError

MARGIN = 0.01
"""In whole numbers: the planes' sums in floating point differ a little between machines."""
FLOAT_DIGITS = 4e-7
"""Share of the scene's range by which such a sum may differ."""
FLOAT_MARGIN = 2e-3
"""Share of the bound that is left unused in floating point data, for the same reason."""
MOST_STEPS = 1 << 23
"""Of corrections, in the range of whole numbers that they bound."""


def correction_step(subject, max_error):
    """Step, in stored units, at which no valid sample is off by more than max_error (0: no loss).

    Whole numbers are rounded after the correction: errors below the bound and a half are within it. Raises
    ParameterError for a bound that is too fine for the scene's range.
    """
    dtype, statistics = np.dtype(subject.scene.description.dtype), subject.statistics
    low, high = np.nanmin(statistics.minimum), np.nanmax(statistics.maximum)
    # A wider bound than half the range bounds nothing.
    max_error = min(max_error, (high - low) / 2)
    if dtype.kind == "f":
        least = (high - low) * FLOAT_DIGITS
        if max_error < least:
            raise _too_fine(subject, max_error, low, high, f"{2 * least:.3g}")
        return 2 * max(max_error * (1 - FLOAT_MARGIN) - least, least)
    largest, nodata = np.floor(max_error), subject.scene.description.nodata
    # A decoded value that meets the nodata value is moved off it by one.
    moved = nodata is not None and low <= nodata <= high
    if largest >= 1 and moved:
        largest -= 1
    step = float(2 * (largest + 0.5 - max(MARGIN, FLOAT_DIGITS * (high - low))))
    if step * MOST_STEPS < high - low:
        least = np.ceil((high - low) * (FLOAT_DIGITS + 0.5 / MOST_STEPS) - 0.5) + moved
        raise _too_fine(subject, max_error, low, high, f"{least:.0f}")
    return step


def _too_fine(subject, max_error, low, high, least):
    return ParameterError(
        f"{subject.scene.description.source}: a largest error of {max_error:g} cannot be kept where values range from "
        f"{low:g} to {high:g}. Give {least} or more."
    )
