"""SAM, the spectral angle of each pixel, summed up band by band."""

import numpy as np

from .metrics import angle


class SpectralAngles:
    """Running sums from which the angle between a pixel's two spectra follows.

    Source: Kruse et al. (1993), "The Spectral Image Processing System (SIPS)", Remote Sensing of
    Environment 44, 145-163. A pixel's spectra consist of the bands in which it is valid.
    """

    def __init__(self, shape):
        self._product = np.zeros(shape)
        self._original = np.zeros(shape)
        self._decoded = np.zeros(shape)
        self._any = np.zeros(shape, dtype=bool)

    def add(self, rows, original, decoded, valid):
        """Take in one band of the rows `rows` (a slice); arrays of those rows, `valid` bool."""
        original = np.where(valid, original, 0).astype(np.float64)
        decoded = np.where(valid, decoded, 0).astype(np.float64)
        self._product[rows] += original * decoded
        self._original[rows] += original**2
        self._decoded[rows] += decoded**2
        self._any[rows] |= valid

    def degrees(self):
        """The angles so far, (rows, cols) in degrees, NaN for pixels that are valid in no band."""
        angles = angle(self._product, self._original, self._decoded)
        return np.where(self._any, angles, np.nan)
