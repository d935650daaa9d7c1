"""How long and how fast a network is trained, and the presets' settings."""

import math
from dataclasses import dataclass
from typing import Optional, Tuple

WARM_UP = 0.1
WARM_UP_START = 0.1


@dataclass(frozen=True)
class Schedule:
    """Settings of one training; `docs/method.md` has what each was measured to be worth.

    epochs: passes over all bands. batch: bands a step. rate, betas: Adam's peak learning rate and
    its averaging. mixing: share of samples that lie between two bands (see `model.Codec`).
    residual: whether a band's embedding has a part of its own (see `model.Codec`).
    levels, base: of the positional encoding. target_psnr: stop there (dB), or None.
    """

    epochs: int = 300
    batch: int = 1
    rate: float = 4e-3
    betas: Tuple[float, float] = (0.9, 0.99)
    mixing: float = 1.0
    residual: bool = True
    levels: int = 24
    base: float = 1.25
    target_psnr: Optional[float] = None
    seed: int = 0

    def steps(self, n_bands):
        """Number of optimiser steps."""
        return self.epochs * math.ceil(n_bands / self.batch)

    def learning_rate(self, done):
        """Learning rate at the fraction `done` of the steps: warm-up, then a cosine to zero."""
        if done < WARM_UP:
            return self.rate * (WARM_UP_START + (1 - WARM_UP_START) * done / WARM_UP)
        return self.rate * 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))


# HINER, section 4.1, and its implementation.
PUBLISHED = Schedule(
    epochs=300, batch=1, rate=1e-3, betas=(0.9, 0.999), mixing=0.0, residual=False, levels=80
)
