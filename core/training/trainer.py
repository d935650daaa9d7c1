"""Fitting the network to a scene.

Source: HINER (ACM MM 2024, arXiv 2407.21395), sections 3.3 and 4.1: Adam, warm-up, cosine. Beyond
it: several bands a step at a higher rate, and steps at wavelengths between two bands, whose
embedding and whose target lie on the same line between the neighbours'. `docs/method.md` has what
each is worth.
"""

import time
from dataclasses import dataclass, field

import numpy as np
import torch

from ..network.torch_network import decoder_arrays
from ..progress import Progress, clock
from .device import threads_for
from .gpu import SMALLER_MODEL, device_errors, has_bfloat16
from .model import Codec
from .steps import Batch, EagerStep, GraphStep

REPORT_SECONDS = 0.5
# The last steps run in float32 (TF32 where PyTorch takes it), so that bfloat16 leaves no trace in the weights.
MIXED_PRECISION_SHARE = 0.85


@dataclass
class Trained:
    """A fitted network.

    arrays: {name: float32 array} of the decoder; embeddings: (trained bands, 16, h, w) float32.
    history: (seconds, epoch, PSNR in dB) through the training, as the steps saw it.
    """

    arrays: dict
    embeddings: np.ndarray
    history: list = field(default_factory=list)
    seconds: float = 0.0


def train(targets, architecture, schedule, device="cpu", progress=None, reached=None):
    """Fit a network to `targets` (BandTargets) and return it (Trained).

    device: 'cpu' or 'cuda'. reached: called with (arrays, embeddings) when the running PSNR passes
    the schedule's target; training ends once it returns True.

    Raises Cancelled, and DeviceError where the device fails or its memory does not suffice.
    """
    progress = progress or Progress()
    with device_errors(device, SMALLER_MODEL), threads_for(torch, architecture.multiplications()):
        with torch.random.fork_rng(devices=[torch.cuda.current_device()] if device == "cuda" else []):
            torch.manual_seed(schedule.seed)
            return _Training(targets, architecture, schedule, device, progress, reached).run()


class _Training:
    def __init__(self, targets, architecture, schedule, device, progress, reached):
        self.targets, self.schedule, self.device = targets, schedule, device
        self.progress, self.reached = progress, reached
        self.random = np.random.default_rng(schedule.seed)
        self.model = Codec(architecture, targets.positions, schedule).to(device)
        self.resident = self._resident_targets()
        self.step, self.precise_step = self._steps()
        # On the device: reading them at each step would wait for it.
        self.errors = torch.full((len(targets),), torch.nan, device=device)
        self.history, self.told, self.said = [], 0.0, (0.0, "Training")

    def run(self):
        schedule, n_bands = self.schedule, len(self.targets)
        total, done, started = schedule.steps(n_bands), 0, time.monotonic()
        hooks = self._hooks()
        for epoch in range(schedule.epochs):
            for indices in self._epoch():
                self.progress.check()
                share = done / total
                if share >= MIXED_PRECISION_SHARE and self.step is not self.precise_step:
                    # The one before goes, and with it the memory that its recording holds.
                    self.step = self.precise_step
                    torch.cuda.empty_cache()
                batch = self._batch(indices)
                self.errors[batch.bands] = self.step(batch, schedule.learning_rate(share))
                done += 1
                self._tell(done, total, epoch, started)
            self.history.append((time.monotonic() - started, epoch + 1, self._psnr()))
            if self._target_reached():
                break
        for hook in hooks:
            hook.remove()
        arrays, embeddings = self._result()
        return Trained(arrays, embeddings, self.history, time.monotonic() - started)

    def _hooks(self):
        """On a CPU, looking up between the stages too: a step of a large frame takes long."""
        if self.device != "cpu":
            return []
        stages = self.model.decoder.stages
        hooks = [stage.register_forward_hook(self._look_up) for stage in stages]
        return hooks + [stage.register_full_backward_hook(self._look_up) for stage in stages]

    def _look_up(self, *_):
        self.progress.check()
        if time.monotonic() - self.told > REPORT_SECONDS:
            self.told = time.monotonic()
            self.progress.report(*self.said)

    def _on_device(self, array):
        return torch.as_tensor(np.asarray(array, dtype=np.float32), device=self.device)

    def _resident_targets(self):
        """On a GPU all bands at once, if they take less than half of its free memory."""
        if self.device != "cuda":
            return None
        needed = 4 * len(self.targets) * int(np.prod(self.targets.size))
        if needed > torch.cuda.mem_get_info()[0] / 2:
            return None
        resident = torch.empty(len(self.targets), *self.targets.size, device=self.device)
        for i, band in enumerate(resident):
            self.progress.check()
            band.copy_(self._on_device(self.targets.normalised([i])[0]))
        return resident

    def _steps(self):
        parameters = list(self.model.parameters())
        graphs = self.device == "cuda" and GraphStep.supported()
        rate = torch.tensor(self.schedule.rate, device=self.device) if graphs else self.schedule.rate
        optimiser = torch.optim.Adam(
            parameters, lr=rate, betas=self.schedule.betas, capturable=graphs
        )
        steps = [EagerStep(self.model, optimiser)]
        if self.device == "cuda" and has_bfloat16(torch):
            steps.insert(0, EagerStep(self.model, optimiser, mixed_precision=True))
        if graphs:
            steps = [GraphStep(step, optimiser) for step in steps]
        return steps[0], steps[-1]

    def _epoch(self):
        """Batches of band indices of equal size: a permutation, filled up from its start."""
        order = self.random.permutation(len(self.targets))
        batch = min(self.schedule.batch, len(order))
        order = np.resize(order, -(-len(order) // batch) * batch)
        return order.reshape(-1, batch)

    def _batch(self, indices):
        target, valid, bands = self._bands(indices), self._valid(indices), self._numbers(indices)
        if not self.schedule.mixing:
            return Batch(target, valid, bands)
        partners, fractions = self._partners(indices)
        weights = self._on_device(fractions)
        target = torch.lerp(target, self._bands(partners), weights[:, None, None])
        if valid is not None:
            valid = valid * self._valid(partners)
        return Batch(target, valid, bands, self._numbers(partners), weights)

    def _numbers(self, indices):
        # NumPy's own integers have 32 bits on some systems; torch 1.13 takes no such index.
        return torch.as_tensor(np.asarray(indices, dtype=np.int64), device=self.device)

    def _partners(self, indices):
        """For a share of the bands a neighbour and how far towards it; else the band itself."""
        neighbours = self.targets.neighbours[indices]
        chosen = (self.random.random(len(indices)) < self.schedule.mixing) & (neighbours >= 0)
        # Most often about half-way, where the neighbours' own training helps least.
        fractions = np.where(chosen, self.random.random((2, len(indices))).mean(0), 0)
        return np.where(chosen, neighbours, indices), fractions

    def _valid(self, indices):
        valid = self.targets.valid(indices)
        return None if valid is None else self._on_device(valid)

    def _bands(self, indices):
        if self.resident is not None:
            return self.resident[self._numbers(indices)]
        return self._on_device(self.targets.normalised(indices))

    def _psnr(self):
        """Mean over bands of the last PSNR (dB) that the steps saw of each."""
        errors = self.errors.cpu().numpy().astype(np.float64)
        seen = errors[np.isfinite(errors) & (errors > 0)]
        return float(-10 * np.log10(seen).mean()) if len(seen) else float("nan")

    def _tell(self, done, total, epoch, started):
        now = time.monotonic()
        if now - self.told < REPORT_SECONDS and done < total:
            return
        self.told = now
        left = (now - started) / done * (total - done)
        self.said = (
            done / total,
            f"Training: epoch {epoch + 1} of {self.schedule.epochs}, "
            f"{self._psnr():.2f} dB, {clock(left)} left",
        )
        self.progress.report(*self.said)

    def _target_reached(self):
        target = self.schedule.target_psnr
        if target is None or self.reached is None or not self._psnr() >= target:
            return False
        return self.reached(*self._result())

    def _result(self):
        return decoder_arrays(self.model.decoder), self.model.embeddings()
