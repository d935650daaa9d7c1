"""A column of numbers, one a band, in few bytes and exact.

Most columns lie on a decimal grid (wavelengths as printed, minima of integer rasters) and are kept
as integers on it. Others are kept as the integers that their floating-point patterns stand for.
"""

from functools import lru_cache

import numpy as np

from ..errors import FormatError
from .bits import binary, to_bytes
from .integers import ORDERS, decode_integers, encode_integers

_DECIMAL, _DECIMAL_FLOAT32, _FLOAT32, _FLOAT64 = range(4)
_MAX_DIGITS = 12
_SIGNIFICANT = (0, 5, 6, 7)
_TRIAL = 512


def encode_column(values, population):
    """Return the bytes of a column.

    values: finite numbers; population: 0 to 3, which bands they belong to (kept, not used here).
    """
    return _encode(np.asarray(values, dtype=np.float64).tobytes(), population)


# A file is written several times until the rate told in its header is that of the file.
@lru_cache(maxsize=16)
def _encode(data, population):
    kind, digits, integers = _as_integers(np.frombuffer(data, dtype=np.float64))
    candidates = _SIGNIFICANT if digits else (0,)
    sample = integers[:_TRIAL]
    _, order, significant = min(
        (len(encode_integers(sample, order, significant)), order, significant)
        for order in ORDERS
        for significant in candidates
    )
    head = binary(kind, 2) + binary(order, 2) + binary(population, 2) + "00"
    head += binary(digits, 4) + binary(significant, 4)
    return to_bytes(head + encode_integers(integers, order, significant))


def decode_column(reader, counts):
    """Read a column; return (values, (n,) float64, and their population).

    reader: a `BitReader` at a whole byte; counts: how many bands each population has.
    """
    kind, order, population = reader.number(2), reader.number(2), reader.number(2)
    if reader.number(2) or population >= len(counts):
        raise FormatError("the band table holds a column of an unknown kind; the file is damaged.")
    digits, significant = reader.number(4), reader.number(4)
    integers = decode_integers(reader, counts[population], order, significant)
    reader.align()
    return _as_numbers(integers, kind, digits), population


def _as_integers(values):
    """Return (kind, decimal digits, Python integers) of float64 values."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    for digits in range(_MAX_DIGITS + 1):
        # Adding zero takes the sign from minus zero, which no integer has.
        scaled = np.rint(values * 10.0**digits) + 0.0
        if np.abs(scaled).max(initial=0) >= 2.0**53:
            break
        restored = scaled / 10.0**digits
        kind = _decimal_kind(values, restored)
        if kind is not None:
            return kind, digits, [int(value) for value in scaled]
    if np.array_equal(single.astype(np.float64), values):
        return _FLOAT32, 0, _ordered(single.view(np.int32), 31)
    return _FLOAT64, 0, _ordered(values.view(np.int64), 63)


def _decimal_kind(values, restored):
    if _same(values, restored):
        return _DECIMAL
    if _same(values, restored.astype(np.float32).astype(np.float64)):
        return _DECIMAL_FLOAT32
    return None


def _same(first, second):
    """Equal, and no minus zero taken for zero."""
    return np.array_equal(first, second) and np.array_equal(np.signbit(first), np.signbit(second))


def _ordered(patterns, sign_bit):
    """Integers that rise as the floating-point numbers of these bit patterns do."""
    magnitude = (1 << sign_bit) - 1
    return [int(p) if p >= 0 else -1 - (int(p) & magnitude) for p in patterns]


def _as_numbers(integers, kind, digits):
    if kind == _FLOAT32:
        return _from_ordered(integers, 31, np.uint32, np.float32)
    if kind == _FLOAT64:
        return _from_ordered(integers, 63, np.uint64, np.float64)
    if digits > _MAX_DIGITS:
        raise FormatError("the band table holds an impossible number; the file is damaged.")
    values = np.array([integer / 10**digits for integer in integers], dtype=np.float64)
    if kind == _DECIMAL_FLOAT32:
        values = values.astype(np.float32).astype(np.float64)
    return values


def _from_ordered(integers, sign_bit, pattern_type, float_type):
    sign = 1 << sign_bit
    if any(not -sign <= integer < sign for integer in integers):
        raise FormatError("the band table holds an impossible number; the file is damaged.")
    patterns = [i if i >= 0 else sign | (-1 - i) for i in integers]
    values = np.array(patterns, dtype=pattern_type).view(float_type).astype(np.float64)
    if not np.isfinite(values).all():
        raise FormatError("the band table holds a number that is not finite; the file is damaged.")
    return values
