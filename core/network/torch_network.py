"""HINER's network in torch: wavelength embedding, decoder, one class an idea.

Source: HINER (ACM MM 2024, arXiv 2407.21395), section 3.2.
"""

import math

import torch
from torch import nn

from .architecture import EMBEDDING_CHANNELS, Architecture

EMBEDDING_HIDDEN = 320


class PositionalEncoding(nn.Module):
    """sin and cos of base^i * pi * lambda for i = 0 .. levels - 1, lambda in [0, 1]."""

    def __init__(self, levels, base):
        super().__init__()
        frequencies = torch.tensor([base**i * math.pi for i in range(levels)], dtype=torch.float64)
        self.register_buffer("frequencies", frequencies)

    def forward(self, wavelengths):  # (batch,)
        # In double precision: the highest published frequency turns 5e7 times over [0, 1].
        phases = wavelengths.double()[:, None] * self.frequencies  # (batch, levels)
        return torch.cat([phases.sin(), phases.cos()], dim=1).float()  # (batch, 2 * levels)


class WavelengthEmbedding(nn.Module):
    """Positional encoding -> MLP -> a tensor of 16 channels on the grid."""

    def __init__(self, grid, levels, base):
        super().__init__()
        self.grid = grid
        self.encoding = PositionalEncoding(levels, base)
        self.hidden = nn.Linear(2 * levels, EMBEDDING_HIDDEN)
        self.out = nn.Linear(EMBEDDING_HIDDEN, EMBEDDING_CHANNELS * math.prod(grid))

    def forward(self, wavelengths):  # (batch,)
        features = nn.functional.gelu(self.hidden(self.encoding(wavelengths)))  # (batch, 320)
        return self.out(features).reshape(-1, EMBEDDING_CHANNELS, *self.grid)  # (batch, 16, h, w)


class Stage(nn.Module):
    """Convolution, pixel shuffle by a stride for each side, GELU; then cut to `size`."""

    def __init__(self, n_in, n_out, kernel, strides, size):
        super().__init__()
        self.strides, self.size = strides, size
        self.conv = nn.Conv2d(n_in, n_out * math.prod(strides), kernel, padding=kernel // 2)

    def forward(self, x):  # (batch, n_in, rows, cols)
        x = shuffle(self.conv(x), self.strides)  # (batch, n_out, rows * sy, cols * sx)
        return nn.functional.gelu(x[:, :, : self.size[0], : self.size[1]])


class Decoder(nn.Module):
    """1x1 convolution, the stages, a 3x3 convolution to one channel, (tanh + 1) / 2."""

    def __init__(self, architecture: Architecture):
        super().__init__()
        widths, sizes = architecture.widths, architecture.sizes
        self.stem = nn.Conv2d(EMBEDDING_CHANNELS, widths[0], 1)
        self.stages = nn.ModuleList(
            Stage(widths[i], widths[i + 1], kernel, strides, sizes[i + 1])
            for i, (kernel, strides) in enumerate(zip(architecture.kernels, architecture.strides))
        )
        self.head = nn.Conv2d(widths[-1], 1, 3, padding=1)

    def forward(self, embedding):  # (batch, 16, h, w)
        x = nn.functional.gelu(self.stem(embedding))  # (batch, width, h, w)
        for stage in self.stages:
            x = stage(x)
        return (torch.tanh(self._in_float32(x)) + 1) / 2  # (batch, 1, rows, cols)

    def _in_float32(self, x):
        """The head, whose output is the image, also where the layers before it run in mixed precision."""
        if x.dtype not in (torch.float16, torch.bfloat16):
            return self.head(x)
        with torch.autocast(x.device.type, enabled=False):
            return self.head(x.float())


def shuffle(x, strides):
    """Pixel shuffle with a stride for each side: (b, c*sy*sx, h, w) -> (b, c, h*sy, w*sx)."""
    sy, sx = strides
    if sy == sx:
        return nn.functional.pixel_shuffle(x, sy)
    batch, channels, rows, cols = x.shape
    x = x.reshape(batch, channels // (sy * sx), sy, sx, rows, cols)
    x = x.permute(0, 1, 4, 2, 5, 3)  # (batch, channels, rows, sy, cols, sx)
    return x.reshape(batch, channels // (sy * sx), rows * sy, cols * sx)


def decoder_arrays(decoder):
    """{name of the architecture's shapes: float32 array} of a decoder."""
    arrays = {"stem.weight": decoder.stem.weight, "stem.bias": decoder.stem.bias}
    for i, stage in enumerate(decoder.stages):
        arrays[f"stages.{i}.weight"] = stage.conv.weight
        arrays[f"stages.{i}.bias"] = stage.conv.bias
    arrays["head.weight"], arrays["head.bias"] = decoder.head.weight, decoder.head.bias
    return {name: a.detach().float().cpu().numpy().copy() for name, a in arrays.items()}


def decode_with(decoder, tensors, embeddings):
    """Run a Decoder with other weights than its own, {name of the architecture's shapes: tensor}."""
    parameters = {}
    for name, tensor in tensors.items():
        module, kind = name.rsplit(".", 1)
        parameters[f"{module}.conv.{kind}" if module.startswith("stages.") else name] = tensor
    # Since torch 2 it lies in torch.func.
    place = torch.func if hasattr(torch, "func") else nn.utils.stateless
    return place.functional_call(decoder, parameters, (embeddings,))


def load_decoder(architecture, arrays, device="cpu"):
    """A decoder in evaluation mode that holds the arrays (as from `decoder_arrays`)."""
    decoder = Decoder(architecture)
    names = {name.replace(".weight", "").replace(".bias", "") for name in arrays}
    modules = {"stem": decoder.stem, "head": decoder.head}
    modules.update({f"stages.{i}": stage.conv for i, stage in enumerate(decoder.stages)})
    with torch.no_grad():
        for name in names:
            modules[name].weight.copy_(torch.from_numpy(arrays[f"{name}.weight"]))
            modules[name].bias.copy_(torch.from_numpy(arrays[f"{name}.bias"]))
    return decoder.to(device).eval()
