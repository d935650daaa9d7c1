"""The bands to code, over their own ranges, made from the raster a part at a time.

Held whole in floating point they would take several times the raster's memory.
"""

import numpy as np

PIXELS = 1024
"""Of all bands, that are made at one time."""
SAMPLES = 1 << 18
"""Of whole bands, that are made at one time, or one band."""


class BandSamples:
    """stored: (C, rows, cols) array, or C arrays (rows, cols), none of them constant, holes filled.

    coded value = (stored - offset) / scale; relative value = (coded - mean) / span of the band.
    mean, span: (C,), in coded units.
    """

    def __init__(self, stored, offset=0.0, scale=1.0, check=None):
        self._stored, self._offset, self._scale = stored, offset, scale
        self.n_bands, self.shape = len(stored), stored[0].shape
        self.mean, self.span = np.empty(self.n_bands), np.empty(self.n_bands)
        for i, band in enumerate(stored):
            if check:
                check()
            coded = (band.astype(np.float64) - offset) / scale
            self.mean[i], self.span[i] = coded.mean(), max(np.ptp(coded), 1e-30)

    def portions(self):
        """Ranges (first, stop) of rows, of about PIXELS pixels each."""
        rows, cols = self.shape
        step = max(1, PIXELS // cols)
        return [(first, min(first + step, rows)) for first in range(0, rows, step)]

    def rows(self, first, stop):
        """Relative values of some rows, (C, pixels) float32."""
        # All bands in one sum: band by band it is the calls that take the time.
        stored = np.stack([band[first:stop].reshape(-1) for band in self._stored])
        return self._relative(stored, np.s_[:, None]).astype(np.float32)

    def some_bands(self):
        """Relative values of all bands, some at a time: (bands, rows, cols) float32."""
        step = max(1, SAMPLES // (self.shape[0] * self.shape[1]))
        for first in range(0, self.n_bands, step):
            bands = range(first, min(first + step, self.n_bands))
            yield np.stack([self._relative(self._stored[i], i).astype(np.float32) for i in bands])

    def _relative(self, values, bands):
        """Of some bands' values, float64; bands: what picks theirs of the (C,) means and spans."""
        relative = values.astype(np.float64)
        relative -= (self._offset + self._scale * self.mean)[bands]
        relative *= (1 / (self._scale * self.span))[bands]
        return relative
