"""Bits that are not worth modelling (signs, low bits of large magnitudes), as one string."""

import numpy as np

from ...errors import FormatError


class BitWriter:
    """Collects bits; `finish` gives them as bytes, the first bit highest."""

    def __init__(self):
        self._bits = bytearray()

    def put(self, values, counts):
        """Append each of `values` in its count of bits, the highest first."""
        values, counts = np.asarray(values, np.int64), np.asarray(counts, np.int64)
        self._bits += (np.repeat(values, counts) >> _places(counts) & 1).astype(np.uint8).tobytes()

    def put_flags(self, flags):
        """Append one bit for each of `flags`."""
        self._bits += np.asarray(flags).astype(np.uint8).tobytes()

    def finish(self):
        """All bits, filled up with zeros to whole bytes."""
        return np.packbits(np.frombuffer(self._bits, np.uint8)).tobytes()


class BitReader:
    """Reads what a BitWriter wrote; raises FormatError at the end."""

    _SIGNS = np.array([1, -1], np.int64)

    def __init__(self, data):
        self._bits, self._position = np.unpackbits(np.frombuffer(data, np.uint8)), 0

    def get(self, counts):
        """Numbers of counts[i] bits each: int64, of the shape of `counts`."""
        counts = np.asarray(counts, np.int64)
        bits = self.get_flags(int(counts.sum())).astype(np.int64) << _places(counts)
        ends = np.concatenate([[0], np.cumsum(bits)])
        stops = np.cumsum(counts)
        return ends[stops] - ends[stops - counts]

    def get_flags(self, n):
        """The next n bits, (n,) uint8."""
        piece = self._bits[self._position : self._position + n]
        if len(piece) < n:
            raise FormatError("the plain bits of a latent stream end too early")
        self._position += n
        return piece

    def get_signs(self, n):
        """-1 for each of the next n bits that is set, 1 for the others: (n,) int64."""
        return self._SIGNS.take(self.get_flags(n))

    def finish(self):
        """Raise FormatError unless only the filling of the last byte is left."""
        if len(self._bits) - self._position > 7:
            raise FormatError("plain bits of a latent stream are left over")


def _places(counts):
    """The place of every bit in its number: counts[i] - 1 down to 0 for each i."""
    stops = np.cumsum(counts)
    return np.repeat(stops, counts) - 1 - np.arange(int(counts.sum()))
