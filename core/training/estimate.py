"""How long a training will take on this machine: by running a few of its steps."""

import time

import numpy as np
import torch

from .device import threads_for
from .model import Codec
from .steps import Batch, EagerStep

TIMED_STEPS, LONG_STEP = 2, 1.0


def training_seconds(architecture, schedule, n_bands, device):
    """Expected seconds of a training, from timing a few steps on random data."""
    with threads_for(torch, architecture.multiplications()), torch.random.fork_rng(devices=[]):
        positions = np.linspace(0, 1, n_bands)
        model = Codec(architecture, positions, schedule).to(device)
        step = EagerStep(model, torch.optim.Adam(model.parameters()))
        batch = _random_batch(architecture, min(schedule.batch, n_bands), device)
        seconds = _timed(step, batch, schedule.rate, device)
        if device == "cuda" or seconds < LONG_STEP:
            # The first step also warms up, a GPU by loading its libraries; where one takes long on a CPU, that does
            # not show.
            seconds = min(_timed(step, batch, schedule.rate, device) for _ in range(TIMED_STEPS))
    return seconds * schedule.steps(n_bands)


def _timed(step, batch, rate, device):
    started = _now(device)
    step(batch, rate)
    return _now(device) - started


def _random_batch(architecture, size, device):
    target = torch.rand(size, *architecture.frame).to(device)
    bands = torch.arange(size, device=device)
    return Batch(target, None, bands, bands, torch.zeros(size, device=device))


def _now(device):
    if device == "cuda":
        torch.cuda.synchronize()
    return time.monotonic()
