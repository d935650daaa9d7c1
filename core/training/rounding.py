"""Rounding a network's weights together, for the decoded bands' sake.

Sources: J. Shi, M. Lu, Z. Ma, "Rate-Distortion Optimized Post-Training Quantization for Learned Image
Compression", IEEE Trans. Circuits Syst. Video Technol. 34, 2024; M. Nagel et al., "Up or Down?
Adaptive Rounding for Post-Training Quantization", ICML 2020. The weights are not trained on: each
may take the levels about its own place and no others. Which of them is found by Adam, all weights
together, with the rounding's slope taken as one (Y. Bengio et al., arXiv 1308.3432), along with
small changes of the scales and minima.
"""

import math
import time

import numpy as np
import torch
from torch import nn

from ..network.torch_network import Decoder, decode_with
from ..quantisation.uniform import QuantisedTensor, grid_positions, levels_dtype
from .device import threads_for

# Levels to either side of a weight's place on the grid that it may be rounded to.
REACH = 1.0
# Peak learning rates in levels; a band's embedding is visited once a pass, so it goes further at a time.
RATE, EMBEDDING_RATE, GRID_RATE = 0.01, 0.03, 0.03
BETAS = (0.9, 0.99)
# Passes over the bands for each epoch of the training; with all else about a tenth of its time.
PASSES_AN_EPOCH = 0.08
# Share of the steps in which the grids may change: the smallest change of a 16-bit minimum moves a
# whole tensor, which the levels need time to make up for.
GRIDS_SHARE = 0.5
# A weight half-way between two levels would flip at every other step. From this share of the steps on
# weights are drawn towards the nearer level, by up to this part of their distance a step, over the number
# of levels: flips between many levels hurt less (dampening: M. Nagel et al., "Overcoming Oscillations in
# Quantization-Aware Training", ICML 2022).
PULL_FROM, PULL = 0.2, 0.16
# A band that is decoded exactly must not outweigh all others.
LEAST_ERROR = 1e-12
LARGEST_HALF = 65504.0
REPORT_SECONDS = 0.5


def round_together(targets, architecture, tensors, grids, epochs, seed, device, progress):
    """{name: QuantisedTensor}: the tensors on about the given grids, rounded for the bands' PSNR.

    tensors: {name: float32 array}, `embeddings` among them; grids: {name: QuantisedTensor}, of which
    minimum, scale, axis and bits are taken. epochs: of the training. On a CPU the same seed gives
    the same levels. Raises Cancelled.
    """
    with threads_for(torch, architecture.multiplications()), torch.random.fork_rng(devices=[]):
        rounding = _Rounding(targets, architecture, tensors, grids, device, progress)
        return rounding.run(math.ceil(PASSES_AN_EPOCH * epochs * len(targets)), seed)


class _Rounding:
    def __init__(self, targets, architecture, tensors, grids, device, progress):
        self.targets, self.device, self.progress = targets, device, progress
        self.said, self.told = (0.0, ""), 0.0
        self.tensors = {
            name: _OnGrid(tensors[name], grids[name]).to(device) for name in tensors
        }
        self.embeddings = self.tensors["embeddings"]
        self.weights = {name: t for name, t in self.tensors.items() if name != "embeddings"}
        self.decoder = Decoder(architecture).to(device)
        # Looking up between the stages too: a step of a large frame takes long.
        self.hooks = [stage.register_forward_hook(self._look_up) for stage in self.decoder.stages]
        self.hooks += [stage.register_full_backward_hook(self._look_up) for stage in self.decoder.stages]

    def run(self, n_steps, seed):
        random, order = np.random.default_rng(seed), []
        optimisers = self._optimisers()
        for step in range(n_steps):
            if not order:
                order = list(random.permutation(len(self.targets)))
            self.said = (step / n_steps, f"Rounding the weights: step {step + 1} of {n_steps}")
            self._look_up()
            if step >= GRIDS_SHARE * n_steps:
                self._settle_grids()
            self._step(int(order.pop()), optimisers, 0.5 * (1 + math.cos(math.pi * step / n_steps)))
            self._pull(step / n_steps)
        for hook in self.hooks:
            # They hold this object, which holds them.
            hook.remove()
        return {name: tensor.rounded() for name, tensor in self.tensors.items()}

    def _settle_grids(self):
        for tensor in self.tensors.values():
            tensor.shift.requires_grad_(False)
            tensor.stretch.requires_grad_(False)

    def _pull(self, done):
        part = PULL * max(0.0, done - PULL_FROM) / (1 - PULL_FROM)
        for tensor in self.weights.values():
            tensor.pull(part)

    def _look_up(self, *_):
        self.progress.check()
        if time.monotonic() - self.told > REPORT_SECONDS:
            self.told = time.monotonic()
            self.progress.report(*self.said)

    def _optimisers(self):
        groups = [{"params": [t.positions for t in self.weights.values()], "peak": RATE}]
        every = self.tensors.values()
        groups.append({"params": [t.shift for t in every], "peak": GRID_RATE})
        # A change of the scale by one part moves the last level by as many parts of all levels.
        groups.append({"params": [t.stretch for t in every], "peak": GRID_RATE})
        rows = [{"params": [self.embeddings.positions], "peak": EMBEDDING_RATE}]
        return (
            torch.optim.Adam(groups, lr=RATE, betas=BETAS),
            torch.optim.SparseAdam(rows, lr=RATE, betas=BETAS),
        )

    def _step(self, band, optimisers, share):
        index = torch.tensor([band], device=self.device)
        weights = {name: tensor() for name, tensor in self.weights.items()}
        decoded = decode_with(self.decoder, weights, self.embeddings(index))
        loss = self._error(decoded[0, 0], band).log()
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = share * group["peak"]
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        for optimiser in optimisers:
            optimiser.step()
        for tensor in self.weights.values():
            tensor.confine()
        self.embeddings.confine(index)

    def _error(self, decoded, band):
        """Mean squared error of a decoded band; its logarithm is the PSNR but for a factor."""
        rows, cols = self.targets.size
        original = torch.from_numpy(self.targets.normalised([band])[0]).to(self.device)
        square = (decoded[:rows, :cols] - original).square()
        valid = self.targets.valid([band])
        if valid is None:
            return square.mean() + LEAST_ERROR
        valid = torch.from_numpy(valid[0]).to(self.device)
        return (square * valid).sum() / valid.sum() + LEAST_ERROR


class _OnGrid(nn.Module):
    """A tensor as real positions on its grid of levels, and the grid itself.

    positions: in two dimensions, the tensor's first and all others, so that an embedding is a row.
    """

    def __init__(self, tensor, grid):
        super().__init__()
        self.grid, self.last = grid, (1 << grid.bits) - 1
        places = grid_positions(tensor, grid.minimum.astype("f8"), grid.scale.astype("f8"))
        # Just within half a level of the ends, where a slope of zero would hold them for ever.
        places = np.clip(places, -0.49, self.last + 0.49).astype(np.float32)
        places = torch.from_numpy(places.reshape(len(tensor), -1))
        self.positions = nn.Parameter(places.clone())
        self.register_buffer("least", (places - REACH).clamp(min=-0.49))
        self.register_buffer("most", (places + REACH).clamp(max=self.last + 0.49))
        self.register_buffer("scale", torch.from_numpy(grid.scale.astype(np.float32)))
        self.register_buffer("minimum", torch.from_numpy(grid.minimum.astype(np.float32)))
        self.stretch = nn.Parameter(torch.zeros_like(self.scale))
        self.shift = nn.Parameter(torch.zeros_like(self.scale))

    def forward(self, rows=None):
        """The tensor as a decoder will have it, or the given rows of it."""
        minimum, scale = self._grid()
        positions = self.positions
        if rows is not None:
            positions = nn.functional.embedding(rows, positions, sparse=True)
            minimum, scale = (g if len(g) == 1 else g[rows] for g in (minimum, scale))
        levels = _Rounded.apply(positions.clamp(0, self.last))
        return levels.reshape(-1, *self.grid.shape[1:]) * scale + minimum

    def _grid(self):
        scale = self.scale * (self.stretch / self.last).exp()
        return _Half.apply(self.minimum + self.scale * self.shift), _Half.apply(scale)

    def confine(self, rows=slice(None)):
        """Bring positions that went too far back to the levels about their own places."""
        with torch.no_grad():
            within = torch.minimum(self.positions[rows], self.most[rows])
            self.positions[rows] = torch.maximum(within, self.least[rows])

    def pull(self, part):
        """Draw each position towards its nearest level by that part of the distance over the number of levels."""
        with torch.no_grad():
            self.positions += part / (self.last + 1) * (self.positions.round() - self.positions)

    def rounded(self):
        """What is stored of it (QuantisedTensor)."""
        with torch.no_grad():
            minimum, scale = (g.cpu().numpy().astype(np.float16) for g in self._grid())
            levels = self.positions.clamp(0, self.last).round().cpu().numpy()
        levels = levels.reshape(self.grid.shape).astype(levels_dtype(self.grid.bits))
        return QuantisedTensor(levels, minimum, scale, self.grid.axis, self.grid.bits)


class _Rounded(torch.autograd.Function):
    """Rounding to the next integer, with a slope of one."""

    @staticmethod
    def forward(_, x):
        return x.round()

    @staticmethod
    def backward(_, slope):
        return slope


class _Half(torch.autograd.Function):
    """Rounding to the next finite 16-bit float, with a slope of one."""

    @staticmethod
    def forward(_, x):
        return x.clamp(-LARGEST_HALF, LARGEST_HALF).half().float()

    @staticmethod
    def backward(_, slope):
        return slope
