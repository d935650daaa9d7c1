"""A cube of bands to a latent file's section, at one step."""

from dataclasses import dataclass

import numpy as np

from . import loadings, quantise, reconstruction, scene_stream, spectral, tile_encoder, tiling, wavelet
from .geometry import levels_for

STEPS_AN_OCTAVE = 64
LOADING_PRECISION = 1.7
"""Step of a loading, in the steps that cost a coefficient as much."""
PLANE_THRESHOLD = 5
"""Planes with less variance than the squared step over this are not coded."""
RIDGE = 1e-12
BITS_A_LOADING = 4


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
    """Codes (C, rows, cols) float32 bands, none of them constant, holes filled.

    pixels: (rows, cols) bool, those that the loadings are fitted to.
    """

    def __init__(self, cube, pixels, model, check=None):
        self.shape, self.model, self._check = cube.shape[1:], model, check or (lambda: None)
        self.levels = levels_for(*self.shape)
        self._samples = cube.reshape(len(cube), -1)
        self._pixels = pixels.reshape(-1)
        self._mean = self._samples.mean(1, dtype=np.float64)
        self._span = np.maximum(np.ptp(self._samples, axis=1).astype(np.float64), 1e-30)
        self._relative = ((self._samples - self._mean[:, None]) / self._span[:, None]).astype(np.float32)
        n_pixels = self._relative.shape[1]
        self._covariance = (self._relative @ self._relative.T / n_pixels).astype(np.float64)
        self._sample = spectral.coefficients(self._relative.reshape(cube.shape), self.levels)
        self._weights = None

    def encode(self, number):
        """(section bytes, planes, shifts, decoded loadings, decoded planes (K, pixels)) at a step."""
        step = step_of(number)
        latents = self.latents(step)
        planes = self._decoded(latents, step)
        side, decoded = self._loadings(planes, step)
        streams = [self._tile(latents, tile) for tile in tiling.tiles(*self.shape)]
        section = scene_stream.pack(side, latents.filled, streams)
        return section, len(planes), latents.shifts, decoded, planes

    def latents(self, step, tables_of=None, prices=None):
        """Latents at a step, under the model's own contexts and prices or others (for training)."""
        scaled_low, scaled = self._coefficients(step)
        tables_of = tables_of or self._indices
        prices = self.model.prices if prices is None else prices
        details, filled = quantise.quantise(scaled, tables_of, prices, check=self._check)
        low = np.rint(scaled_low / reconstruction.LOW_STEP).astype(np.int32)
        used = sum((level.any(1) for level in filled), np.zeros(len(low), int)) > 0
        # Planes of slow change may have no details that are worth a bit.
        saved = ((low * reconstruction.LOW_STEP) ** 2).sum((1, 2))
        used |= saved > quantise.WEIGHT * BITS_A_LOADING * len(self._samples)
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
        planes = (basis[:, :k] * weights[:, None]).T.astype(np.float32) @ self._relative
        low, details = wavelet.forward(planes.reshape(k, *self.shape), self.levels)
        return low / step, [tuple(band / step for band in bands) for bands in details]

    def _indices(self, details):
        """Tables of all coefficients, each in its tile's context."""
        places = tiling.tiles(*self.shape)
        if len(places) == 1:
            return quantise.indices(details, self.model)
        out = [[np.zeros(band.shape, np.int16) for band in bands] for bands in details]
        for tile in places:
            for level, bands in enumerate(quantise.indices(tiling.cut(details, tile), self.model)):
                for o, band in enumerate(bands):
                    out[level][o][(slice(None), *tiling.band_part(tile, level, o))] = band
        return out

    def _tile(self, latents, tile):
        low = latents.low[(slice(None), *tiling.low_part(tile, self.levels))]
        details = tiling.cut(latents.details, tile)
        index = quantise.indices(details, self.model)
        lanes = scene_stream.n_lanes(len(low), tile)
        return tile_encoder.encode(low, details, latents.filled, index, self.model, lanes)

    def _decoded(self, latents, step):
        details = [
            tuple(reconstruction.values(band, step, latents.shifts) for band in bands) for bands in latents.details
        ]
        low = reconstruction.low_values(latents.low, step)
        return wavelet.inverse(low, details).reshape(len(low), self._pixels.size)

    def _loadings(self, planes, step):
        """Bytes and decoded (C, 1 + K) loadings: least squares of the bands on the decoded planes."""
        fitted = self._pixels if self._pixels.any() else np.ones_like(self._pixels)
        ones = np.ones((1, int(fitted.sum())), np.float64)
        design = np.concatenate([ones, planes[:, fitted].astype(np.float64)])
        gram = design @ design.T
        gram += RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram))
        right = design @ self._samples[:, fitted].T.astype(np.float64)
        matrix = np.linalg.solve(gram, right).T
        rms = np.sqrt((design**2).mean(1)) + 1e-30
        # An entry's error e costs (scale e rms)^2 a sample; it is worth as many bits as a coefficient.
        scale = self._weights / self._span
        wished = LOADING_PRECISION * step / np.sqrt(design.shape[1]) / rms
        gains = np.rint(2 * np.log2(scale / scale.min())).astype(np.int64)
        exponents = np.rint(2 * np.log2(scale.min()) - 2 * np.log2(wished)).astype(np.int64)
        lowest, highest = loadings.LOWEST_EXPONENT, loadings.LOWEST_EXPONENT + (1 << loadings.EXPONENT_BITS) - 1
        exponents = np.clip(exponents, lowest, highest)
        return loadings.encode(matrix, exponents, gains, self.model)
