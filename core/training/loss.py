"""The codec's loss: L1 + CAM, over valid pixels only.

Source: HINER (ACM MM 2024, arXiv 2407.21395), section 3.3; weights from its implementation.
"""

import math

import torch

L1_WEIGHT, CAM_WEIGHT = 0.5, 0.005


def content_angle(decoded, original, valid=None):
    """CAM: the angle in degrees between each decoded band and its original, each as one vector.

    decoded, original: (batch, rows, cols); valid: the same shape, of 0 and 1, or None.
    Returns (batch,).

    Written as 2 * atan2(|u - v|, |u + v|) of the unit vectors: equal to the arc cosine of their
    product, but exact and with a finite slope where the bands are nearly equal.
    """
    if valid is not None:
        decoded, original = decoded * valid, original * valid
    u, v = _unit(decoded.flatten(1)), _unit(original.flatten(1))
    difference, total = _norm(u - v), _norm(u + v)
    return torch.atan2(difference, total) * (2 * 180 / math.pi)


def hiner_loss(decoded, original, valid=None):
    """0.5 * L1 + 0.005 * CAM, averaged over the batch.

    Shapes as for `content_angle`; values in [0, 1].
    """
    error = (decoded - original).abs()
    l1 = error.mean() if valid is None else (error * valid).sum() / valid.sum()
    return L1_WEIGHT * l1 + CAM_WEIGHT * content_angle(decoded, original, valid).mean()


def _unit(x):
    return x / _norm(x)[:, None]


def _norm(x):
    # The constant keeps the slope finite at zero; it changes no angle above 1e-4 degrees.
    return (x.square().sum(1) + 1e-12).sqrt()
