"""The scale that a scene is coded in: from the least to the greatest of its varying bands, 0 to 1.

One scale for all bands, not one for each: it keeps spectra as smooth as they are, and takes no bytes.
"""

import numpy as np


def coded_bands(usable, statistics):
    """Indices of the usable bands that are not constant."""
    with np.errstate(invalid="ignore"):
        return np.flatnonzero(usable & (statistics.maximum > statistics.minimum))


def offset_and_scale(statistics, bands):
    """(offset, scale) float: stored value = offset + scale * coded value."""
    low = float(statistics.minimum[bands].min())
    return low, float(statistics.maximum[bands].max()) - low
