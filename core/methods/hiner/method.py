"""The method `hiner`: train a network on the scene, quantise it, code it."""

import math

import numpy as np

from ...network.presets import PUBLISHED
from ...progress import Progress
from ...training.device import choose_device, import_torch
from ...training.gpu import SMALLER_MODEL, device_errors, memory_given_back
from ..contract import Encoded, Method, Plan
from . import settings, weights
from .decoder import HinerDecoder
from .rate_distortion import quantised_for_the_bands


class HinerMethod(Method):
    """HINER (ACM MM 2024, arXiv 2407.21395): the scene as the weights of one small network."""

    name = "hiner"
    title = "HINER (published): a network fitted to the scene; best with a GPU"
    presets = (*settings.PRESETS, *PUBLISHED)

    def plan(self, subject, options):
        """See `Method.plan`; times two training steps on the device that will be used."""
        # First, since it says how to install torch where the import below would only fail.
        device = choose_device(options.device)
        from ...training.estimate import training_seconds

        description, n_bands = subject.scene.description, len(subject.varying_bands())
        architecture, schedule = settings.settings(description, n_bands, options)
        n_parameters = architecture.parameters(n_bands)
        n_bytes = settings.expected_bytes(n_parameters, description.n_bands, options)
        with memory_given_back(device), device_errors(device, SMALLER_MODEL):
            seconds = training_seconds(architecture, schedule, n_bands, device) if n_bands else 0.0
        seconds /= settings.TRAINING_SHARE[options.quantisation]
        raw = description.n_samples * np.dtype(description.dtype).itemsize
        return Plan(
            (*settings.describe(architecture, schedule, n_bands, options), f"Device: {device}"),
            n_bytes,
            raw / n_bytes,
            seconds,
        )

    def encode(self, subject, options, progress=None):
        """See `Method.encode`."""
        progress = progress or Progress()
        import_torch()
        bands = subject.varying_bands()
        description = subject.scene.description
        architecture, schedule = settings.settings(description, len(bands), options)
        parameters = settings.architecture_parameters(architecture)
        parameters.update(bits=options.bits, epochs=schedule.epochs, seed=options.seed)
        if not len(bands):
            # Nothing varies: the header's minima are the whole scene.
            empty = np.zeros((0, *architecture.embedding_shape(1)[1:]), dtype=np.float32)
            arrays = {name: np.zeros(s, np.float32) for name, s in architecture.shapes.items()}
            plain = weights.plainly_quantised({**arrays, "embeddings": empty}, options.bits)
            return Encoded(parameters, weights.pack(plain, options.bits))
        targets, device = _targets(subject, bands), choose_device(options.device, progress.log)
        share = settings.TRAINING_SHARE[options.quantisation]
        with memory_given_back(device):
            trained = self._train(targets, architecture, schedule, options, device, progress.part(0.0, share))
            parameters["epochs"] = trained.history[-1][1]
            tensors = {**trained.arrays, "embeddings": trained.embeddings}
            if options.quantisation == "minmax":
                sections = weights.pack(weights.plainly_quantised(tensors, options.bits), options.bits)
            else:
                sections = quantised_for_the_bands(
                    tensors, options.bits, targets, architecture, parameters["epochs"], options.seed, device,
                    schedule.target_psnr, progress.part(share, 1.0),
                )  # fmt: skip
        return Encoded(parameters, sections, trained.history)

    def _train(self, targets, architecture, schedule, options, device, progress):
        from ...training.check import QuantisedCheck
        from ...training.trainer import train

        reached = QuantisedCheck(
            targets,
            architecture,
            lambda tensors: weights.as_decoded(weights.plainly_quantised(tensors, options.bits)),
            schedule.target_psnr,
            device,
            progress,
        )
        return train(targets, architecture, schedule, device, progress, reached)

    def decoder(self, header, section):
        """See `Method.decoder`."""
        return HinerDecoder(header, section)

    def paper_figures(self, encoded, header, psnr):
        """Rate and PSNR as the publication counts them (`docs/benchmarks.md`, "Two conventions").

        Only the coded weights, over the padded frame's pixels; the squared error averaged over the
        padded frame, whose padding is zero in the original and known to the decoder.
        """
        description = header.description
        architecture = settings.architecture_from(encoded.parameters)
        pixels = math.prod(architecture.frame)
        n_bits = 8 * len(encoded.sections[weights.SYMBOLS])
        if not np.isfinite(psnr).any():
            return {}
        padding = 10 * math.log10(pixels / (description.n_rows * description.n_cols))
        return {
            "paper_rate_bpppb": n_bits / (pixels * description.n_bands),
            "paper_psnr_db": float(psnr[np.isfinite(psnr)].mean()) + padding,
        }


def _targets(subject, bands):
    from ...training.targets import BandTargets

    return BandTargets(
        subject.scene.cube,
        subject.scene.validity,
        subject.statistics.minimum,
        subject.statistics.maximum,
        subject.grid.normalised,
        bands,
        _neighbours(subject.grid, bands),
    )


def _neighbours(grid, bands):
    """For each band the position in `bands` of the next longer wavelength, or -1 at a gap."""
    position = {int(band): i for i, band in enumerate(bands)}
    return [position.get(grid.neighbours(int(band))[1], -1) for band in bands]
