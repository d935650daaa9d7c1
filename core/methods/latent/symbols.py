"""Signed integers as symbols of a small alphabet, raw bits and signs.

A magnitude m < 10 is its own symbol. Beyond, with r = m - 8 and n = floor(log2 r), the symbol is 9 + n
and the low n bits of r follow as plain bits; then come the signs of what is not zero.
"""

import numpy as np

from ...big_arrays import big_zeros
from ...entropy import rans
from .plain_bits import BitReader, BitWriter

DIRECT = 10
ALPHABET = 32
OFFSET = DIRECT - 2
LARGEST = OFFSET + (1 << (ALPHABET - DIRECT + 1)) - 1


def split(magnitudes):
    """(symbols, raw values, raw bit counts) int64 of magnitudes up to LARGEST."""
    magnitudes = np.asarray(magnitudes, np.int64)
    above = magnitudes >= DIRECT
    rest = np.where(above, magnitudes - OFFSET, 1)
    # Exact: frexp's exponent of an integer below 2^53 is its length in bits.
    count = np.frexp(rest.astype(np.float64))[1].astype(np.int64) - 1
    return np.where(above, DIRECT - 1 + count, magnitudes), np.where(above, rest - (1 << count), 0), count


class SymbolWriter:
    """Collects n signed integers, each with the table its symbol is coded with."""

    def __init__(self, n):
        # Small types, in a row: all symbols of a tile wait here until it is complete.
        self.bits, self._symbols, self._tables = BitWriter(), big_zeros((n,), np.uint8), big_zeros((n,), np.int16)
        self._put = 0

    def put(self, tables, values):
        """One batch: (n,) table indices and (n,) integers, in the order the decoder asks for them."""
        symbols, raw, counts = split(np.abs(values))
        place = slice(self._put, self._put + len(symbols))
        if place.stop > len(self._symbols):
            raise ValueError(f"{place.stop} integers were put where {len(self._symbols)} were announced.")
        self._symbols[place], self._tables[place] = symbols, tables
        self._put = place.stop
        above = counts > 0
        self.bits.put(raw[above], counts[above])
        self.bits.put_flags(values[symbols > 0] < 0)

    def finish(self, tables, n_lanes):
        """4 bytes: how long the rANS words are; the rANS words; the plain bits."""
        words = rans.encode(self._symbols[: self._put], self._tables[: self._put], tables, n_lanes)
        return len(words).to_bytes(4, "little") + words + self.bits.finish()


class SymbolReader:
    """Reads what a SymbolWriter wrote; raises FormatError for bytes that none writes."""

    def __init__(self, data, tables, n_lanes):
        n_bytes = int.from_bytes(data[:4], "little")
        self._decoder = rans.RansDecoder(bytes(data[4 : 4 + n_bytes]), tables, n_lanes)
        self.bits = BitReader(data[4 + n_bytes :])

    def get(self, tables):
        """The next integers, (n,) int64, whose symbols were coded with these tables."""
        values = self._decoder.decode(tables)
        above = (values >= DIRECT).nonzero()[0]
        if len(above):
            counts = values[above] - (DIRECT - 1)
            values[above] = OFFSET + (1 << counts) + self.bits.get(counts)
        some = values.nonzero()[0]
        values[some] *= self.bits.get_signs(len(some))
        return values

    def finish(self):
        """Raise FormatError unless everything was read."""
        self._decoder.finish()
        self.bits.finish()
