"""Fitting the classifier's network to labelled patches.

Sources: SpectralFormer (arXiv 2107.02988), section IV-B: Adam, cross-entropy; HINER (arXiv
2407.21395), the section on classification: the codec's loss on ASW, interpolated images for the
first 70 % of the epochs, each with probability one half.
"""

import copy
import math
import time
from dataclasses import dataclass, field

import numpy as np
import torch

from ...errors import ParameterError
from ...progress import Paced, Progress
from ...training.denormals import denormals_as_zeros
from ...training.device import one_thread_each
from ...training.gpu import device_errors, memory_given_back
from ...training.kept_memory import freed_memory_kept
from ..imagery.patches import patch_views
from ..model.model import view_weights
from .augmentation import augmented
from .gradients import BatchGradients
from .network import build_network, state_arrays

# Window means of patches that are made between two looks at whether to stop.
_PATCHES_AT_ONCE = 1024


@dataclass
class TrainedNetwork:
    """arrays: the network's state. history: (epoch, loss, share right) of each epoch's steps."""

    arrays: dict
    history: list = field(default_factory=list)
    seconds: float = 0.0


def train_network(spectra, index, classes, n_classes, settings, device, progress=None, shifted=None):
    """Fit a network and return it (TrainedNetwork).

    spectra: (n_pixels, bands) float32 in about [0, 1]; index: (n, side * side) patches of them;
    classes: (n,). device: 'cpu' or 'cuda'. shifted: ShiftedSpectra of the same pixels, or None.
    The same seed gives the same network on the CPU.
    Raises Cancelled, ParameterError for impossible sizes and where the loss is no number any more,
    DeviceError where the device fails or its memory does not suffice.
    """
    progress = progress or Progress()
    advice = "Choose a smaller patch, or the device 'cpu'."
    with memory_given_back(device), device_errors(device, advice), one_thread_each(torch) as alone:
        devices = [torch.cuda.current_device()] if device == "cuda" else []
        with torch.random.fork_rng(devices=devices), denormals_as_zeros(torch), freed_memory_kept():
            torch.manual_seed(settings.seed)
            return _Training(
                spectra, index, classes, n_classes, settings, device, progress, shifted, alone
            ).run()


class _Views:
    """Batches of what the network sees of patches; index: (n, side * side) into spectra, (n_pixels, bands).

    `check` is called now and then while they are made and may raise.
    """

    def __init__(self, spectra, index, weights, device, check):
        self._index = torch.as_tensor(np.asarray(index, dtype=np.int64), device=device)
        self._weights, self._device = weights, device
        self._fill(spectra, check)

    def of(self, spectra, check):
        """The same patches of other spectra."""
        other = copy.copy(self)
        other._fill(spectra, check)
        return other

    def _fill(self, spectra, check):
        self._spectra = self._means = None
        if self._weights is None:
            self._spectra = torch.as_tensor(spectra, device=self._device)
        else:
            # Window means are few: they are made once for all patches.
            self._means = torch.as_tensor(self._window_means(spectra, check), device=self._device)

    def _window_means(self, spectra, check):
        index, parts = self._index.cpu().numpy(), []
        for start in range(0, len(index), _PATCHES_AT_ONCE):
            check()
            parts.append(patch_views(spectra, index[start:start + _PATCHES_AT_ONCE], self._weights))
        return np.concatenate(parts)

    def take(self, places):
        """(batch, pixels, bands)"""
        if self._weights is None:
            return self._spectra[self._index[places]]
        return self._means[places]

    def spectra(self):
        """All that the network may see, (n, bands): pixels of the patches, or their means."""
        seen = self._means if self._spectra is None else self._spectra[self._index.unique()]
        return seen.flatten(0, -2)


def _adam(parameters, **rates):
    """Adam, in one call for all parameters where torch has that for their device (on a CPU from 2.4 on)."""
    parameters = list(parameters)
    try:
        return torch.optim.Adam(parameters, fused=True, **rates)
    except (RuntimeError, TypeError):
        return torch.optim.Adam(parameters, **rates)


class _Training:
    def __init__(self, spectra, index, classes, n_classes, settings, device, progress, shifted, in_threads):
        self.settings, self.device, self.progress = settings, device, progress
        self.shifted = shifted
        self.random = np.random.default_rng(settings.seed)
        self.own = self.views = _Views(spectra, index, view_weights(settings), device, progress.check)
        self.classes = torch.as_tensor(np.asarray(classes, dtype=np.int64), device=device)
        self.network = build_network(settings, spectra.shape[1], n_classes).to(device).train()
        if settings.whitening:
            self.network.between.fit(self.views.spectra(), settings.whitening)
        self.average = copy.deepcopy(self.network) if settings.averaging else None
        self.optimiser = _adam(self.network.parameters(), lr=settings.rate, weight_decay=settings.decay)
        score = torch.nn.CrossEntropyLoss(label_smoothing=settings.smoothing)
        beta = settings.beta if settings.asw else 0.0
        self.gradients = BatchGradients(self.network, score, beta, in_threads)
        self.history, self.paced = [], Paced(progress)
        self.started = time.monotonic()

    def run(self):
        settings = self.settings
        steps = math.ceil(len(self.classes) / settings.batch)
        total, done = steps * settings.epochs, 0
        for epoch in range(settings.epochs):
            self._choose_image(epoch)
            loss, right = 0.0, 0
            for places in np.array_split(self.random.permutation(len(self.classes)), steps):
                self.progress.check()
                self._set_rate(0.5 * settings.rate * (1 + math.cos(math.pi * done / total)))
                # NumPy's own integers have 32 bits on some systems; torch 1.13 takes no such index.
                places = torch.as_tensor(np.asarray(places, dtype=np.int64), device=self.device)
                step_loss, step_right = self._step(places, done)
                loss += step_loss * len(places)
                right += step_right
                done += 1
                self._tell(done, total, epoch)
            n = len(self.classes)
            self.history.append((epoch + 1, float(loss) / n, int(right) / n))
            self._check_finite()
        network = self.network if self.average is None else self.average
        return TrainedNetwork(state_arrays(network), self.history, time.monotonic() - self.started)

    def _check_finite(self):
        epoch, loss, _ = self.history[-1]
        if not math.isfinite(loss):
            raise ParameterError(
                f"The training went astray: its loss is no number in epoch {epoch}. Mark bands whose values "
                "are out of all proportion as bad bands, or give another random seed."
            )

    def _choose_image(self, epoch):
        """The image itself, or for a part of the epochs one at shifted wavelengths."""
        if self.shifted is None:
            return
        early = epoch < self.settings.isi_share * self.settings.epochs
        if early and self.random.random() < self.settings.isi_chance:
            check = self.progress.check
            self.views = self.own.of(self.shifted.draw(check), check)
        else:
            self.views = self.own

    def _step(self, places, done):
        patches, classes = self.views.take(places), self.classes[places]
        patches = augmented(patches, classes, self.settings)
        loss, right = self.gradients.fill(patches, classes, self.random)
        self.optimiser.step()
        self._average(done)
        # Tensors: reading them at each step would wait for the GPU.
        return loss, right

    def _average(self, done):
        if self.average is None:
            return
        # It follows quickly at first: else a training of few steps would keep most of its random start.
        decay = min(self.settings.averaging, (1 + done) / (10 + done))
        with torch.no_grad():
            for mean, value in zip(self.average.parameters(), self.network.parameters()):
                mean.lerp_(value, 1 - decay)

    def _set_rate(self, rate):
        for group in self.optimiser.param_groups:
            group["lr"] = rate

    def _tell(self, done, total, epoch):
        last = f", {100 * self.history[-1][2]:.1f} % of training pixels right" if self.history else ""
        self.paced.report(done / total, f"Training: epoch {epoch + 1} of {self.settings.epochs}{last}")
