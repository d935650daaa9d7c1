"""Bits in and out of bytes, the first bit in the highest place of the first byte.

Bits are kept as a string of "0" and "1": for the few thousand of a header, finding the end of a
unary number in a string is faster than any arithmetic that Python offers.
"""

from ..errors import FormatError


def to_bytes(bits):
    """Pack a string of "0" and "1" into bytes, filled up with zeros."""
    if not bits:
        return b""
    n_bytes = -(-len(bits) // 8)
    return int(bits.ljust(8 * n_bytes, "0"), 2).to_bytes(n_bytes, "big")


def binary(value, width):
    """`value` in `width` binary digits; nothing where the width is 0."""
    return format(value, f"0{width}b") if width else ""


class BitReader:
    """Reads numbers from bytes; raises `FormatError` past their end."""

    def __init__(self, data):
        self._bits = bin(int.from_bytes(b"\x01" + data, "big"))[3:]
        self._position = 0

    @property
    def n_left(self):
        """Bits not read yet."""
        return len(self._bits) - self._position

    def number(self, width):
        """Read an unsigned number of `width` bits."""
        end = self._position + width
        if end > len(self._bits):
            raise FormatError("the band table ends too early; the file is damaged.")
        value = int(self._bits[self._position : end] or "0", 2)
        self._position = end
        return value

    def ones(self, limit):
        """Count ones up to the next zero and pass over it, or stop after `limit` ones."""
        start = self._position
        end = self._bits.find("0", start, start + limit)
        if end >= 0:
            self._position = end + 1
            return end - start
        if start + limit > len(self._bits):
            raise FormatError("the band table ends too early; the file is damaged.")
        self._position = start + limit
        return limit

    def align(self):
        """Go on at the next whole byte; the bits passed over have to be zeros."""
        if self.number(-self._position % 8):
            raise FormatError("the band table is not filled up with zeros; the file is damaged.")
