"""Quantisation does what its formula says, errs by half a step at most, and takes the better axis."""

import itertools

import numpy as np
import pytest

from hiner.core.errors import ParameterError
from hiner.core.quantisation.uniform import dequantise, mean_absolute_error, quantise

ALL_BITS = range(4, 17)


def weights(*shape, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, shape).astype(np.float32)


def with_lines_of_other_widths(axis, *shape):
    """Weights whose lines along `axis` differ a thousandfold in width."""
    lines = [1 if i == axis else n for i, n in enumerate(shape)]
    return weights(*shape) * np.geomspace(1e-3, 1, np.prod(lines)).reshape(lines).astype("f4")


def float16_below(value):
    half = np.float16(value)
    return half if float(half) <= value else np.nextafter(half, np.float16(-np.inf))


def float16_above(value):
    half = np.float16(value)
    return half if float(half) >= value else np.nextafter(half, np.float16(np.inf))


def quantised_line(line, bits):
    """(minimum, scale, levels) of one line of values, value by value."""
    n_steps = 2**bits - 1
    minimum = float(float16_below(float(line.min())))
    scale = float(float16_above((float(line.max()) - minimum) / n_steps))
    levels = [round((float(v) - minimum) / scale) if scale else 0 for v in line]
    return minimum, scale, levels


def lines_along(tensor, axis):
    """Indices of each line of values along `axis`; of all values for None."""
    index = np.arange(tensor.size).reshape(tensor.shape)
    if axis is None:
        return [index.ravel()]
    return np.moveaxis(index, axis, -1).reshape(-1, tensor.shape[axis])


def by_hand(tensor, bits):
    """(axis, levels, mean absolute error) by trying the tensor and each axis that qualifies."""
    candidates = []
    for axis in [None, *range(tensor.ndim)]:
        lines = lines_along(tensor, axis)
        if axis is not None and not 2 * len(lines) < 0.02 * tensor.size:
            continue
        levels, error = np.zeros(tensor.size, int), 0.0
        for line in lines:
            values = tensor.ravel()[line]
            minimum, scale, levels[line] = quantised_line(values, bits)
            error += np.abs(minimum + levels[line] * scale - values).sum()
        candidates.append((error / tensor.size, axis, levels.reshape(tensor.shape)))
    error, axis, levels = min(candidates, key=lambda candidate: candidate[0])
    return axis, levels, error


CASES = {
    "plain": weights(120, 8, 3, 3),
    "first axis": with_lines_of_other_widths(0, 150, 4, 3),
    "last axis": with_lines_of_other_widths(2, 6, 5, 210),
    "too short an axis": with_lines_of_other_widths(0, 100, 4, 3),
    "just long enough": with_lines_of_other_widths(0, 101, 4, 3),
    "one axis": weights(300),
    "outlier": np.r_[weights(300), np.float32(9)].reshape(301, 1),
    "all above zero": np.abs(weights(130, 6)) + 3,
    "one value": weights(1),
}


@pytest.mark.parametrize("bits", [4, 8, 13])
@pytest.mark.parametrize("name", CASES)
def test_levels_axis_and_error_are_those_worked_out_by_hand(name, bits):
    tensor = CASES[name]
    axis, levels, error = by_hand(tensor, bits)
    quantised = quantise(tensor, bits)
    assert quantised.axis == axis
    assert (quantised.levels == levels).all()
    assert mean_absolute_error(tensor, quantised) == pytest.approx(error, rel=1e-3)


def test_axes_are_taken_where_they_pay():
    assert quantise(CASES["first axis"], 8).axis == 0
    assert quantise(CASES["last axis"], 8).axis == 2
    assert quantise(CASES["too short an axis"], 8).axis is None
    assert quantise(CASES["just long enough"], 8).axis == 0


@pytest.mark.parametrize("bits", ALL_BITS)
@pytest.mark.parametrize("name", CASES)
def test_values_come_back_within_half_a_step(name, bits):
    tensor = CASES[name]
    quantised = quantise(tensor, bits)
    error = np.abs(dequantise(quantised).astype(float) - tensor)
    rounding = 3e-7 * np.abs(tensor).max()
    assert (error <= quantised.scale.astype(float) / 2 + rounding).all()
    assert quantised.levels.dtype == (np.uint8 if bits <= 8 else np.uint16)
    assert quantised.levels.max() < 2**bits


@pytest.mark.parametrize("bits", ALL_BITS)
def test_a_step_is_the_range_over_the_levels_and_float16_rounding(bits):
    tensor = weights(50, 5)
    quantised = quantise(tensor, bits)
    step = (tensor.max() - tensor.min()) / (2**bits - 1)
    # The minimum, about -0.3, is rounded by less than 2**-11 of itself, or 1/4096 of the range.
    assert step * (1 - 1e-6) <= quantised.scale.item() <= step * (1 + 2**-10 + 2**-11) + 6e-8


@pytest.mark.parametrize("constant", [0, 1, -0.3, 1e-7, 1e-12, -65504, 3e4])
@pytest.mark.parametrize("bits", [4, 8, 16])
def test_constants_come_back_as_closely_as_float16_holds_them(constant, bits):
    tensor = np.full((200, 3), constant, np.float32)
    error = np.abs(dequantise(quantise(tensor, bits)).astype(float) - tensor)
    assert error.max() <= max(abs(constant) * 2**-11, 6e-8)


@pytest.mark.parametrize("bits", [4, 8, 16])
def test_ranges_below_the_smallest_float16_are_covered(bits):
    tensor = weights(30, 4) * np.float32(1e-8)
    error = np.abs(dequantise(quantise(tensor, bits)).astype(float) - tensor)
    assert error.max() <= 6e-8


def test_narrow_ranges_far_from_zero_err_by_less_than_the_minimum_s_rounding():
    tensor = 1000 + weights(500)
    error = np.abs(dequantise(quantise(tensor, 8)).astype(float) - tensor)
    assert error.max() < 2 / 255


def test_what_float16_cannot_hold_is_refused_as_diverged():
    for tensor in ([-1e5, 0], [0, 1e30], [0, np.nan], [-np.inf, 0]):
        with pytest.raises(ParameterError, match="diverged"):
            quantise(np.array(tensor, np.float32), 8)


def test_large_ranges_are_held_as_long_as_scale_and_minimum_are():
    tensor = np.linspace(-60_000, 9e5, 50, dtype=np.float32)
    quantised = quantise(tensor, 4)
    assert np.abs(dequantise(quantised) - tensor).max() <= quantised.scale.item() / 2


@pytest.mark.parametrize("bits", [0, 3, 17])
def test_bits_out_of_range_are_refused(bits):
    with pytest.raises(ParameterError, match="4 to 16"):
        quantise(weights(4), bits)


def test_no_values_are_no_trouble():
    quantised = quantise(np.zeros((0, 16, 3, 3), np.float32), 8)
    assert dequantise(quantised).shape == (0, 16, 3, 3)


def test_quantising_what_came_back_along_the_same_axis_changes_nothing_much():
    for name, bits in itertools.product(CASES, (4, 8)):
        once = dequantise(quantise(CASES[name], bits))
        twice = quantise(once, bits)
        error = np.abs(dequantise(twice).astype(float) - once)
        assert (error <= twice.scale.astype(float) / 2 + 3e-7 * np.abs(once).max()).all()


def test_the_same_tensor_gives_the_same_levels_in_any_layout():
    tensor = CASES["first axis"]
    one, other = quantise(tensor, 8), quantise(np.asfortranarray(tensor), 8)
    assert one.levels.tobytes() == other.levels.tobytes()
    assert one.scale.tobytes() == other.scale.tobytes()
    assert one.minimum.tobytes() == other.minimum.tobytes()
