"""What a step is expected to give, from a sample of the bands' coefficients, before anything is coded with it.

It only says where the search for a step goes next: what is searched for is measured.
"""

import math

import numpy as np

from ...products import product
from . import spectral

FREE = 0.3
"""Octaves beyond a step up to which a coefficient costs hardly a bit, give or take a tenth."""
BITS_A_COEFFICIENT, BITS_AN_OCTAVE, FORESEEN = 3.7, 0.52, 3
"""Of one beyond them, its own and what its like in its surroundings cost; in so many octaves. Beyond those each is a bit."""
BITS_A_LOADING = 5.0
# Fitted to 18 steps of each of the three scenes of the benchmark, 0.4 octaves apart: a size is off by 1.7 %
# (standard deviation; 8 % at most), and hardly more in a scene that the fit leaves out.
BETTER_DB = 0.4
"""Than `spectral.band_errors`: what the trellis and the loadings' least squares are worth; PSNR is mostly within 0.3 dB."""
WIDEST_CORRECTIONS, BITS_BEYOND = 2000, 2.0
"""Deviation of corrections that a table is made for; bits that an octave beyond costs a sample."""
_BINS_AN_OCTAVE = 16
_LOWEST, _HIGHEST = -40, 24
"""Octaves of coefficients that are told apart; no step lies outside."""
_OCTAVES = _LOWEST + (np.arange((_HIGHEST - _LOWEST) * _BINS_AN_OCTAVE) + 0.5) / _BINS_AN_OCTAVE
_PLACES = 512
"""Of the sample, whose coefficients are made at one time."""
_KNOTS = 16
"""Numbers of steps between those whose errors are worked out."""


class Forecast:
    """Expected size and PSNR of a scene at any step.

    covariance: (C, C) of the bands over their ranges; spans: (C,) these ranges; sample: (C, M) wavelet coefficients of
    the bands at some places; pixels: (rows, cols) bool, the valid ones; step_of: function of a step's number; threshold: a plane is coded
    whose variance in squared steps is larger; near: number of a step like those asked for, for which bands are weighted;
    check: called now and then, and may raise.
    """

    def __init__(self, covariance, spans, sample, pixels, step_of, threshold, near, check=None):
        self._covariance, self._sample, self._step_of, self._threshold = covariance, sample, step_of, threshold
        self._spans, self._n_pixels, self._n_valid = spans, pixels.size, np.count_nonzero(pixels)
        self._check = check or (lambda: None)
        self._weights = spectral.band_weights(covariance, sample, step_of(near))
        weighted = covariance * self._weights[:, None] * self._weights
        self._variances, basis = spectral.transform(weighted)
        to_planes = (basis * self._weights[:, None]).T.astype(np.float32)
        self._counts = np.zeros(len(_OCTAVES), np.int64)
        for first in range(0, sample.shape[1], _PLACES):
            self._counts += _histogram(product(to_planes, sample[:, first : first + _PLACES].astype(np.float32)))
        self._errors = {}

    def bits(self, number):
        """Expected bits of the section at the step of that number."""
        step = self._step_of(number)
        beyond = _OCTAVES - math.log2(step) - FREE
        bits = BITS_A_COEFFICIENT * np.clip(0.5 + beyond / 0.2, 0, 1)
        bits += BITS_AN_OCTAVE * np.clip(beyond, 0, FORESEEN) + np.maximum(beyond - FORESEEN, 0)
        coefficients = (self._counts * bits).sum() * self._n_pixels / self._sample.shape[1]
        n_planes = max(1, int((self._variances > step**2 * self._threshold).sum()))
        return coefficients + BITS_A_LOADING * len(self._covariance) * n_planes

    def bits_corrected(self, number, step):
        """Expected bits of the section at the step of that number and of corrections of another, in the bands' units.

        Corrections: the entropy of a normal law of the error's and the corrections' own variance, and what the tables
        that there are cost beyond it.
        """
        error = self._error(number) * (self._spans / step) ** 2
        corrections = 0.5 * np.log2(2 * np.pi * np.e * (error + 1 / 12))
        corrections += BITS_BEYOND * np.maximum(0.5 * np.log2(error + 1e-30) - math.log2(WIDEST_CORRECTIONS), 0)
        return self.bits(number) + self._n_valid * corrections.sum()

    def psnr(self, number):
        """Expected mean PSNR of the bands in dB."""
        return BETTER_DB - float(10 * np.log10(self._error(number)).mean())

    def _error(self, number):
        """(C,) expected mean squared errors of the bands, over their squared ranges."""
        below = number // _KNOTS * _KNOTS
        share = (number - below) / _KNOTS
        if not share:
            return self._error_at(below)
        return self._error_at(below) ** (1 - share) * self._error_at(below + _KNOTS) ** share

    def _error_at(self, number):
        if number not in self._errors:
            self._check()
            error = spectral.band_errors(self._covariance, self._sample, self._step_of(number), self._weights)
            self._errors[number] = np.maximum(error, 1e-30)
        return self._errors[number]


def _histogram(planes):
    """How many coefficients lie in each of `_OCTAVES`."""
    octaves = np.log2(np.maximum(np.abs(planes), np.float32(2.0**_LOWEST))) - _LOWEST
    places = np.minimum((octaves * _BINS_AN_OCTAVE).astype(np.int32), len(_OCTAVES) - 1)
    return np.bincount(places.ravel(), minlength=len(_OCTAVES))
