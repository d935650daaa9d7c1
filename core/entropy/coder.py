"""The entropy coder of quantised values: Huffman as published, or rANS where that is smaller.

Layout: the coder (one byte), then what `huffman` or `static_rans` write; nothing for no symbols.
"""

import numpy as np

from ..errors import FormatError, ParameterError
from . import huffman, static_rans
from .lanes import SYMBOLS_A_LANE

HUFFMAN, RANS = 0, 1
LARGEST_ALPHABET = 1 << 16
MOST_GROUPS = 256


def encode(symbols, alphabet_size, group_sizes=None):
    """Code integers from 0 to below `alphabet_size` (at most 65536) into bytes.

    symbols: an integer array, read in C order. group_sizes: how many symbols each of several
    groups in a row has whose frequencies may differ (all one group); `decode` needs the same.

    Raises ParameterError for symbols outside the alphabet and sizes that do not sum up.
    """
    symbols = np.asarray(symbols).ravel()
    group_sizes = _checked_sizes(len(symbols), alphabet_size, group_sizes)
    if not len(symbols):
        return b""
    if symbols.dtype.kind not in "ui" or symbols.min() < 0 or symbols.max() >= alphabet_size:
        raise ParameterError(f"The symbols to code are no integers from 0 to {alphabet_size - 1}.")
    symbols = symbols.astype(np.int64)
    by_huffman = huffman.encode(symbols, alphabet_size)
    by_rans = static_rans.encode(symbols, alphabet_size, group_sizes)
    if len(by_huffman) <= len(by_rans):
        return bytes([HUFFMAN]) + by_huffman
    return bytes([RANS]) + by_rans


def decode(data, count, alphabet_size, group_sizes=None):
    """The inverse of `encode` for `count` symbols: (count,) uint8, or uint16 for large alphabets.

    Memory follows `count` only after the data were found long enough to hold so many symbols.

    Raises FormatError for anything that `encode` cannot have written.
    """
    dtype = np.uint8 if alphabet_size <= 256 else np.uint16
    if not count and not len(data):
        return np.zeros(0, dtype)
    try:
        return _decode(memoryview(data), count, alphabet_size, group_sizes).astype(dtype)
    except FormatError as error:
        raise FormatError(
            f"The {count} coded values cannot be decoded ({error}); the file is damaged. "
            "Make it again, or get another copy."
        ) from error


def _decode(data, count, alphabet_size, group_sizes):
    if not 0 < count <= SYMBOLS_A_LANE * len(data):
        raise FormatError(f"so many are not in {len(data)} bytes")
    group_sizes = _checked_sizes(count, alphabet_size, group_sizes)
    if data[0] == HUFFMAN:
        return huffman.decode(data[1:], count, alphabet_size)
    if data[0] == RANS:
        return static_rans.decode(data[1:], count, alphabet_size, group_sizes)
    raise FormatError(f"entropy coder {data[0]} is unknown")


def coder_name(data):
    """'huffman', 'rans' or 'none' (no symbols): what `encode` chose."""
    if not len(data):
        return "none"
    return {HUFFMAN: "huffman", RANS: "rans"}.get(data[0], "unknown")


def _checked_sizes(count, alphabet_size, group_sizes):
    if not 1 <= alphabet_size <= LARGEST_ALPHABET:
        raise ParameterError(f"An alphabet of {alphabet_size} symbols is not 1 to 65536.")
    sizes = np.array([count] if group_sizes is None else group_sizes, np.int64)
    if len(sizes) > MOST_GROUPS:
        raise ParameterError(f"{len(sizes)} groups of symbols are more than {MOST_GROUPS}.")
    if sizes.min(initial=0) < 0 or sizes.sum() != count:
        raise ParameterError(f"Groups of {sizes.sum()} symbols are not the {count} symbols to code.")
    return sizes
