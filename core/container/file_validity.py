"""Which samples of a file's scene are valid, looked up at the pixels asked for."""

import numpy as np

_COUNTED_PIXELS = 2**22
"""Unpacked at a time for a count."""


class FileValidity:
    """As `Validity` says of a scene in memory, of one in a file; may be shared by threads.

    shape: (rows, cols); bands: (bands,) bool, the usable ones. pixels: PackedMasks with the scene's mask, None where
    all pixels are valid; holes: PackedMasks of where bands differ from it, or None; numbers: (bands,), 1 + the number
    of each band's in it, 0 for none.
    """

    def __init__(self, shape, bands, pixels=None, holes=None, numbers=None):
        self.shape, self.bands = shape, bands
        self._pixels, self._holes = pixels, holes
        self._numbers = np.zeros(len(bands), int) if numbers is None else numbers

    @property
    def is_whole(self):
        """Whether every sample of every band is valid."""
        return self._pixels is None and self._holes is None and bool(self.bands.all())

    @property
    def pixels(self):
        """The scene's mask, (rows, cols) bool, read-only."""
        return self._whole(0)

    def deviates(self, band):
        """Whether a usable band has a mask of its own."""
        return bool(self._numbers[band])

    def of_band(self, band):
        """Valid pixels of one band, (rows, cols) bool, read-only."""
        if not self.bands[band]:
            return np.broadcast_to(np.False_, self.shape)
        return self._whole(self._numbers[band])

    def pixels_at(self, rows, cols):
        """The scene's mask at the sorted pixel indices rows x cols, (len(rows), len(cols)) bool."""
        return self._at(0, rows, cols)

    def at(self, band, rows, cols):
        """Valid pixels of one band at the sorted pixel indices rows x cols, (len(rows), len(cols)) bool."""
        if not self.bands[band]:
            return np.zeros((len(rows), len(cols)), bool)
        return self._at(self._numbers[band], rows, cols)

    def at_point(self, point, rows, cols):
        """As `at`, of a SpectralPoint: where both bands that it lies between are valid."""
        valid = self.at(point.lower_band, rows, cols)
        if point.fraction > 0:
            valid &= self.at(point.upper_band, rows, cols)
        return valid

    def count(self, bands):
        """How many pixels are valid in all of those bands."""
        if not self.bands[bands].all():
            return 0
        numbers = sorted({int(self._numbers[band]) for band in bands})
        n_rows, n_cols = self.shape
        if self._pixels is None and not any(numbers):
            return n_rows * n_cols
        total, step = 0, max(1, _COUNTED_PIXELS // n_cols)
        for start in range(0, n_rows, step):
            rows, cols = np.arange(start, min(start + step, n_rows)), np.arange(n_cols)
            valid = self._at(numbers[0], rows, cols)
            for number in numbers[1:]:
                valid &= self._at(number, rows, cols)
            total += int(np.count_nonzero(valid))
        return total

    def _whole(self, number):
        if self._pixels is None and not number:
            # Not an array of that size: a file of few bytes may claim a scene of any.
            return np.broadcast_to(np.True_, self.shape)
        whole = self._at(number, *(np.arange(side) for side in self.shape))
        whole.setflags(write=False)
        return whole

    def _at(self, number, rows, cols):
        """The scene's mask, or that of hole number - 1."""
        if self._pixels is None:
            valid = np.ones((len(rows), len(cols)), bool)
        else:
            valid = self._pixels.at(0, rows, cols)
        if number:
            valid ^= self._holes.at(number - 1, rows, cols)
        return valid
