"""A trained model in whole numbers: weights times the largest power of two that stays exact."""

import numpy as np
import torch
from hiner.core.methods.latent.network import CEILING, EXACT, LARGEST_INPUT

from . import law, trainee

FINE = 2
"""Tables a scale."""
LARGEST_SHIFT = 18
SUM = 1 << 16


def arrays(networks, tables, inputs):
    """{name: array} for `ContextModel.from_arrays`; inputs: [pass] (n, F), to see how large activations get."""
    out = {}
    for number, (network, x) in enumerate(zip(networks, inputs)):
        for i, (weight, bias, shift) in enumerate(_layers(network.layers, x.astype(np.float64) / trainee.INPUT)):
            out[f"weight{number}{i}"] = weight.astype(np.int32)
            out[f"bias{number}{i}"] = bias.astype(np.int32)
            out[f"shift{number}{i}"] = np.array(shift, np.int32)
    scale = torch.arange(law.SCALES * FINE).float() / FINE
    with torch.no_grad():
        rows = [tables(scale, torch.full((len(scale),), q)).double().exp().numpy() for q in range(2)]
    out["conditional"] = np.stack([frequencies(part) for part in rows]).astype(np.int32)
    out["geometric"] = frequencies(law.geometric_rows()).astype(np.int32)
    return out


def frequencies(probabilities):
    """Rows of integers of at least 1 that sum up to 2^16."""
    n = probabilities.shape[1]
    rows = np.maximum(1, np.round(probabilities * (SUM - n))).astype(np.int64)
    rows[np.arange(len(rows)), rows.argmax(1)] += SUM - rows.sum(1)
    return rows


def _layers(layers, x):
    """(weight (inputs, outputs), bias, shift) of each layer, activations filling 0..CEILING."""
    scale, largest = trainee.INPUT, LARGEST_INPUT
    for i, (weight, bias) in enumerate(layers):
        if i < 2:
            x = np.maximum(x @ weight.T + bias, 0)
            top = np.percentile(x, 99.99)
            out_scale = 2.0 ** np.floor(np.log2(CEILING / max(top, 1e-3)))
        else:
            out_scale = trainee.GAIN * FINE
            bias = bias + 0.5 / out_scale
        yield _exact(weight.T / scale * out_scale, bias * out_scale, largest)
        scale, largest = out_scale, CEILING


def _exact(weight, bias, largest):
    for shift in range(LARGEST_SHIFT, -1, -1):
        whole, offset = np.round(weight * 2.0**shift), np.round(bias * 2.0**shift)
        if (np.abs(whole).sum(0) * largest + np.abs(offset)).max() < EXACT:
            return whole, offset, shift
    raise ValueError("weights are too large for the exact range")
