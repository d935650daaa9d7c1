"""ISI, implicit spectral interpolation: training images decoded slightly beside their wavelengths.

Source: HINER (ACM MM 2024, arXiv 2407.21395), the section on classification. Only the compressed
file is asked; no pixel of the original is needed.
"""

import numpy as np

from ...spectral.grid import SpectralPoint
from .image import HnrImage
from .spectra import read_spectra, valid_spectra

_NOT_FOR_RASTERS = (
    "Spectral interpolation (ISI) is off: {path} is a plain raster, which has no values between "
    "its bands. Compress it to a .hnr file to use it."
)
_NOT_WITHOUT_WAVELENGTHS = (
    "Spectral interpolation (ISI) is off: {path} has no wavelengths, between which it would decode. Compress the scene "
    "with its wavelengths to use it."
)


def why_off(image):
    """A text on why no images between the bands can be decoded, or None where they can: of `.hnr` files alone."""
    if not isinstance(image, HnrImage):
        return _NOT_FOR_RASTERS.format(path=image.path)
    return None if image.axis.has_wavelengths else _NOT_WITHOUT_WAVELENGTHS.format(path=image.path)


def shifted_points(image, eta, generator):
    """SpectralPoints of an HnrImage's bands, each moved by U(-eta, eta) of the distance to a neighbour.

    The neighbours are those of the band's own detector without a gap between; at its ends bands
    move inwards. Bands without neighbours and points that lie between two bands stay.
    """
    shifts = generator.uniform(-eta, eta, size=len(image.points))
    return [_shifted(image.hnr.grid, point, shift) for point, shift in zip(image.points, shifts)]


def _shifted(grid, point, shift):
    if point.fraction > 0:
        return point
    band = point.lower_band
    lower, upper = grid.neighbours(band)
    if (shift < 0 and lower is not None) or upper is None:
        if lower is None:
            return point
        return SpectralPoint(lower, band, 1.0 - abs(shift))
    return SpectralPoint(band, upper, abs(shift))


class ShiftedSpectra:
    """Spectra of some pixels, decoded at shifted wavelengths, a new shift at each draw.

    spectra: (n_pixels, bands) those of the bands themselves, scaled. They stand where a draw has no
    value: a neighbour that no band of the image is may lack pixels that all others have.

    After `most` draws the images decoded so far come round again: decoding costs more than a
    training step, and memory is `most` x pixels x bands x 4 bytes. `most` as large as the number
    of draws gives a fresh image each time.
    """

    def __init__(self, image, pixels, spectra, scaling, eta, most, seed):
        self._image, self._pixels, self._spectra, self._scaling = image, pixels, spectra, scaling
        self._eta, self._most = eta, most
        self._generator = np.random.default_rng([seed, 1])
        self._pool, self._drawn = [], 0

    @property
    def decoded(self):
        """How many images have been decoded."""
        return len(self._pool)

    def draw(self, check=None):
        """(n_pixels, bands) float32; NaN in invalid pixels."""
        if len(self._pool) < self._most:
            self._pool.append(self._decode(check))
        spectra = self._pool[self._drawn % len(self._pool)]
        self._drawn += 1
        return spectra

    def _decode(self, check):
        points = shifted_points(self._image, self._eta, self._generator)

        def read(window, check):
            return self._image.read_points(points, window, check)

        drawn = read_spectra(self._image, self._pixels, self._scaling, check, read)
        return np.where(valid_spectra(drawn)[:, None], drawn, self._spectra)
