"""The one section of a latent file: loadings, what is filled, tiles.

    4 bytes       n, length of the loadings
    n bytes       loadings (`loadings`)
    ceil(3KL / 8) which subbands are filled: for each level, the finest first, for each plane, HL, LH, HH
    4 bytes each  lengths of the tiles, row by row
    the tiles     (`tile_encoder`)

Lengths have their low byte first. The number of lanes follows from the number of samples: more where
there is more to decode, since each costs four bytes.
"""

import math

import numpy as np

from ...entropy.byte_reader import ByteReader
from ...errors import FormatError
from .tiling import n_tiles, tiles

SECTION = "LATN"
LENGTH_BYTES = 4
SAMPLES_A_LANE = 6000
FEWEST_LANES, MOST_LANES = 8, 256


def n_lanes(n_planes, tile):
    """Lanes of a tile's rANS coder: a power of two."""
    samples = max(n_planes * (tile[1] - tile[0]) * (tile[3] - tile[2]), 1)
    exponent = round(math.log2(samples / SAMPLES_A_LANE))
    return min(max(1 << max(exponent, 0), FEWEST_LANES), MOST_LANES)


def pack(loadings, filled, streams):
    """Bytes of the section; filled: [level] (K, 3) bool; streams: bytes of each tile."""
    flags = np.concatenate([np.zeros(0, bool), *(level.reshape(-1) for level in filled)])
    pieces = [_length(loadings), loadings, np.packbits(flags).tobytes()]
    return b"".join([*pieces, *(_length(stream) for stream in streams), *streams])


def unpack(data, n_planes, levels, rows, cols):
    """The inverse of `pack`: (loadings, filled, [(tile, bytes)]); raises FormatError."""
    reader = ByteReader(data)
    loadings = bytes(reader.take(_number(reader)))
    n_flags = 3 * n_planes * levels
    flags = np.unpackbits(np.frombuffer(reader.take(-(-n_flags // 8)), np.uint8))[:n_flags].astype(bool)
    # Before the tiles are listed: a file of few bytes may claim millions.
    lengths = np.frombuffer(reader.take(LENGTH_BYTES * n_tiles(rows, cols)), "<u4").tolist()
    places = tiles(rows, cols)
    streams = [(tile, bytes(reader.take(length))) for tile, length in zip(places, lengths)]
    if reader.n_left:
        raise FormatError("bytes are left over behind the tiles of a latent file")
    return loadings, list(flags.reshape(levels, n_planes, 3)), streams


def _length(piece):
    return len(piece).to_bytes(LENGTH_BYTES, "little")


def _number(reader):
    return int.from_bytes(reader.take(LENGTH_BYTES), "little")
