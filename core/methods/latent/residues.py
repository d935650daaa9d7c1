"""The section of residues: the low bits of whole numbers whose range is too wide for sums of 32 bits.

Corrections bring such a band near its values, but not to the last unit on every machine. A sample is then the
whole number nearest to the corrected value among those with the low bits that stand here:

    4 bytes each  lengths of the streams, low byte first; tiles row by row, for each its coded bands
    the streams   low bits of every pixel, row by row, each from its highest bit; as raw deflate
"""

import zlib

import numpy as np

from ...entropy.byte_reader import ByteReader
from ...errors import FormatError
from .plain_bits import BitReader, BitWriter
from .tiling import n_tiles, tiles

SECTION = "RESI"
LENGTH_BYTES = 4
MOST_BITS = 32
_RAW = -15


def pack(bands, n_bits, shape):
    """Bytes of the section; bands: (rows, cols) whole numbers of each coded band, n_bits: how many of each are kept."""
    places, of_bands = tiles(*shape), []
    for band in bands:
        low = band.astype(np.int64) & ((1 << n_bits) - 1)
        of_bands.append([_stream(low[a:b, c:d], n_bits) for a, b, c, d in places])
    streams = [of_tiles[i] for i in range(len(places)) for of_tiles in of_bands]
    return b"".join([*(len(s).to_bytes(LENGTH_BYTES, "little") for s in streams), *streams])


class Residues:
    """Reads the section, a stream when it is asked for. n_bits: of each number. Raises FormatError."""

    def __init__(self, data, n_bits, n_bands, shape):
        self._n_bits, self._n_bands = n_bits, n_bands
        reader = ByteReader(data)
        # Before the tiles are listed: a file of few bytes may claim millions.
        lengths = np.frombuffer(reader.take(LENGTH_BYTES * n_tiles(*shape) * n_bands), "<u4").tolist()
        self._places = tiles(*shape)
        self._streams = [bytes(reader.take(length)) for length in lengths]
        if reader.n_left:
            raise FormatError("bytes are left over behind the residues of a latent file")

    def exact(self, near, number, band, rows, cols):
        """Samples of a coded band at rows x cols of a tile: the whole numbers nearest to `near` with their low bits."""
        low, apart = self._tile(number, band)[rows][:, cols], float(1 << self._n_bits)
        return low + np.rint((near - low) / apart) * apart

    def _tile(self, number, band):
        a, b, c, d = self._places[number]
        counts = np.full((b - a) * (d - c), self._n_bits)
        stream = _inflated(self._streams[number * self._n_bands + band], -(-int(counts.sum()) // 8))
        return BitReader(stream).get(counts).reshape(b - a, d - c)


def _stream(low, n_bits):
    writer = BitWriter()
    writer.put(low.reshape(-1), np.full(low.size, n_bits))
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    return deflate.compress(writer.finish()) + deflate.flush()


def _inflated(stream, n_bytes):
    inflate = zlib.decompressobj(_RAW)
    try:
        # A byte more than there may be: one too long is not taken for a whole one.
        data = inflate.decompress(stream, n_bytes + 1)
    except zlib.error as error:
        raise FormatError(f"the residues of a latent file are damaged ({error})") from error
    if len(data) != n_bytes or not inflate.eof or inflate.unused_data:
        raise FormatError("the residues of a latent file are not those of its pixels")
    return data
