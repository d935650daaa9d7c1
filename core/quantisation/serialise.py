"""Quantised tensors as bytes: minima, scales and axes here, the levels as one row of symbols.

Layout, for each tensor: axis plus one, or 0 (one byte); a minimum and a scale (16-bit floats, low
byte first). With an axis they are typical ones, and two columns of Rice codes follow for its
lines: how far each scale is from the typical one, and how far each minimum is from where its
scale would have it. Distances are counted in 16-bit floats.
"""

import math

import numpy as np

from ..entropy import rice
from ..entropy.byte_reader import ByteReader
from ..errors import FormatError
from .uniform import QuantisedTensor, levels_dtype, parameters_shape

# The bits of the largest finite 16-bit float, and of the sign.
_LARGEST = 0x7BFF
_SIGN = 0x8000


def pack(tensors):
    """QuantisedTensors of the same bits to (parameters as bytes, all levels in one row)."""
    parameters = b"".join(_pack_parameters(tensor) for tensor in tensors)
    return parameters, np.concatenate([tensor.levels.ravel() for tensor in tensors])


def unpack(parameters, symbols, shapes, bits):
    """The inverse of `pack` for tensors of those shapes: a list of QuantisedTensors.

    Raises FormatError where parameters or symbols are not those of such tensors.
    """
    symbols, reader = np.asarray(symbols).ravel(), ByteReader(parameters)
    if sum(math.prod(shape) for shape in shapes) != len(symbols):
        raise FormatError(f"{len(symbols)} values are not those of the network; the file is damaged.")
    tensors, start = [], 0
    try:
        for shape in shapes:
            levels = symbols[start : start + math.prod(shape)].reshape(shape)
            axis, minimum, scale = _read_parameters(reader, shape)
            levels = levels.astype(levels_dtype(bits))
            tensors.append(QuantisedTensor(levels, minimum, scale, axis, bits))
            start += levels.size
        reader.finish()
    except FormatError as error:
        raise FormatError(
            f"The network's minima and scales cannot be read ({error}); the file is damaged. "
            "Make it again, or get another copy."
        ) from error
    return tensors


def _pack_parameters(tensor):
    minimum, scale = _ordered(tensor.minimum), _ordered(tensor.scale)
    if tensor.axis is None:
        return _pack_pair(0, minimum[0], scale[0])
    # A line reaches about as far below zero as above, so a minimum falls as its scale rises.
    shifted = minimum + scale
    typical_scale = int(np.median(scale))
    typical_minimum = int(np.clip(np.median(shifted) - typical_scale, -_LARGEST, _LARGEST))
    return b"".join(
        [
            _pack_pair(tensor.axis + 1, typical_minimum, typical_scale),
            rice.encode(rice.fold(scale - typical_scale)),
            rice.encode(rice.fold(shifted - typical_minimum - typical_scale)),
        ]
    )


def _read_parameters(reader, shape):
    """(axis, minimum, scale) of one tensor."""
    kind = reader.byte()
    if kind > len(shape):
        raise FormatError(f"a tensor of {len(shape)} axes is quantised along axis {kind - 1}")
    axis = kind - 1 if kind else None
    minimum, scale = np.split(_ordered(np.frombuffer(reader.take(4), "<f2")), 2)
    if axis is not None:
        n_lines, typical = math.prod(parameters_shape(shape, axis)), minimum + scale
        scale = scale + rice.unfold(rice.decode(reader, n_lines))
        minimum = typical + rice.unfold(rice.decode(reader, n_lines)) - scale
    if scale.min(initial=0) < 0 or max(np.abs(minimum).max(initial=0), scale.max(initial=0)) > _LARGEST:
        raise FormatError("a minimum or a scale is no number that a network can have")
    lines = parameters_shape(shape, axis)
    return axis, _half(minimum).reshape(lines), _half(scale).reshape(lines)


def _pack_pair(kind, minimum, scale):
    return bytes([kind]) + _half(np.array([minimum, scale])).tobytes()


def _ordered(half):
    """16-bit floats as integers in the same order, neighbours one apart; (n,) int64."""
    pattern = half.astype("<f2").view("<u2").ravel().astype(np.int64)
    magnitude = pattern & ~_SIGN
    return np.where(pattern & _SIGN, -magnitude, magnitude)


def _half(ordered):
    """The inverse of `_ordered`."""
    pattern = np.where(ordered < 0, _SIGN - ordered, ordered)
    return pattern.astype("<u2").view("<f2")
