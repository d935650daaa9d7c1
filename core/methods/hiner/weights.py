"""The file's contents: decoder and embeddings, quantised, as one stream of symbols."""

import math

from ...entropy import coder
from ...quantisation import serialise
from ...quantisation.uniform import dequantise, quantise

PARAMETERS, SYMBOLS = "QPAR", "SYMB"


def shapes(architecture, n_coded_bands):
    """{name: shape} of all stored tensors, embeddings last."""
    every = dict(architecture.shapes)
    every["embeddings"] = architecture.embedding_shape(n_coded_bands)
    return every


def pack(tensors, bits):
    """{name: float32 array} in the order of `shapes` to {section name: bytes}."""
    quantised = [quantise(tensor, bits) for tensor in tensors.values()]
    parameters, symbols = serialise.pack(quantised)
    return {PARAMETERS: parameters, SYMBOLS: coder.encode(symbols, 1 << bits)}


def unpack(sections, tensor_shapes, bits):
    """The inverse of `pack` for the tensors of `shapes`; raises FormatError where it cannot be."""
    count = sum(math.prod(shape) for shape in tensor_shapes.values())
    symbols = coder.decode(sections(SYMBOLS), count, 1 << bits)
    tensors = serialise.unpack(sections(PARAMETERS), symbols, list(tensor_shapes.values()), bits)
    return {name: dequantise(tensor) for name, tensor in zip(tensor_shapes, tensors)}


def rounded(tensors, bits):
    """The tensors as a decoder will see them: quantised and back."""
    return {name: dequantise(quantise(tensor, bits)) for name, tensor in tensors.items()}
