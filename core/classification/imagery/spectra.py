"""Spectra of chosen pixels of an image, scaled to [0, 1], read strip by strip."""

import numpy as np


class Scaling:
    """Bands to [0, 1] by the least and largest value that the training image had.

    low, high: (bands,) in the image's units, high above low.
    """

    def __init__(self, low, high):
        self.low = np.asarray(low, dtype=np.float32)
        self.high = np.asarray(high, dtype=np.float32)

    def __call__(self, values):
        """values: (..., bands) in the image's units."""
        return (values - self.low) / (self.high - self.low)

    def inverse(self, scaled):
        """Values in the image's units."""
        return scaled * (self.high - self.low) + self.low


def read_spectra(image, pixels, scaling, check=None, read=None):
    """(n_pixels, bands) float32 of `pixels`, (n_pixels, 2) sorted by row; NaN in invalid ones.

    A pixel that is invalid in one band is invalid in all. Only strips that hold such pixels are
    read, no wider than these. read: (window, check) -> (bands, rows, cols); None the image's own.
    """
    read = read or image.read
    out = np.empty((len(pixels), image.n_bands), dtype=np.float32)
    for row, _, n_rows, _ in image.strips():
        start, stop = np.searchsorted(pixels[:, 0], [row, row + n_rows])
        if start == stop:
            continue
        part = pixels[start:stop]
        top, left = part.min(axis=0)
        bottom, right = part.max(axis=0)
        cube = read((int(top), int(left), int(bottom - top + 1), int(right - left + 1)), check)
        # Strip by strip, so that no copy is as large as all of them.
        spectra = scaling(cube[:, part[:, 0] - top, part[:, 1] - left].T)
        spectra[~np.isfinite(spectra).all(axis=1)] = np.nan
        out[start:stop] = spectra
    return out


def valid_spectra(spectra):
    """Whether each row of spectra is valid, (n,) bool."""
    return np.isfinite(spectra[:, 0])
