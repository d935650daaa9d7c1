"""The 9/7 wavelet of Cohen, Daubechies and Feauveau by lifting, over the last two axes.

I. Daubechies, W. Sweldens, "Factoring wavelet transforms into lifting steps" (1998), section 7.7:
with even samples s and odd samples d of a line

    d += a1 (s + s next),  s += a2 (d before + d),  d += a3 (...),  s += a4 (...),  s *= g,  d /= g

mirrored about the last sample, so that any length down to one sample works. g is chosen so that the
synthesis functions have a norm near one: an error in a coefficient is about that error in the plane.
"""

import numpy as np

from .geometry import subbands

LIFT = (-1.586134342059924, -0.052980118572961, 0.882911075530934, 0.443506852043971)
SCALE = 1.149604398860241
GROUP = 8
REACH = 3
"""Coefficients to each side, of either band, that a sample of the next finer level depends on."""


def forward(planes, levels):
    """(K, rows, cols) planes -> (low band, [(HL, LH, HH) of the finest level, of the next, ...])."""
    low, details = np.ascontiguousarray(planes), []
    for _ in range(levels):
        low, bands = _split_level(low)
        details.append(bands)
    return low, details


def empty(n_planes, rows, cols, levels, dtype=np.float32, make=np.empty):
    """Arrays of the shapes that `forward` returns; make: called with a shape and a dtype."""
    shapes, low = subbands(rows, cols, levels)
    details = [tuple(make((n_planes, *shape), dtype) for shape in of_level) for of_level in shapes]
    return make((n_planes, *low), dtype), details


def _split_level(planes):
    """The inverse of `merge_level`."""
    n = len(planes)
    low, (bands,) = empty(n, *planes.shape[1:], 1, planes.dtype)
    out = [low, *bands]
    for some in groups(n):
        upper, lower = _split(np.moveaxis(planes[some], 0, 2))
        parts = [band for half in (upper, lower) for band in _split(half.swapaxes(0, 1))]
        for place, part in zip(out, parts):
            place[some] = part.transpose(2, 1, 0)
    return out[0], tuple(out[1:])


def inverse(low, details):
    """The inverse of `forward`: (K, rows, cols) planes."""
    for bands in reversed(details):
        low = merge_level(low, bands)
    return low


def merge_level(low, bands):
    """One level of `inverse`: the low band and (HL, LH, HH), (K, rows, cols) each, to the low band above."""
    out = np.empty((len(low), low.shape[1] + bands[1].shape[1], low.shape[2] + bands[0].shape[2]), low.dtype)
    for some in groups(len(low)):
        ll, hl, lh, hh = (np.moveaxis(band[some], 0, 2) for band in (low, *bands))
        upper = _merge(ll.swapaxes(0, 1), hl.swapaxes(0, 1)).swapaxes(0, 1)
        lower = _merge(lh.swapaxes(0, 1), hh.swapaxes(0, 1)).swapaxes(0, 1)
        out[some] = np.moveaxis(_merge(upper, lower), 2, 0)
    return out


def gain(shapes):
    """How much larger than a mean the low band is that was split off planes of these shapes, one after the other."""
    halved = sum(length > 1 for shape in shapes for length in shape)
    return np.float32(2 ** (halved / 2))


def groups(n):
    """Slices of GROUP planes: what they pass through on the way takes little memory."""
    return [slice(first, min(first + GROUP, n)) for first in range(0, n, GROUP)]


def _lift_high(high, low, factor):
    """high[i] += factor (low[i] + low[i + 1]) along axis 0, mirrored at the end."""
    inner = min(len(high), len(low) - 1)
    high += factor * low[: len(high)]
    high[:inner] += factor * low[1 : inner + 1]
    if inner < len(high):
        high[inner:] += factor * low[-1:]


def _lift_low(low, high, factor):
    """low[i] += factor (high[i - 1] + high[i]) along axis 0, mirrored at both ends."""
    inner = min(len(low), len(high))
    low[:inner] += factor * high[:inner]
    if inner < len(low):
        low[inner:] += factor * high[-1:]
    low[1:] += factor * high[: len(low) - 1]
    low[:1] += factor * high[:1]


def _split(x):
    low, high = x[0::2].copy(), x[1::2].copy()
    if len(high):
        _lift_high(high, low, LIFT[0])
        _lift_low(low, high, LIFT[1])
        _lift_high(high, low, LIFT[2])
        _lift_low(low, high, LIFT[3])
        low *= SCALE
        high *= 1 / SCALE
    return low, high


def _merge(low, high):
    if len(high) == 0:
        return low.copy()
    low, high = low / SCALE, high * SCALE
    _lift_low(low, high, -LIFT[3])
    _lift_high(high, low, -LIFT[2])
    _lift_low(low, high, -LIFT[1])
    _lift_high(high, low, -LIFT[0])
    out = np.empty((len(low) + len(high), *low.shape[1:]), low.dtype)
    out[0::2], out[1::2] = low, high
    return out
