"""The spectral side: mean and loadings of every band, coded along the wavelength.

Column 0 is the mean spectrum (the loading of a plane of ones), column k the loadings of plane k. An entry
is a whole number of steps 2^(-(e_k + g_b) / 2) from a guess made of the bands before:

    w_b = a w_(b-1) + c w_(b-2) + n 2^(-(e_k + g_b) / 2),    (a, c) one of eight for each column,

so that its precision follows the energy of its plane (e) and the weight of its band (g).
"""

import numpy as np

from ...errors import FormatError
from . import context, symbols

PREDICTORS = np.array(
    [(0, 0), (0.5, 0), (1, 0), (0.75, 0.25), (1.5, -0.5), (2, -1), (0.5, 0.5), (1, -0.25)], np.float64
)
"""Weights of the two bands before."""
LANES = 4
GAIN_TABLE = 27
FIRST = 48
"""What magnitudes before the first band are taken for."""
EXPONENT_BITS, PREDICTOR_BITS = 9, 3
LOWEST_EXPONENT = -256
LARGEST_GAIN = 1 << 12


def steps(exponents, gains):
    """(bands, columns) step of each entry."""
    return np.exp2(-0.5 * (np.asarray(gains)[:, None] + np.asarray(exponents)[None, :]))


def excess(matrix, exponents, gains):
    """How much less each column's exponent has to be, (columns,), lest an entry is more steps than can be coded."""
    # A guess is at most three times the largest entry: of (2, -1).
    largest = 4 * np.abs(matrix / steps(exponents, gains)).max(0) / symbols.LARGEST
    return np.ceil(2 * np.log2(np.maximum(largest, 1))).astype(np.int64)


def encode(matrix, exponents, gains, model):
    """(bytes, matrix as decoded) of (bands, columns) loadings.

    exponents: (columns,) integers from LOWEST_EXPONENT on, below 256; gains: (bands,) integers, 0 or more.
    """
    step = steps(exponents, gains)
    choice = _choose(matrix, step)
    integers, decoded = _quantise(matrix, step, choice)
    writer = symbols.SymbolWriter(len(gains) + matrix.size)
    writer.bits.put(np.asarray(exponents) - LOWEST_EXPONENT, np.full(len(exponents), EXPONENT_BITS))
    writer.bits.put(choice, np.full(len(choice), PREDICTOR_BITS))
    writer.put(np.full(len(gains), model.first_geometric + GAIN_TABLE), np.diff(gains, prepend=0))
    for band in range(len(matrix)):
        writer.put(_tables(integers, band, model), integers[band])
    return writer.finish(model.tables, LANES), decoded


def decode(data, n_bands, n_columns, model):
    """The matrix, (n_bands, n_columns) float64; raises FormatError for bytes that hold none."""
    reader = symbols.SymbolReader(data, model.tables, LANES)
    exponents = reader.bits.get(np.full(n_columns, EXPONENT_BITS)) + LOWEST_EXPONENT
    choice = reader.bits.get(np.full(n_columns, PREDICTOR_BITS))
    gains = np.cumsum(reader.get(np.full(n_bands, model.first_geometric + GAIN_TABLE)))
    if gains.min(initial=0) < 0 or gains.max(initial=0) > LARGEST_GAIN:
        raise FormatError("the gains of a latent file's bands cannot be")
    step = steps(exponents, gains)
    integers, decoded = np.zeros((n_bands, n_columns), np.int64), np.zeros((n_bands, n_columns))
    for band in range(n_bands):
        integers[band] = reader.get(_tables(integers, band, model))
        decoded[band] = _guess(decoded, band, choice) + integers[band] * step[band]
    reader.finish()
    if not np.isfinite(decoded).all() or np.abs(decoded).max(initial=0) > 1e30:
        raise FormatError("the loadings of a latent file cannot be")
    return decoded


def _quantise(matrix, step, choice):
    decoded, integers = np.zeros_like(matrix), np.zeros(matrix.shape, np.int64)
    for band in range(len(matrix)):
        guess = _guess(decoded, band, choice)
        whole = np.rint((matrix[band] - guess) / step[band])
        integers[band] = np.clip(whole, -symbols.LARGEST, symbols.LARGEST)
        decoded[band] = guess + integers[band] * step[band]
    return integers, decoded


def _guess(decoded, band, choice):
    near, far = PREDICTORS[choice].T
    if band == 0:
        return np.zeros(decoded.shape[1])
    return decoded[0] * (near + far) if band == 1 else decoded[band - 1] * near + decoded[band - 2] * far


def _choose(matrix, step):
    """The predictor of each column with the fewest bits, about."""
    cost = []
    for number in range(len(PREDICTORS)):
        integers, _ = _quantise(matrix, step, np.full(matrix.shape[1], number))
        cost.append(np.log2(1.0 + 2 * np.abs(integers)).sum(0))
    return np.argmin(cost, 0)


def _tables(integers, band, model):
    """Table of each column: about the mean magnitude around it in the two bands before."""
    one = np.abs(integers[band - 1]) if band > 0 else np.full(integers.shape[1], FIRST)
    two = np.abs(integers[band - 2]) if band > 1 else one
    one, two = np.minimum(one, 1 << 20), np.minimum(two, 1 << 20)
    left, right = np.concatenate([one[:1], one[:-1]]), np.concatenate([one[1:], one[-1:]])
    mean16 = np.minimum((6 * one + 4 * two + 2 * left + 2 * right) * 16 // 14 + 4, 16000)
    index = context.LOG[mean16].astype(np.int64) * 3 // 32 + 15
    return model.first_geometric + np.minimum(index, len(model.geometric) - 1)
