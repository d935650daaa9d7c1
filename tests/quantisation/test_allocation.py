"""Each tensor gets the grid that is worth its bits, and the bits are those that a file takes."""

import numpy as np
import pytest

from hiner.core.entropy import coder
from hiner.core.quantisation import serialise
from hiner.core.quantisation.allocation import WORTH_BITS, allocate, coded_bits
from hiner.core.quantisation.uniform import dequantise, quantise


def go_on():
    """A check that never ends the work."""


def normal(*shape, width=0.1, seed=0):
    return np.random.default_rng(seed).normal(0, width, shape).astype(np.float32)


def bits_in_a_file(tensors, bits):
    parameters, symbols = serialise.pack(tensors)
    sizes = [tensor.levels.size for tensor in tensors]
    return 8 * (len(parameters) + len(coder.encode(symbols, 1 << bits, sizes)))


def weighted_error(tensors, squared_slopes, quantised):
    return sum(
        np.sum(squared_slopes[name] * (dequantise(quantised[name]).astype("f8") - tensors[name]) ** 2)
        for name in tensors
    )


# Alike in their values, but the bands feel the second a hundred times as much as the first.
TENSORS = {"dull": normal(300, 40), "felt": normal(300, 40, seed=1), "bias": normal(30, seed=2)}
SLOPES = {
    "dull": np.full((300, 40), 1e-2),
    "felt": np.full((300, 40), 1.0),
    "bias": np.full(30, 1.0),
}


@pytest.mark.parametrize("bits", [4, 6, 8])
@pytest.mark.parametrize("axis", [None, 0])
def test_estimated_bits_are_those_of_a_file(bits, axis):
    tensor = normal(400, 20) * (np.geomspace(0.01, 1, 20, dtype="f4") if axis == 0 else np.float32(1))
    quantised = quantise(tensor, bits)
    assert quantised.axis == axis or axis is None
    assert coded_bits(quantised) == pytest.approx(bits_in_a_file([quantised], bits), rel=0.03)


@pytest.mark.parametrize("bits", [4, 6, 8])
def test_no_more_bits_than_plain_rounding(bits):
    plain = {name: quantise(tensor, bits) for name, tensor in TENSORS.items()}
    chosen = allocate(TENSORS, SLOPES, bits, go_on)
    assert bits_in_a_file(list(chosen.values()), bits) <= bits_in_a_file(list(plain.values()), bits) * 1.005


def test_few_bits_err_less_where_it_is_felt():
    plain = {name: quantise(tensor, 4) for name, tensor in TENSORS.items()}
    chosen = allocate(TENSORS, SLOPES, 4, go_on)
    assert weighted_error(TENSORS, SLOPES, chosen) < 0.9 * weighted_error(TENSORS, SLOPES, plain)


def test_no_grid_tried_by_hand_is_smaller_and_closer():
    tensor, bits = TENSORS["dull"], 8
    chosen = allocate({"only": tensor}, {"only": np.ones(tensor.shape)}, bits, go_on)["only"]
    n_bits, error = coded_bits(chosen), np.sum((dequantise(chosen).astype("f8") - tensor) ** 2)
    for step in np.geomspace(0.5, 4, 60) * np.ptp(tensor) / 255:
        levels = np.rint((tensor - tensor.min()) / step).astype(int)
        shares = np.bincount(levels.ravel())[np.unique(levels)] / levels.size
        entropy = -levels.size * np.sum(shares * np.log2(shares))
        by_hand = np.sum((tensor.min() + step * levels - tensor) ** 2)
        assert entropy > 0.99 * n_bits or by_hand > 0.97 * error


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_many_bits_are_not_spent_where_they_are_not_worth_it(bits):
    chosen = allocate(TENSORS, SLOPES, bits, go_on)
    n_values = sum(tensor.size for tensor in TENSORS.values())
    n_bits = bits_in_a_file(list(chosen.values()), bits)
    assert n_bits == pytest.approx(WORTH_BITS * n_values, rel=0.04)


def test_what_the_bands_feel_is_rounded_finer():
    chosen = allocate(TENSORS, SLOPES, 8, go_on)
    assert chosen["felt"].scale.mean() < 0.5 * chosen["dull"].scale.mean()


def test_outliers_are_cut_where_that_pays():
    """Plain rounding spends nearly all of 16 levels on the way to one value that hardly counts."""
    tensor = normal(100, 100)
    tensor[0, 0] = 2.0
    squared_slopes = np.ones(tensor.shape)
    squared_slopes[0, 0] = 1e-3
    tensors, slopes = {"only": tensor}, {"only": squared_slopes}
    chosen, plain = allocate(tensors, slopes, 4, go_on)["only"], quantise(tensor, 4)
    # More bits than the plain grid's few levels take are not given: place alone is what it wins.
    assert bits_in_a_file([chosen], 4) <= bits_in_a_file([plain], 4) * 1.01
    assert dequantise(chosen).max() <= dequantise(plain).max()


@pytest.mark.parametrize("tensor", [np.zeros((5, 3)), np.full(1, 0.3), np.zeros((0, 16, 3, 3)), np.full((4, 4), 1e-12)])
def test_what_has_no_range_is_no_trouble(tensor):
    tensors = {"only": tensor.astype(np.float32)}
    chosen = allocate(tensors, {"only": np.ones(tensor.shape)}, 6, go_on)["only"]
    assert np.allclose(dequantise(chosen), tensor, rtol=1e-3, atol=1e-7)


def test_a_check_ends_it():
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        allocate(TENSORS, SLOPES, 8, stop)
