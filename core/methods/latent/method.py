"""The method `latent`: the KLT's planes of a scene as entropy-coded wavelet coefficients."""

import numpy as np

from ...container.header import Header
from ...container.masks import pack_validity
from ...container.packed_header import pack_header
from ...progress import Progress
from ...version import ENCODER
from ..contract import Encoded, Method, Plan
from ..size_wish import missed
from . import bound, rate_control, scene_stream
from .decoder import CORRECTION_STEP, LatentDecoder
from .settings import PRESETS, wish
from .trial import Trial, parameters_of

CONTAINER_BYTES = 20 + 16
"""The preamble and a section's head."""
FIGURES = {"psnr_db": 45.67, "sam_degrees": 1.234, "rmse": 12.34, "ssim": 0.9876, "max_error": 123.0, "rate_bpppb": 0.3004}
"""Like those that are measured of the file and put into its header, for their size."""
TRIES, TRIES_OF_ERRORS = 2, 4
"""Of steps, until the file is as wished, mostly."""
SECONDS_A_MEGASAMPLE = 1.2
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
        n_bands = len(subject.varying_bands())
        if wished.max_error is not None and n_bands:
            self._ways(subject, wished)
        lines = (f"Wished: {wished}", f"Bands to code: {n_bands}")
        seconds = SECONDS_A_MEGASAMPLE * description.n_samples / 1e6
        if wished.rate is None:
            return Plan(lines, None, None, seconds)
        n_bytes = max(round(wished.rate * description.n_samples / 8), self._overhead(subject))
        return Plan(lines, n_bytes, raw / n_bytes, seconds)

    def encode(self, subject, options, progress=None):
        """See `Method.encode`: the step is searched at which the file is as wished."""
        progress = progress or Progress()
        wished, bands = wish(options), subject.varying_bands()
        if not len(bands):
            return Encoded(parameters_of(0, 0, [0] * 4), {scene_stream.SECTION: b""})
        ways = self._ways(subject, wished)
        progress.report(0.0, "Decorrelating the bands")
        trial = Trial(subject, bands, progress, TRIES if wished.max_error is None else TRIES_OF_ERRORS)
        if wished.max_error is not None:
            return rate_control.within_error(trial, ways)
        if wished.psnr is not None:
            encoded = rate_control.at_psnr(trial, wished.psnr, ways)
            if CORRECTION_STEP in encoded.parameters:
                progress.log(f"No loss at all takes fewer bytes than {wished}: whole numbers are kept exactly.")
            return encoded
        samples = subject.scene.description.n_samples
        overhead = self._overhead(subject)
        encoded = rate_control.at_rate(trial, wished.rate, samples, overhead)
        n_bytes = overhead + len(encoded.sections[scene_stream.SECTION])
        short = missed(wished, wished.rate * samples / 8, n_bytes)
        if short:
            progress.log(short)
        return encoded

    def decoder(self, header, section):
        """See `Method.decoder`."""
        return LatentDecoder(header, section)

    def _ways(self, subject, wished):
        """Keepings for the wish: of its bound, or beside a PSNR such as lose nothing."""
        if wished.max_error is not None:
            return bound.ways(subject, wished.max_error)
        is_whole = np.dtype(subject.scene.description.dtype).kind != "f"
        return bound.ways(subject, 0) if wished.psnr is not None and is_whole else ()

    def _overhead(self, subject):
        """Bytes of the file besides the section's payload, about."""
        usable, scene = subject.grid.usable, subject.scene
        parameters = parameters_of(9, 320, [9] * 4)
        header = Header(scene.description, usable, subject.statistics, self.name, parameters, ENCODER, measured=FIGURES)
        masks = pack_validity(scene.validity, usable)
        return CONTAINER_BYTES + len(pack_header(header)) + sum(16 + len(m) for m in masks.values())
