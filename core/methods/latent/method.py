"""The method `latent`: the KLT's planes of a scene as entropy-coded wavelet coefficients."""

import math

import numpy as np

from ...container.header import Header
from ...container.masks import pack_validity
from ...container.packed_header import pack_header
from ...progress import Progress
from ...version import ENCODER
from ..contract import Encoded, Method, Plan
from . import fill, scene_stream, search, units
from .band_samples import BandSamples
from .decoder import COARSEST_STEP, FINEST_STEP, LatentDecoder
from .scene_encoder import SceneEncoder
from .settings import PRESETS, wish
from .shipped import CURRENT, context_model

RATE_TOLERANCE, PSNR_TOLERANCE = 0.01, 0.05
START = 320
DB_A_STEP, OCTAVES_A_STEP = 4.0 / 64, 1.0 / 64
CONTAINER_BYTES = 20 + 16
"""The preamble and a section's head."""
FIGURES_BYTES = 90
"""What the measured figures take in the header, about."""
SECONDS_A_MEGASAMPLE = 4.0
"""Measured on one core at 0.3 bits per sample, with the search for the rate."""


class LatentMethod(Method):
    """Entropy-coded latents: nothing is trained when a scene is coded."""

    name = "latent"
    title = "Latent HINER: smaller files in seconds, without a GPU or torch"
    presets = tuple(PRESETS)

    def plan(self, subject, options):
        """See `Method.plan`."""
        wished, description = wish(options), subject.scene.description
        raw = description.n_samples * np.dtype(description.dtype).itemsize
        rate = PRESETS[options.preset] if wished.rate is None else wished.rate
        n_bytes = max(round(rate * description.n_samples / 8), self._overhead(subject))
        line = f"{wished.psnr:g} dB" if wished.rate is None else f"{rate:g} bits per sample"
        lines = (f"Wished: {line}", f"Bands to code: {len(subject.varying_bands())}")
        seconds = SECONDS_A_MEGASAMPLE * description.n_samples / 1e6
        return Plan(lines, n_bytes, raw / n_bytes, seconds)

    def encode(self, subject, options, progress=None):
        """See `Method.encode`: the step is searched at which the file is as wished."""
        progress = progress or Progress()
        wished, bands = wish(options), subject.varying_bands()
        if not len(bands):
            return Encoded(_parameters(0, 0, [0] * 4), {scene_stream.SECTION: b""})
        progress.report(0.0, "Decorrelating the bands")
        coder = _Trial(subject, bands, progress)
        if wished.psnr is None:
            samples = subject.scene.description.n_samples
            target = math.log2(wished.rate * samples / 8)
            overhead = self._overhead(subject)

            def measure(number):
                section, parameters, _ = coder.encode(number)
                return math.log2(len(section) + overhead), (section, parameters)

            goal = target, math.log2(1 + RATE_TOLERANCE), START, OCTAVES_A_STEP
        else:

            def measure(number):
                section, parameters, psnr = coder.encode(number)
                return psnr, (section, parameters)

            goal = wished.psnr, PSNR_TOLERANCE, START, DB_A_STEP
        _, (section, parameters) = search.find(measure, *goal, (COARSEST_STEP, FINEST_STEP))
        return Encoded(parameters, {scene_stream.SECTION: section})

    def decoder(self, header, section):
        """See `Method.decoder`."""
        return LatentDecoder(header, section)

    def _overhead(self, subject):
        """Bytes of the file besides the section's payload, about."""
        usable, scene = subject.grid.usable, subject.scene
        parameters = _parameters(9, 320, [9] * 4)
        header = Header(scene.description, usable, subject.statistics, self.name, parameters, ENCODER)
        masks = pack_validity(scene.validity, usable)
        return CONTAINER_BYTES + FIGURES_BYTES + len(pack_header(header)) + sum(16 + len(m) for m in masks.values())


class _Trial:
    """Codes the scene at one step after another and says what came of it."""

    def __init__(self, subject, bands, progress):
        self._scene, self._bands, self._progress, self._done = subject.scene, bands, progress, 0
        self._statistics, self._of_band = subject.statistics, subject.kept_validity().of_band
        self._offset, self._scale = units.offset_and_scale(subject.statistics, bands)
        stored = [self._without_holes(band) for band in bands]
        samples = BandSamples(stored, self._offset, self._scale, progress.check)
        pixels = self._scene.validity.pixels
        self._encoder = SceneEncoder(samples, pixels, context_model(), progress.check)

    def _without_holes(self, band):
        """The band, (rows, cols), in the scene's data type, smooth where it is invalid."""
        stored, valid = self._scene.cube[band], self._of_band(band)
        if valid.all():
            return stored
        self._progress.check()
        smooth = fill.filled(stored, valid)
        return (smooth if stored.dtype.kind == "f" else np.rint(smooth)).astype(stored.dtype)

    def encode(self, number):
        """(section, parameters, mean PSNR in dB) at the step of that number."""
        self._progress.report(min(0.1 + 0.09 * self._done, 0.99), "Coding the planes")
        self._done += 1
        section, n_planes, shifts, matrix, planes = self._encoder.encode(number)
        self._progress.check()
        return section, _parameters(n_planes, number, shifts), self._psnr(matrix, planes)

    def _psnr(self, matrix, planes):
        """As the file will be measured: rounded and clipped, valid samples only."""
        figures, whole = [], np.dtype(self._scene.description.dtype).kind != "f"
        for row, band in zip(matrix.astype(np.float32), self._bands):
            valid = self._of_band(band).reshape(-1)
            decoded = (row[1:] @ planes + row[0])[valid].astype(np.float64) * self._scale + self._offset
            low, high = self._statistics.minimum[band], self._statistics.maximum[band]
            decoded = np.clip(decoded, low, high)
            decoded = np.rint(decoded) if whole else decoded
            error = ((decoded - self._scene.cube[band].reshape(-1)[valid]) ** 2).mean()
            figures.append(10 * math.log10((high - low) ** 2 / error) if error > 0 else 99.0)
        return float(np.mean(figures))


def _parameters(n_planes, number, shifts):
    return {"planes": int(n_planes), "step": int(number), "shifts": [int(s) for s in shifts], "model": CURRENT}
