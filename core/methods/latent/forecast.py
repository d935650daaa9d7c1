"""What a step is expected to give, from a sample of the bands' coefficients, before anything is coded with it.

It only says where the search for a step goes next: what is searched for is measured.
"""

import math

import numpy as np

from . import spectral

FREE = 0.7
"""Steps up to which a coefficient costs hardly a bit."""
BITS_AN_OCTAVE = 1.8
"""Of a coefficient beyond them: its own, and what its like in its surroundings cost."""
BITS_A_LOADING = 2.0
BETTER_DB = 0.4
"""Than `spectral.band_errors`: what the trellis and the loadings' least squares are worth."""
_BINS_AN_OCTAVE = 16
_KNOTS = 16
"""Numbers of steps between those whose PSNR is worked out."""


class Forecast:
    """Expected size and PSNR of a scene at any step.

    covariance: (C, C) of the bands over their ranges; sample: (C, M) wavelet coefficients of theirs at some places;
    n_pixels: of the scene; step_of: function of a step's number; threshold: a plane is coded whose variance in squared
    steps is larger; near: number of a step like those asked for, for which the bands are weighted.
    """

    def __init__(self, covariance, sample, n_pixels, step_of, threshold, near):
        self._covariance, self._sample, self._step_of, self._threshold = covariance, sample, step_of, threshold
        self._weights = spectral.band_weights(covariance, sample, step_of(near))
        weighted = covariance * self._weights[:, None] * self._weights
        self._variances, basis = spectral.transform(weighted)
        self._pixels_a_place = n_pixels / sample.shape[1]
        planes = (basis * self._weights[:, None]).T.astype(np.float32) @ sample
        octaves = np.floor(np.log2(np.abs(planes) + np.float32(1e-30)) * _BINS_AN_OCTAVE).astype(np.int64)
        self._lowest = octaves.min()
        self._counts = np.bincount((octaves - self._lowest).ravel())
        self._psnrs = {}

    def bits(self, number):
        """Expected bits of the section at the step of that number."""
        step = self._step_of(number)
        octaves = (self._lowest + np.arange(len(self._counts)) + 0.5) / _BINS_AN_OCTAVE - math.log2(FREE * step)
        coefficients = BITS_AN_OCTAVE * (self._counts * np.maximum(octaves, 0)).sum() * self._pixels_a_place
        n_planes = max(1, int((self._variances > step**2 * self._threshold).sum()))
        return coefficients + BITS_A_LOADING * len(self._covariance) * n_planes

    def psnr(self, number):
        """Expected mean PSNR of the bands in dB."""
        below = number // _KNOTS * _KNOTS
        share = (number - below) / _KNOTS
        return (1 - share) * self._psnr(below) + share * self._psnr(below + _KNOTS)

    def _psnr(self, number):
        if number not in self._psnrs:
            error = spectral.band_errors(self._covariance, self._sample, self._step_of(number), self._weights)
            self._psnrs[number] = BETTER_DB - float(10 * np.log10(np.maximum(error, 1e-30)).mean())
        return self._psnrs[number]
