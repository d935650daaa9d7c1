"""rANS coding of symbols whose frequencies stand beside them.

The symbols come in groups (the tensors of a network, say); groups with alike frequencies share a
table. Of large alphabets the low bits, which no table would shorten, are stored as they are.
Layout: tables less one (one byte); each table: raw bits (one byte) and `frequencies`; where there
are several tables, the table of each group (one byte each); the raw bits; `rans`.
"""

import numpy as np

from ..errors import FormatError
from .bits import pack_codes, unpack_codes
from .byte_reader import ByteReader
from .frequencies import PRECISION, decode_curve, encode_curve
from .frequency_fit import best_fit
from .grouping import shared_tables
from .lanes import n_lanes
from .rans import RansDecoder, RansTables
from .rans import encode as rans_encode

_MOST_RAW_BITS = 16
# Data claim up to 2048 symbols a byte; what is wanted besides them is held for so many at once.
_SYMBOLS_AT_ONCE = 1 << 16


def encode(symbols, alphabet_size, group_sizes):
    """Code (n,) integers below `alphabet_size` (at most 65536), at least one, into bytes.

    group_sizes: symbols in each group, with the sum n.
    """
    histograms = _histograms(symbols, alphabet_size, group_sizes)
    of_group = shared_tables(histograms)
    fits = [best_fit(histograms[of_group == table].sum(0)) for table in range(of_group.max() + 1)]
    curves = [fit.curve for fit in fits]
    table = np.repeat(of_group, group_sizes)
    raw_bits = np.array([fit.n_raw for fit in fits])[table]
    first = np.array([curve.first for curve in curves])[table]
    pieces = [bytes([len(fits) - 1])]
    pieces += [bytes([fit.n_raw]) + encode_curve(fit.curve) for fit in fits]
    if len(fits) > 1:
        pieces.append(of_group.astype(np.uint8).tobytes())
    pieces.append(pack_codes(symbols & (1 << raw_bits) - 1, raw_bits))
    lanes = n_lanes(len(symbols))
    pieces.append(rans_encode((symbols >> raw_bits) - first, table, _tables(curves), lanes))
    return b"".join(pieces)


def decode(data, count, alphabet_size, group_sizes):
    """The inverse of `encode` for `count` symbols, at least one: (count,) int32.

    Raises FormatError for anything that `encode` cannot have written.
    """
    reader = ByteReader(data)
    raw_bits, curves = _read_tables(reader, alphabet_size)
    of_group = _read_groups(reader, len(group_sizes), len(curves))
    n_low_bits = raw_bits[of_group] * group_sizes
    low_bits = reader.take(-(-int(n_low_bits.sum()) // 8))
    decoder = RansDecoder(reader.rest(), _tables(curves), n_lanes(count))
    symbols = np.empty(count, np.int32)
    start = 0
    for table, size in zip(of_group, group_sizes):
        for piece in range(start, start + size, _SYMBOLS_AT_ONCE):
            part = symbols[piece : min(piece + _SYMBOLS_AT_ONCE, start + size)]
            part[:] = decoder.decode(np.full(len(part), table))
        symbols[start : start + size] += curves[table].first
        symbols[start : start + size] <<= int(raw_bits[table])
        start += size
    decoder.finish()
    if len(low_bits):
        symbols += unpack_codes(low_bits, np.repeat(raw_bits[of_group], group_sizes))
    if symbols.max() >= alphabet_size:
        raise FormatError("a symbol is beyond the alphabet")
    return symbols


def _read_tables(reader, alphabet_size):
    """((tables,) bits stored as they are, [Curve of each table])."""
    raw_bits, curves = [], []
    for _ in range(reader.byte() + 1):
        raw, curve = reader.byte(), decode_curve(reader)
        if raw > _MOST_RAW_BITS or curve.first + curve.span - 1 << raw >= alphabet_size:
            raise FormatError("a frequency table is not for this alphabet")
        raw_bits.append(raw)
        curves.append(curve)
    return np.array(raw_bits), curves


def _read_groups(reader, n_groups, n_tables):
    """(groups,): the table of each group."""
    if n_tables == 1:
        return np.zeros(n_groups, np.int64)
    of_group = np.frombuffer(reader.take(n_groups), np.uint8).astype(np.int64)
    if of_group.max() >= n_tables:
        raise FormatError("a group of symbols has a table that is not there")
    return of_group


def _histograms(symbols, alphabet_size, group_sizes):
    """(groups, alphabet_size): how often each symbol occurs in each group."""
    ends = np.cumsum(group_sizes)
    return np.array(
        [
            np.bincount(symbols[end - size : end], minlength=alphabet_size)
            for size, end in zip(group_sizes, ends)
        ]
    )


def _tables(curves):
    frequencies = np.zeros((len(curves), max(curve.span for curve in curves)), np.int64)
    for row, curve in zip(frequencies, curves):
        row[: curve.span] = curve.frequencies
    return RansTables(frequencies, PRECISION)
