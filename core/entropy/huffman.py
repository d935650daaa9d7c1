"""Canonical Huffman coding, as HINER does with its quantised weights (arXiv 2407.21395, 3.4).

Symbol i goes to lane i modulo the number of lanes (`lanes.py`); each lane is a bit string of its
own, and they follow each other without padding.
Layout: code lengths (`code_lengths.py`), bits of each lane (the fewest as four bytes, Rice codes
of what the others have more), the bit strings.
"""

import numpy as np

from ..errors import FormatError
from . import rice
from .bits import check_filling, pack_codes, windows
from .byte_reader import ByteReader
from .code_lengths import LONGEST, decode_lengths, encode_lengths, optimal_lengths
from .lanes import n_lanes

# An entry of the decoding table is symbol << _LENGTH_BITS | length.
_LENGTH_BITS = 5


def encode(symbols, alphabet_size):
    """Code (n,) integers below `alphabet_size` (at most 65536), at least one, into bytes."""
    lengths = optimal_lengths(np.bincount(symbols, minlength=alphabet_size))
    lanes = n_lanes(len(symbols))
    by_lane = np.concatenate([symbols[lane::lanes] for lane in range(lanes)])
    code_bits = lengths[by_lane]
    n_symbols = len(symbols) // lanes + (np.arange(lanes) < len(symbols) % lanes)
    lane_bits = np.add.reduceat(code_bits, np.cumsum(n_symbols) - n_symbols)
    fewest = int(lane_bits.min())
    return b"".join(
        [
            encode_lengths(lengths),
            fewest.to_bytes(4, "little"),
            rice.encode(lane_bits - fewest),
            pack_codes(_words(lengths)[by_lane], code_bits),
        ]
    )


def decode(data, count, alphabet_size):
    """The inverse of `encode` for `count` symbols, at least one: (count,) int32.

    Raises FormatError for anything that `encode` cannot have written.
    """
    reader = ByteReader(data)
    lengths = decode_lengths(reader, alphabet_size)
    fewest = int.from_bytes(reader.take(4), "little")
    lane_bits = fewest + rice.decode(reader, n_lanes(count))
    strings, n_bits = reader.rest(), int(lane_bits.sum())
    if len(strings) != -(-n_bits // 8) or n_bits < count:
        raise FormatError(f"{count} symbols in {n_bits} bits are not {len(strings)} bytes")
    check_filling(strings, n_bits)
    return _decode_lanes(strings, lane_bits, count, lengths)


def _decode_lanes(strings, lane_bits, count, lengths):
    """Decode `count` symbols, one of each lane a step."""
    longest = int(lengths.max())
    table = _decoding_table(lengths, longest)
    ends = np.cumsum(lane_bits)
    position, lanes = ends - lane_bits, len(ends)
    # A damaged lane may run past its end by as much as all its symbols take.
    word_at = windows(strings, n_extra=-(-count // lanes) * longest // 8 + 1)
    shift, mask = 32 - longest, (1 << _LENGTH_BITS) - 1
    entries = np.empty(count, table.dtype)
    for start in range(0, count, lanes):
        if start + lanes > count:
            _check_ends(position[count - start :], ends[count - start :])
            position, ends = position[: count - start], ends[: count - start]
        word = word_at.take(position >> 3)
        word <<= (position & 7).astype(np.uint32)
        word >>= shift
        entry = entries[start : start + lanes]
        table.take(word, out=entry, mode="clip")
        position += entry & mask
    _check_ends(position, ends)
    entries >>= _LENGTH_BITS
    return entries


def _check_ends(position, ends):
    if not np.array_equal(position, ends):
        raise FormatError("a lane of the Huffman code does not end where it should")


def _canonical_order(lengths):
    """Used symbols in the order of their code words."""
    used = np.flatnonzero(lengths)
    return used[np.argsort(lengths[used], kind="stable")]


def _words(lengths):
    """(symbols,) int64: the canonical code words; 0 for unused symbols."""
    order = _canonical_order(lengths)
    spans = 1 << (LONGEST - lengths[order])
    words = np.zeros(len(lengths), np.int64)
    words[order] = (np.cumsum(spans) - spans) >> (LONGEST - lengths[order])
    return words


def _decoding_table(lengths, longest):
    """(2**longest,) int32: what each prefix of `longest` bits starts with."""
    order = _canonical_order(lengths)
    entries = (order << _LENGTH_BITS | lengths[order]).astype(np.int32)
    # The code of a single symbol is no complete one: both its prefixes stand for it.
    return np.resize(np.repeat(entries, 1 << (longest - lengths[order])), 1 << longest)
