"""Codes of a few bits in and out of bytes, the first bit in the highest place of the first byte."""

import numpy as np

from ..errors import FormatError

MAX_READ_BITS = 24
_WORD_BITS = 32


def pack_codes(codes, lengths):
    """Join codes of up to 32 bits into bytes, filled up with zeros.

    codes, lengths: (n,) integers; a code is below 2**length, and a length may be 0.
    """
    codes, lengths = np.asarray(codes, np.int64), np.asarray(lengths, np.int64)
    ends = np.cumsum(lengths)
    n_bits = int(ends[-1]) if len(ends) else 0
    if not n_bits:
        return b""
    starts = ends - lengths
    word = starts >> 5
    # A code starts in the upper word of a pair and reaches at most into the lower.
    pair = codes.astype(np.uint64) << (2 * _WORD_BITS - (starts & 31) - lengths).astype(np.uint64)
    first = np.flatnonzero(np.r_[True, word[1:] != word[:-1]])
    words = np.zeros(n_bits // _WORD_BITS + 2, np.uint64)
    words[word[first]] = np.add.reduceat(pair >> np.uint64(_WORD_BITS), first)
    words[word[first] + 1] += np.add.reduceat(pair & np.uint64(2**_WORD_BITS - 1), first)
    return words.astype(">u4").tobytes()[: -(-n_bits // 8)]


def pack_fixed(values, width):
    """Join values of `width` bits each."""
    return pack_codes(values, np.full(len(values), width))


def windows(data, n_extra=0):
    """(n + n_extra,) uint32: the 32 bits from each byte of `data` on, with zeros past its end."""
    padded = np.zeros(len(data) + n_extra + 3, np.uint8)
    padded[: len(data)] = np.frombuffer(data, np.uint8)
    padded = padded.astype(np.uint32)
    return padded[:-3] << 24 | padded[1:-2] << 16 | padded[2:-1] << 8 | padded[3:]


def unpack_codes(data, lengths):
    """Codes of the given (n,) lengths, none above MAX_READ_BITS, out of `data`: (n,) int64.

    Raises FormatError unless `data` has exactly the bytes that takes, filled up with zeros.
    """
    ends = np.cumsum(lengths)
    n_bits = int(ends[-1]) if len(ends) else 0
    if len(data) != -(-n_bits // 8):
        raise FormatError(f"{n_bits} coded bits are not {len(data)} bytes")
    check_filling(data, n_bits)
    if not n_bits:
        return np.zeros(len(ends), np.int64)
    position = ends - lengths
    # The position of an empty code at the end may be past the last byte.
    word = windows(data, n_extra=1)[position >> 3].astype(np.int64)
    return word >> (_WORD_BITS - lengths - (position & 7)) & ((1 << lengths) - 1)


def unpack_fixed(data, count, width):
    """The inverse of `pack_fixed`; see `unpack_codes`."""
    return unpack_codes(data, np.full(count, width, np.int64))


def check_filling(data, n_bits):
    """Raise FormatError unless the last byte is zero past the first `n_bits` bits of `data`."""
    if n_bits & 7 and data[n_bits >> 3] & (0xFF >> (n_bits & 7)):
        raise FormatError("the coded bits are not filled up with zeros")
