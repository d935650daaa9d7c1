"""The section of corrections: a stream for each tile and each GROUP of coded bands.

    4 bytes each  lengths of the streams, low byte first; tiles row by row, for each its groups
    the streams   (`corrections`); none where nothing is corrected
"""

from collections import OrderedDict

import numpy as np

from ...entropy.byte_reader import ByteReader
from ...errors import FormatError
from . import corrections
from .geometry import TILE
from .tiling import n_tiles, tiles

SECTION = "CORR"
GROUP = 8
"""Bands of a stream."""
LENGTH_BYTES = 4
CACHED_STREAMS = 64


def pack(groups, shape, model):
    """Bytes of the section; groups: (bands, rows, cols) integers, one group after the other."""
    places, by_group = tiles(*shape), []
    for group in groups:
        by_group.append([corrections.encode(group[:, a:b, c:d], model) for a, b, c, d in places])
    streams = [of_tiles[i] for i in range(len(places)) for of_tiles in by_group]
    return b"".join([*(len(s).to_bytes(LENGTH_BYTES, "little") for s in streams), *streams])


def bits(group, model):
    """About how many bits a group takes; infinite where a correction is larger than any can be."""
    if np.abs(group).max(initial=0) > corrections.LARGEST:
        return np.inf
    return sum(corrections.estimated_bits(group[:, a:b, c:d], model) for a, b, c, d in tiles(*group.shape[1:]))


class Corrections:
    """Reads the section; a stream is decoded when a band of it is asked for. Raises FormatError."""

    def __init__(self, data, n_bands, shape, model):
        self._model, self._n_bands, self._n_groups = model, n_bands, -(-n_bands // GROUP)
        self._most_kept = CACHED_STREAMS
        reader = ByteReader(data)
        lengths = reader.take(LENGTH_BYTES * n_tiles(*shape) * self._n_groups)
        lengths = np.frombuffer(lengths, "<u4").tolist()
        self._places = tiles(*shape)
        self._streams = [bytes(reader.take(length)) for length in lengths]
        if reader.n_left:
            raise FormatError("bytes are left over behind the corrections of a latent file")
        self._decoded = OrderedDict()

    def keep(self, n_bytes):
        """Keep about so much of what was decoded: a stream at least, from which band after band of a tile is taken."""
        self._most_kept = max(1, n_bytes // (4 * GROUP * TILE**2))

    def tile(self, number, band):
        """Corrections of one coded band in one tile, (rows, cols) int32."""
        group = band // GROUP
        key = number * self._n_groups + group
        if key not in self._decoded:
            a, b, c, d = self._places[number]
            n_bands = min(GROUP, self._n_bands - group * GROUP)
            self._decoded[key] = corrections.decode(self._streams[key], (n_bands, b - a, d - c), self._model)
            while len(self._decoded) > self._most_kept:
                self._decoded.popitem(last=False)
        self._decoded.move_to_end(key)
        return self._decoded[key][band - group * GROUP]
