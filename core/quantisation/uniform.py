"""Min-max quantisation of a tensor to a few bits a value.

Source: HINER (arXiv 2407.21395), section 3.4, which quantises as HNeRV does (arXiv 2304.02633,
section 3.3). One minimum m and one scale s serve the whole tensor, or each line of values along
one axis; a value v becomes the level round((v - m) / s) and comes back as m + level * s.
"""

from dataclasses import dataclass
from typing import Optional

import numpy as np

from ..errors import ParameterError

MIN_BITS, MAX_BITS = 4, 16
# An axis qualifies when its minima and scales number fewer than this share of its values.
PARAMETERS_SHARE = 0.02


@dataclass(frozen=True)
class QuantisedTensor:
    """A tensor of `shape` as unsigned levels of `bits` bits.

    levels: `shape`, uint8 up to 8 bits, uint16 beyond. minimum, scale: float16, of the tensor's
    shape with 1 along `axis`, or 1 along all axes where `axis` is None.
    """

    levels: np.ndarray
    minimum: np.ndarray
    scale: np.ndarray
    axis: Optional[int]
    bits: int

    @property
    def shape(self):
        """Shape of the tensor, a tuple."""
        return self.levels.shape


def quantise(tensor, bits):
    """Quantise a float tensor to `bits` (4 to 16) bits a value (QuantisedTensor).

    Of the whole tensor and the axes that qualify, the one with the smallest mean absolute error
    is taken. The minima are rounded down to 16-bit floats and the scales up, so that each value
    comes back within half a scale (and the rounding of 32-bit floats).

    Raises ParameterError for values that are not finite or that 16-bit floats cannot hold.
    """
    if not MIN_BITS <= bits <= MAX_BITS:
        raise ParameterError(f"{bits} bits a weight are not {MIN_BITS} to {MAX_BITS}.")
    tensor = np.asarray(tensor, np.float32)
    if not np.isfinite(tensor).all():
        raise ParameterError(
            "The network has weights that are not finite: its training diverged. Choose another "
            "seed or fewer parameters."
        )
    best, smallest = None, np.inf
    for axis in [None, *qualifying_axes(tensor.shape)]:
        candidate = _quantise_along(tensor, axis, bits)
        error = np.inf if candidate is None else mean_absolute_error(tensor, candidate)
        if error < smallest:
            best, smallest = candidate, error
    if best is None:
        raise ParameterError(
            f"The network has weights from {tensor.min():g} to {tensor.max():g}, beyond 16-bit "
            "floats: its training diverged. Choose another seed or fewer parameters."
        )
    return best


def quantise_on(tensor, minimum, scale, axis, bits):
    """The tensor on a grid that is given (QuantisedTensor); values beyond it take its ends.

    minimum, scale: finite float16 as `QuantisedTensor` has them.
    """
    positions = np.clip(np.rint(grid_positions(tensor, minimum, scale)), 0, (1 << bits) - 1)
    return QuantisedTensor(positions.astype(levels_dtype(bits)), minimum, scale, axis, bits)


def grid_positions(tensor, minimum, scale):
    """Where each value lies on the grid, in steps from the minimum, float64; 0 where a step is 0."""
    tensor = np.asarray(tensor, np.float64)
    return np.divide(tensor - minimum, scale, out=np.zeros_like(tensor), where=scale > 0)


def dequantise(quantised):
    """The tensor that the levels stand for, float32."""
    tensor = quantised.levels.astype(np.float32)
    tensor *= quantised.scale.astype(np.float32)
    tensor += quantised.minimum.astype(np.float32)
    return tensor


def mean_absolute_error(tensor, quantised):
    """Mean of |tensor - dequantised|; 0 for no values."""
    if not tensor.size:
        return 0.0
    return float(np.mean(np.abs(dequantise(quantised).astype(np.float64) - tensor)))


def qualifying_axes(shape):
    """Axes along which minima and scales, two a line, are fewer than 2 % of the values."""
    return [axis for axis, length in enumerate(shape) if PARAMETERS_SHARE * length > 2]


def parameters_shape(shape, axis):
    """Shape of the minima, and of the scales, of a tensor quantised along `axis` or as a whole."""
    return tuple(1 if axis in (None, i) else length for i, length in enumerate(shape))


def levels_dtype(bits):
    """The data type that levels of `bits` bits are kept in."""
    return np.uint8 if bits <= 8 else np.uint16


def _quantise_along(tensor, axis, bits):
    """QuantisedTensor with a minimum and a scale for each line, or None beyond 16-bit floats."""
    n_steps = (1 << bits) - 1
    if not tensor.size:
        zeros = np.zeros(parameters_shape(tensor.shape, axis), np.float16)
        return QuantisedTensor(tensor.astype(levels_dtype(bits)), zeros, zeros, axis, bits)
    tensor = tensor.astype(np.float64)
    minimum = _half(tensor.min(axis, keepdims=True), -np.inf)
    reach = tensor.max(axis, keepdims=True) - minimum
    scale = _half(reach / n_steps, np.inf)
    if not (np.isfinite(minimum).all() and np.isfinite(scale).all()):
        return None
    return quantise_on(tensor, minimum, scale, axis, bits)


def _half(values, towards):
    """`values` as 16-bit floats, rounded towards minus or plus infinity."""
    with np.errstate(over="ignore", under="ignore"):
        rounded = values.astype(np.float16)
        is_wrong = rounded > values if towards < 0 else rounded < values
        return np.where(is_wrong, np.nextafter(rounded, np.float16(towards)), rounded)
