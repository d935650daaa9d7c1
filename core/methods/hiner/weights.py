"""The file's contents: decoder and embeddings, quantised, as one stream of symbols."""

import math

from ...entropy import coder
from ...errors import FormatError
from ...quantisation import serialise
from ...quantisation.uniform import dequantise, quantise

PARAMETERS, SYMBOLS = "QPAR", "SYMB"
# Weights of a trained network take bits, not hundredths of bits; only a scene without a varying
# band has a network of zeros, and that is small.
SMALL_COUNT, SYMBOLS_PER_BYTE = 1 << 20, 64


def shapes(architecture, n_coded_bands):
    """{name: shape} of all stored tensors, embeddings last."""
    every = dict(architecture.shapes)
    every["embeddings"] = architecture.embedding_shape(n_coded_bands)
    return every


def plainly_quantised(tensors, bits):
    """{name: float32 array} to {name: QuantisedTensor}, as published: min-max."""
    return {name: quantise(tensor, bits) for name, tensor in tensors.items()}


def pack(quantised, bits):
    """{name: QuantisedTensor} in the order of `shapes` to {section name: bytes}."""
    parameters, symbols = serialise.pack(list(quantised.values()))
    sizes = [tensor.levels.size for tensor in quantised.values()]
    return {PARAMETERS: parameters, SYMBOLS: coder.encode(symbols, 1 << bits, sizes)}


def unpack(sections, tensor_shapes, bits):
    """The inverse of `pack` for the tensors of `shapes`; raises FormatError where it cannot be."""
    sizes = [math.prod(shape) for shape in tensor_shapes.values()]
    count = sum(sizes)
    coded = sections(SYMBOLS)
    if count > SMALL_COUNT + SYMBOLS_PER_BYTE * len(coded):
        raise FormatError(
            f"The file claims {count} weights, which {len(coded)} bytes do not hold. It is damaged."
        )
    symbols = coder.decode(coded, count, 1 << bits, sizes)
    tensors = serialise.unpack(sections(PARAMETERS), symbols, list(tensor_shapes.values()), bits)
    return {name: dequantise(tensor) for name, tensor in zip(tensor_shapes, tensors)}


def as_decoded(quantised):
    """{name: QuantisedTensor} as a decoder will see them, {name: float32 array}."""
    return {name: dequantise(tensor) for name, tensor in quantised.items()}
