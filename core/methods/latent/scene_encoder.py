"""A cube of bands to a latent file's section, at one step."""

import math
from dataclasses import dataclass

import numpy as np

from ...big_arrays import big_zeros
from ...parallel import mapped
from ...products import product
from . import loadings, quantise, reconstruction, scene_stream, spectral, symbols, tile_jobs, tiling, wavelet
from .forecast import Forecast
from .geometry import levels_for

STEPS_AN_OCTAVE = 64
LOADING_PRECISION = 1.7
"""Step of a loading, in the steps that cost a coefficient as much."""
PLANE_THRESHOLD = 5
"""Planes with less variance than the squared step over this are not coded."""
RIDGE = 1e-12
BITS_A_LOADING = 4
UNTIL_QUANTISED, UNTIL_CODED = 0.7, 0.93
"""Of the time of a try."""
PLANES = 32
"""Whose samples are made at one time: more take more memory, fewer more passes over the raster."""


def step_of(number):
    """Step, as a share of a band's range, from the whole number in the file: 2^(-number / 64)."""
    return 2.0 ** (-number / STEPS_AN_OCTAVE)


@dataclass
class Latents:
    """Quantised planes: low and details in whole numbers, which subbands are filled, shifts of points."""

    low: np.ndarray
    details: list
    filled: list
    shifts: np.ndarray


class SceneEncoder:
    """Codes bands, given as BandSamples.

    pixels: (rows, cols) bool, those that the loadings are fitted to.
    """

    def __init__(self, samples, pixels, model, check=None):
        self.shape, self.model, self._check = samples.shape, model, check or (lambda: None)
        self.levels = levels_for(*self.shape)
        self._samples = samples
        self._pixels = pixels if pixels.any() else np.ones_like(pixels)
        self._covariance = self._covariance_of_bands()
        parts, energy = [], 0.0
        for bands in samples.some_bands():
            self._check()
            low, details = wavelet.forward(bands, self.levels)
            parts.append(spectral.sample_of(low, details))
            energy = energy + (low.astype(np.float64) ** 2).sum(0)
        self._sample = np.concatenate(parts)
        # No plane's low band is larger, whatever its basis, and no detail lies far above it.
        largest = spectral.WIDEST * math.sqrt(energy.max()) + 1e-30
        self.finest = math.floor(STEPS_AN_OCTAVE * math.log2(symbols.LARGEST * reconstruction.LOW_STEP / largest))
        self._weights = None

    def _covariance_of_bands(self):
        total = np.zeros((self._samples.n_bands, self._samples.n_bands))
        for portion in self._samples.portions():
            self._check()
            # Beside a plane of great variance those of little would drown in 32 bits.
            relative = self._samples.rows(*portion).astype(np.float64)
            total += product(relative, relative.T)
        return total / (self.shape[0] * self.shape[1])

    def forecast(self, near):
        """What steps around that number are expected to give (Forecast)."""
        span, pixels, threshold = self._samples.span, self._pixels, 1 / PLANE_THRESHOLD
        return Forecast(self._covariance, span, self._sample, pixels, step_of, threshold, near, self._check)

    def encode(self, number, report=None):
        """(section bytes, planes, shifts, decoded loadings, decoded planes (K, pixels)) at a step.

        report: called with the share that is done, 0 to 1, now and then.
        """
        step, report = step_of(number), report or (lambda share: None)
        latents = self.latents(step, report=lambda share: report(UNTIL_QUANTISED * share))
        # Before there are planes: both take memory.
        streams = mapped(
            lambda tile: self._tile(latents, tile), tiling.tiles(*self.shape),
            lambda share: report(UNTIL_QUANTISED + share * (UNTIL_CODED - UNTIL_QUANTISED)),
        )  # fmt: skip
        planes, filled, shifts = self._decoded(latents, step), latents.filled, latents.shifts
        del latents
        side, decoded = self._loadings(planes, step)
        section = scene_stream.pack(side, filled, streams)
        report(1.0)
        return section, len(planes), shifts, decoded, planes

    def latents(self, step, tables_of=None, prices=None, report=None):
        """Latents at a step, under the model's own contexts and prices or both others (for training)."""
        scaled_low, scaled = self._coefficients(step)

        def under_others(scaled, integers, filled, report):
            return quantise.cheapest(scaled, tables_of(integers), filled, prices, report, self._check)

        details, filled = quantise.quantise(scaled, under_others if tables_of else self._choose, report=report)
        low = np.rint(scaled_low / reconstruction.LOW_STEP).astype(np.int32)
        used = sum((level.any(1) for level in filled), np.zeros(len(low), int)) > 0
        # Planes of slow change may have no details that are worth a bit.
        saved = ((low * reconstruction.LOW_STEP) ** 2).sum((1, 2))
        used |= saved > quantise.WEIGHT * BITS_A_LOADING * self._samples.n_bands
        if used.all():
            return Latents(low, details, filled, reconstruction.shifts(scaled, details))
        pick = [tuple(band[used] for band in bands) for bands in details]
        of = [tuple(band[used] for band in bands) for bands in scaled]
        return Latents(low[used], pick, [f[used] for f in filled], reconstruction.shifts(of, pick))

    def _coefficients(self, step):
        start = self._weights
        self._weights = spectral.band_weights(self._covariance, self._sample, step, start)
        weights = self._weights
        values, basis = spectral.transform(self._covariance * weights[:, None] * weights)
        k = max(1, int((values > step**2 / PLANE_THRESHOLD).sum()))
        self._check()
        to_planes = (basis[:, :k] * (weights / step)[:, None]).T.astype(np.float32)
        low, details = wavelet.empty(k, *self.shape, self.levels, make=big_zeros)
        for first in range(0, k, PLANES):
            planes = self._planes(to_planes[first : first + PLANES])
            for some in wavelet.groups(len(planes)):
                parts = wavelet.forward(planes[some], self.levels)
                place = slice(first + some.start, first + some.stop)
                low[place] = parts[0]
                for bands, of_some in zip(details, parts[1]):
                    for band, part in zip(bands, of_some):
                        band[place] = part
        return low, details

    def _planes(self, to_planes):
        """(k, rows, cols) float32 of (k, bands) weights."""
        planes = big_zeros((len(to_planes), *self.shape), np.float32)
        for first, stop in self._samples.portions():
            self._check()
            part = product(to_planes, self._samples.rows(first, stop))
            planes[:, first:stop] = part.reshape(len(planes), stop - first, self.shape[1])
        return planes

    def _choose(self, scaled, integers, filled, report):
        """The integers of a round, each tile in its own contexts."""
        places = tiling.tiles(*self.shape)
        if len(places) == 1:
            return tile_jobs.choose_here(scaled, integers, filled, self.model, self._check, report)

        def choose(tile):
            part, own = tiling.cut(scaled, tile), tiling.cut(integers, tile)
            for bands, chosen in zip(own, tile_jobs.choose(part, own, filled, self.model, self._check)):
                for band, numbers in zip(bands, chosen):
                    band[...] = numbers

        mapped(choose, places, report)
        return integers

    def _tile(self, latents, tile):
        low = latents.low[(slice(None), *tiling.low_part(tile, self.levels))]
        details = tiling.cut(latents.details, tile)
        lanes = scene_stream.n_lanes(len(low), tile)
        encoded = tile_jobs.encoded if tiling.n_tiles(*self.shape) > 1 else tile_jobs.encoded_here
        return encoded(low, details, latents.filled, lanes, self.model, self._check)

    def _decoded(self, latents, step):
        out = big_zeros((len(latents.low), self._pixels.size), np.float32)
        for some in wavelet.groups(len(out)):
            self._check()
            low = reconstruction.low_values(latents.low[some], step)
            for bands in reversed(latents.details):
                parts = [reconstruction.values(band[some], step, latents.shifts) for band in bands]
                low = wavelet.merge_level(low, parts)
            out[some] = low.reshape(len(low), -1)
        return out

    def _loadings(self, planes, step):
        """Bytes and decoded (C, 1 + K) loadings: least squares of the bands on the decoded planes."""
        gram, right = self._normal_equations(planes)
        rms = np.sqrt(np.diag(gram) / self._pixels.sum()) + 1e-30
        gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
        matrix = np.linalg.solve(gram, right).T
        # An entry's error e costs (scale e rms)^2 a sample; it is worth as many bits as a coefficient.
        scale = self._weights / self._samples.span
        wished = LOADING_PRECISION * step / np.sqrt(self._pixels.sum()) / rms
        gains = np.rint(2 * np.log2(scale / scale.min())).astype(np.int64)
        exponents = np.rint(2 * np.log2(scale.min()) - 2 * np.log2(wished)).astype(np.int64)
        exponents -= loadings.excess(matrix, exponents, gains)
        lowest, highest = loadings.LOWEST_EXPONENT, loadings.LOWEST_EXPONENT + (1 << loadings.EXPONENT_BITS) - 1
        exponents = np.clip(exponents, lowest, highest)
        return loadings.encode(matrix, exponents, gains, self.model)

    def _normal_equations(self, planes):
        """Of the least squares, over the fitted pixels: (1 + K, 1 + K) and (1 + K, C)."""
        k, n_bands, cols = len(planes), self._samples.n_bands, self.shape[1]
        gram, right = np.zeros((1 + k, 1 + k)), np.zeros((1 + k, n_bands))
        mean, span = self._samples.mean[:, None], self._samples.span[:, None]
        for first, stop in self._samples.portions():
            fitted = self._pixels[first:stop].reshape(-1)
            design = np.ones((1 + k, int(fitted.sum())))
            design[1:] = planes[:, first * cols : stop * cols][:, fitted]
            coded = self._samples.rows(first, stop)[:, fitted] * span
            coded += mean
            gram += product(design, design.T)
            right += product(design, coded.T)
        return gram, right
