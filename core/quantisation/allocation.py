"""Which grid each tensor of a network is rounded to: the one whose error is worth its bits.

Source: J. Shi, M. Lu, Z. Ma, "Rate-Distortion Optimized Post-Training Quantization for Learned Image
Compression", IEEE Trans. Circuits Syst. Video Technol. 34, 2024: scales and zero points are chosen
tensor by tensor for D + lambda R instead of the weights' own error. Here D is that of the decoded
bands, to second order: the sum over all weights of (slope * error)^2; R is the entropy of the levels
with their tables. One lambda serves all tensors; it is the one that brings R to what is wished, so
that a file's size can be told beforehand.
"""

import math

import numpy as np

from . import serialise
from .uniform import dequantise, qualifying_axes, quantise, quantise_on

# Coded bits a weight beyond which the decoded bands gain less than a larger network would give them.
WORTH_BITS = 6.3
# Steps tried, relative to the one that spans a tensor's range with all levels of 8 bits or fewer; a
# quarter of an octave apart. More bits than 8 are tried at the steps of 8 and at half an octave finer.
FINEST, COARSEST, AN_OCTAVE = -1.5, 3.0, 4
USEFUL_BITS = 8
# Where a grid that is narrower than the range lies in it.
PLACES = (0.25, 0.5, 0.75)
# Where lambda is sought, in octaves; halving the interval so often finds it to one part in 10^8.
LEAST_LAMBDA, LARGEST_LAMBDA, HALVINGS = -80.0, 20.0, 32
# A table of frequencies grows with the levels in use, but is stored as a curve of few points.
MOST_TABLE_POINTS = 10


def allocate(tensors, squared_slopes, bits, check):
    """{name: float32 array} to {name: QuantisedTensor} of no more bits than plain rounding takes.

    Nor of more than WORTH_BITS a weight.

    squared_slopes: {name: array of the tensor's shape}: how much the decoded bands' relative squared
    error grows with the squared error of each weight. check: called now and then, may raise.
    """
    plain = {name: quantise(tensor, bits) for name, tensor in tensors.items()}
    most_bits = min(
        sum(coded_bits(tensor) for tensor in plain.values()),
        WORTH_BITS * sum(tensor.size for tensor in tensors.values()),
    )
    choices = [
        _choices(tensors[name], squared_slopes[name], plain[name], check) for name in tensors
    ]
    low, high = LEAST_LAMBDA, LARGEST_LAMBDA
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if sum(best.n_bits for best in _best(choices, 2.0**middle)) > most_bits:
            low = middle
        else:
            high = middle
    return dict(zip(tensors, (best.quantised for best in _best(choices, 2.0**high))))


def coded_bits(quantised):
    """About how many bits a file needs for a QuantisedTensor: levels, tables, minima and scales."""
    counts = np.bincount(quantised.levels.ravel())
    counts = counts[counts > 0]
    n_values = int(counts.sum())
    if not n_values:
        return 0.0
    levels = n_values * math.log2(n_values) - float(np.sum(counts * np.log2(counts)))
    table = min(len(counts) - 1, MOST_TABLE_POINTS) / 2 * math.log2(n_values)
    return levels + table + 8 * len(serialise.pack([quantised])[0])


class _Choice:
    """A QuantisedTensor with what it costs."""

    def __init__(self, tensor, squared_slopes, quantised):
        self.quantised = quantised
        error = dequantise(quantised).astype(np.float64) - tensor
        self.error = float(np.sum(squared_slopes * error**2))
        self.n_bits = coded_bits(quantised)


def _best(choices, price):
    """Of each tensor's choices the one with the least error + price * bits."""
    return [min(some, key=lambda choice: choice.error + price * choice.n_bits) for some in choices]


def _choices(tensor, squared_slopes, plain, check):
    """Every grid that is tried for a tensor, the plain one first."""
    found = [_Choice(tensor, squared_slopes, plain)]
    if not tensor.size:
        return found
    beyond = max(0, plain.bits - USEFUL_BITS)
    octaves = np.arange(FINEST * AN_OCTAVE, COARSEST * AN_OCTAVE + 1) / AN_OCTAVE + beyond
    for axis in [None, *qualifying_axes(tensor.shape)]:
        for factor in 2.0**octaves:
            for place in PLACES if factor < 1 else PLACES[:1]:
                check()
                quantised = _on_grid(tensor, axis, plain.bits, factor, place)
                if quantised is not None:
                    found.append(_Choice(tensor, squared_slopes, quantised))
    return found


def _on_grid(tensor, axis, bits, factor, place):
    """A tensor whose steps are `factor` times those that span it, or None beyond 16-bit floats."""
    keep = {"axis": axis, "keepdims": True}
    lowest = tensor.min(**keep).astype(np.float64)
    span = tensor.max(**keep) - lowest
    n_steps = (1 << bits) - 1
    with np.errstate(over="ignore", under="ignore"):
        scale = (span * factor / n_steps).astype(np.float16)
        minimum = (lowest + place * np.maximum(0, span - n_steps * scale.astype(np.float64))).astype(np.float16)
    if not (np.isfinite(scale).all() and np.isfinite(minimum).all()):
        return None
    return quantise_on(tensor, minimum, scale, axis, bits)
