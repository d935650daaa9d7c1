"""The context model while it is trained: float networks, a continuous scale, learned tables."""

import numpy as np
import torch
from hiner.core.methods.latent import symbols
from torch import nn

from . import law

GAIN = 8.0
"""Scales a unit of a network's output stands for."""
INPUT = 64.0
START = 20.0
"""The scale that an untrained network answers with."""


class Tables(nn.Module):
    """log P(symbol | scale, quantiser): learned at whole scales, linear between them."""

    def __init__(self):
        super().__init__()
        self.logits = nn.Parameter(torch.tensor(np.log(law.laplace_rows()), dtype=torch.float32))

    def forward(self, scale, quantiser):
        scale = scale.clamp(0, law.SCALES - 1.001)
        below = scale.long()
        part = (scale - below).unsqueeze(1)
        logs = torch.log_softmax(self.logits, 2)
        mixed = logs[quantiser, below] * (1 - part) + logs[quantiser, below + 1] * part
        return torch.log_softmax(mixed, 1)


class Pass(nn.Module):
    """Inputs of a pass, (n, F), to scales, (n,)."""

    def __init__(self, n_inputs, hidden):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(n_inputs, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, 1)
        )
        with torch.no_grad():
            self.net[4].bias.fill_(START / GAIN)

    def forward(self, x):
        return self.net(x / INPUT)[:, 0] * GAIN

    @property
    def layers(self):
        """(weight (outputs, inputs), bias) of the three layers, float64 arrays."""
        return [
            (m.weight.detach().double().numpy(), m.bias.detach().double().numpy())
            for m in self.net
            if hasattr(m, "weight")
        ]


def bits(network, tables, x, points, quantiser):
    """Bits of each point (n,): -log2 P(symbol), raw bits and sign."""
    symbol, _, raw = symbols.split(points)
    log = tables(network(torch.from_numpy(x.astype(np.float32))), torch.from_numpy(quantiser.astype(np.int64)))
    chosen = log.gather(1, torch.from_numpy(symbol)[:, None])[:, 0]
    return -chosen / np.log(2) + torch.from_numpy((raw + (points > 0)).astype(np.float32))
