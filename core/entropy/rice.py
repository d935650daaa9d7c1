"""Small unsigned integers as Rice codes, all unary parts first.

R. F. Rice, "Some practical universal noiseless coding techniques", JPL publication 79-22, 1979.
A value v is v >> k in unary (zeros and a one) and the low k bits of v; keeping the two apart lets
NumPy decode all values at once. Layout: k (one byte), unary parts, low bits, each in whole bytes.
"""

import numpy as np

from ..errors import FormatError
from .bits import MAX_READ_BITS, check_filling, pack_fixed, unpack_fixed

LIMIT = 1 << MAX_READ_BITS


def fold(signed):
    """0, -1, 1, -2, 2... to 0, 1, 2, 3, 4..."""
    signed = np.asarray(signed, np.int64)
    return np.where(signed < 0, -2 * signed - 1, 2 * signed)


def unfold(unsigned):
    """The inverse of `fold`."""
    return np.where(unsigned & 1, -(unsigned + 1 >> 1), unsigned >> 1)


def encode(values):
    """Code (n,) integers from 0 to below LIMIT; nothing for none."""
    values = np.asarray(values, np.int64)
    if not len(values):
        return b""
    low = _low_bits(values)
    ends = np.cumsum((values >> low) + 1)
    unary = np.zeros(int(ends[-1]), np.uint8)
    unary[ends - 1] = 1
    return bytes([low]) + np.packbits(unary).tobytes() + pack_fixed(values & (1 << low) - 1, low)


def _low_bits(values):
    """The least k for which another low bit would not shorten the code."""
    low = 0
    while int(np.sum((values >> low) - (values >> low + 1))) > len(values):
        low += 1
    return low


def decode(reader, count):
    """Read `count` integers from a ByteReader: (count,) int64 below LIMIT.

    Raises FormatError, before anything is allocated by `count`, where they cannot be there.
    """
    if not count:
        return np.zeros(0, np.int64)
    low = reader.byte()
    if low > MAX_READ_BITS:
        raise FormatError(f"a Rice code has {low} low bits")
    # With the encoder's choice of k the quotients sum up to at most twice their number.
    unary = np.unpackbits(np.frombuffer(reader.peek(3 * count // 8 + 1), np.uint8))
    ones = np.flatnonzero(unary)[:count]
    if len(ones) < count:
        raise FormatError("the Rice codes end too early")
    n_bits = int(ones[-1]) + 1
    check_filling(reader.take(-(-n_bits // 8)), n_bits)
    quotients = np.diff(ones, prepend=-1) - 1
    values = quotients << low | unpack_fixed(reader.take(-(-count * low // 8)), count, low)
    if values.max() >= LIMIT:
        raise FormatError("a Rice code is too large")
    return values
