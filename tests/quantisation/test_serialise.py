"""Quantised tensors come back from bytes, bit by bit, and damage is a FormatError."""

import math
import warnings

import numpy as np
import pytest

from hiner.core.errors import FormatError
from hiner.core.quantisation import serialise
from hiner.core.quantisation.uniform import QuantisedTensor, dequantise, quantise


def network():
    """Tensors as a small decoder has them, quantised whole and along axes."""
    random = np.random.default_rng(0)
    shapes = [(12, 16, 1, 1), (12,), (150, 12, 3, 3), (150,), (1, 12, 3, 3), (1,), (120, 16, 2, 2)]
    tensors = [random.normal(0, 0.1, shape).astype(np.float32) for shape in shapes]
    tensors[2] *= np.geomspace(0.01, 1, 108).reshape(1, 12, 3, 3).astype(np.float32)
    tensors[6] *= np.linspace(0.5, 1, 64).reshape(1, 16, 2, 2).astype(np.float32)
    return tensors, shapes


def check_same(one, other):
    assert one.axis == other.axis
    assert one.bits == other.bits
    assert one.shape == other.shape
    for a, b in ((one.levels, other.levels), (one.minimum, other.minimum), (one.scale, other.scale)):
        assert a.shape == b.shape
        assert a.dtype == b.dtype
        assert (a == b).all()
    assert dequantise(one).tobytes() == dequantise(other).tobytes()


@pytest.mark.parametrize("bits", [4, 8, 9, 16])
def test_round_trip(bits):
    tensors, shapes = network()
    quantised = [quantise(tensor, bits) for tensor in tensors]
    assert {tensor.axis for tensor in quantised} >= {None, 0}
    parameters, symbols = serialise.pack(quantised)
    assert len(symbols) == sum(math.prod(shape) for shape in shapes)
    for one, other in zip(quantised, serialise.unpack(parameters, symbols, shapes, bits)):
        check_same(one, other)


def test_minima_and_scales_take_less_than_three_quarters_of_their_float16s():
    tensors, _ = network()
    quantised = [quantise(tensor, 8) for tensor in tensors]
    parameters, _ = serialise.pack(quantised)
    n_pairs = sum(tensor.minimum.size for tensor in quantised)
    assert n_pairs > 150
    assert len(parameters) < 3 / 4 * 4 * n_pairs


EXTREMES = [0.0, 6e-8, 1.0, 65504.0]


@pytest.mark.parametrize("scale", EXTREMES)
@pytest.mark.parametrize("minimum", [*EXTREMES, -6e-8, -1.0, -65504.0])
def test_any_finite_minimum_and_scale_come_back(minimum, scale):
    shape = (3, 200)
    for axis, lines in ((None, (1, 1)), (1, (3, 1))):
        minima, scales = np.full(lines, minimum, np.float16), np.full(lines, scale, np.float16)
        minima[-1], scales[-1] = -minima[-1], np.float16(0.5)
        tensor = QuantisedTensor(np.zeros(shape, np.uint8), minima, scales, axis, 8)
        parameters, symbols = serialise.pack([tensor])
        check_same(tensor, serialise.unpack(parameters, symbols, [shape], 8)[0])


def test_tensors_without_values_come_back():
    shapes = [(0, 16, 3, 3), (2,)]
    quantised = [quantise(np.ones(shape, np.float32), 8) for shape in shapes]
    parameters, symbols = serialise.pack(quantised)
    for one, other in zip(quantised, serialise.unpack(parameters, symbols, shapes, 8)):
        check_same(one, other)


def test_other_numbers_of_symbols_and_truncation_are_refused():
    tensors, shapes = network()
    parameters, symbols = serialise.pack([quantise(tensor, 8) for tensor in tensors])
    for wrong in (symbols[:-1], np.r_[symbols, symbols[:1]], symbols[:0]):
        with pytest.raises(FormatError, match="damaged"):
            serialise.unpack(parameters, wrong, shapes, 8)
    for length in range(len(parameters)):
        with pytest.raises(FormatError, match="damaged"):
            serialise.unpack(parameters[:length], symbols, shapes, 8)
    with pytest.raises(FormatError, match="left over"):
        serialise.unpack(parameters + b"\0", symbols, shapes, 8)


@pytest.mark.parametrize("half", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(half):
    tensor = quantise(np.ones(3, np.float32), 8)
    parameters, symbols = serialise.pack([tensor])
    for damaged in (
        parameters[:1] + np.float16(half).tobytes() + parameters[3:],
        parameters[:3] + np.float16(half).tobytes(),
    ):
        with pytest.raises(FormatError, match="minimum or a scale"):
            serialise.unpack(damaged, symbols, [(3,)], 8)


def test_altered_parameters_give_finite_tensors_or_are_refused():
    tensors, shapes = network()
    parameters, symbols = serialise.pack([quantise(tensor, 8) for tensor in tensors])
    random, refused = np.random.default_rng(0), 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2000):
            damaged = bytearray(parameters)
            for place in random.integers(0, len(damaged), 2):
                damaged[place] = int(random.integers(0, 256))
            try:
                unpacked = serialise.unpack(bytes(damaged), symbols, shapes, 8)
            except FormatError:
                refused += 1
                continue
            assert [tensor.shape for tensor in unpacked] == shapes
            assert all(np.isfinite(dequantise(tensor)).all() for tensor in unpacked)
    assert refused
