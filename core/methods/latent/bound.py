"""From a bound of the error to the step of the corrections that keeps it."""

import numpy as np

MARGIN = 0.01
"""In whole numbers: the planes' sums in floating point differ a little between machines."""
FLOAT_DIGITS = 4e-7
"""Share of the scene's range by which such a sum may differ."""
FLOAT_MARGIN = 2e-3
"""Share of the bound that is left unused in floating point data, for the same reason."""


def correction_step(subject, max_error):
    """Step, in stored units, at which no valid sample is off by more than max_error (0: no loss).

    Whole numbers are rounded after the correction: errors below the bound and a half are within it.
    """
    dtype, statistics = np.dtype(subject.scene.description.dtype), subject.statistics
    low, high = np.nanmin(statistics.minimum), np.nanmax(statistics.maximum)
    if dtype.kind == "f":
        least = (high - low) * FLOAT_DIGITS
        return 2 * max(max_error * (1 - FLOAT_MARGIN) - least, least)
    largest = np.floor(max_error)
    nodata = subject.scene.description.nodata
    if largest >= 1 and nodata is not None and low <= nodata <= high:
        # A decoded value that meets the nodata value is moved off it by one.
        largest -= 1
    return float(2 * (largest + 0.5 - max(MARGIN, FLOAT_DIGITS * (high - low))))
