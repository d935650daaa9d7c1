"""What the numbers of a scene's bands are worth, so that bands of different scale or offset can be mixed."""

import numpy as np


class BandUnits:
    """Scale and offset of every band: physical value = offset + scale x stored number.

    bands: Bands. agree: whether one scale and one offset are all bands', whose numbers then mix as they are.
    """

    def __init__(self, bands):
        self.scales = np.array([band.scale for band in bands], dtype=np.float64)
        self.offsets = np.array([band.offset for band in bands], dtype=np.float64)
        self.agree = bool((self.scales == self.scales[0]).all() and (self.offsets == self.offsets[0]).all())

    def of_band(self, band):
        """(scale, offset) of a band (0-based)."""
        return float(self.scales[band]), float(self.offsets[band])

    def of_point(self, point):
        """(scale, offset) of values at a SpectralPoint: its nearer band's."""
        return self.of_band(point.nearer_band)

    def of_average(self, weights):
        """(scale, offset) of a mean of the bands with these weights, (bands,): those of the band that weighs most."""
        return self.of_band(np.argmax(weights))

    def averaging(self, weights):
        """How weighted means, (n, bands), come of stored numbers: (factors (n, bands), constants (n,)).

        Each mean, in the units of `of_average`, is its constant and the sum of factors x numbers.
        """
        heaviest = np.argmax(weights, axis=1)
        factors, shifts = self.into(self.scales[heaviest, None], self.offsets[heaviest, None])
        return weights * factors, (weights * shifts).sum(axis=1)

    def into(self, scale, offset):
        """What brings each band's numbers to another scale and offset: factor x number + shift.

        (factors, shifts), (bands,) float64: exactly 1 and 0 for bands of that scale and offset, and where a scale
        of 0 makes no units. Scale and offset may be (n, 1), for (n, bands).
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            factors, shifts = self.scales / scale, (self.offsets - offset) / scale
        known = np.isfinite(factors) & np.isfinite(shifts)
        return np.where(known, factors, 1.0), np.where(known, shifts, 0.0)
