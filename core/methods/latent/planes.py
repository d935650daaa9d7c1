"""Decoded planes of any tile: one wavelet over the scene, its coefficients coded in tiles.

A tile's samples depend on its own coefficients and on a few around them; of the neighbouring tiles only
the levels that reach in are decoded. So there are no seams: a window is that part of the whole.
"""

import threading
from collections import OrderedDict
from contextlib import contextmanager

import numpy as np

from ...big_arrays import big_zeros
from ...parallel import mapped, threads
from ...waiting import patiently
from . import reconstruction, scene_stream, tile_jobs, tiling, wavelet
from .geometry import TILE, subbands
from .tile_decoder import TileDecoder

COEFFICIENT_BYTES, PLANE_BYTES = 192 << 20, 384 << 20
"""Kept in memory at most. With its planes kept, another band of a million pixels takes hundredths of a second."""
FEWEST_CACHED = 9
"""Tiles: a tile and those around it."""
FEWEST_WALKED = 15
"""Tiles in memory on a walk, `_walked` of two columns."""
SKETCH_LEVEL = 3
"""From this level on a tile is decoded apart rather than waited for while finer levels are: a seventeenth of the time."""


class ScenePlanes:
    """Planes of a scene of rows x cols samples.

    streams: [(tile, bytes)]; filled, shifts: as in the file; step: as a share of a band's range.
    """

    def __init__(self, streams, n_planes, filled, shape, step, shifts, model):
        self._streams, self._filled, self._model = streams, filled, model
        self.n_planes, self._step, self._shifts = n_planes, step, shifts
        self._shapes, low_shape = subbands(*shape, len(filled))
        self._resolutions = [shape, *(s for s in self._low_shapes(shape, len(filled)))]
        self._decoders, self._planes, self._busy = OrderedDict(), OrderedDict(), {}
        self._coefficient_bytes, self._plane_bytes = COEFFICIENT_BYTES, PLANE_BYTES
        self._fewest_decoders = self._fewest_planes = FEWEST_CACHED
        self._most_decoders = len(streams)
        # Tiles that all threads together lack, once for each that waits for them.
        self._n_lacking = 0
        # For the caches and counts above alone, and never held while something is decoded.
        self._guard = threading.Lock()

    @staticmethod
    def _low_shapes(shape, levels):
        for level in range(levels):
            yield subbands(*shape, level + 1)[1]

    def keep(self, n_bytes, whole_rows=False):
        """See `BandDecoder.keep`: each tile's planes are asked for once, or some times in a row.

        Its coefficients are decoded once or, beside a stripe, twice: three rows of tiles are in memory at a time.
        """
        n_across = len({tile[2] for tile, _ in self._streams})
        self._coefficient_bytes, self._plane_bytes, self._fewest_planes = n_bytes * 3 // 4, n_bytes // 8, 1
        in_memory = max(FEWEST_WALKED, self._coefficient_bytes // (TILE**2 * max(self.n_planes, 1)))
        is_whole = whole_rows or _walked(n_across) <= in_memory
        width = n_across if is_whole else in_memory // 3 - 3
        self._fewest_decoders = self._most_decoders = _walked(n_across if is_whole else width + 2)
        return width

    def tile(self, number, finest=0, check=None):
        """(K, rows, cols) float32 of a tile; finest: from that level on, means over 2^finest pixels a side."""
        key = number, finest
        with self._guard:
            planes, busy = self._planes.get(key), self._busy.setdefault(key, threading.Lock())
            if planes is not None:
                self._planes.move_to_end(key)
        if planes is None:
            with patiently(busy, check):
                # Another thread may have made them meanwhile.
                planes = self._planes.get(key)
                if planes is None:
                    planes = self._synthesise(number, finest, check)
                limit = max(self._fewest_planes, self._plane_bytes // max(planes.nbytes, 1))
                self._keep(self._planes, key, planes, limit)
        return planes

    def prepare(self, numbers, finest=0, check=None):
        """Decode what the first of some tiles need that will be asked for next, several tiles at once.

        As many as threads, and as memory for coefficients allows; returns how many of `numbers` are prepared.
        """
        tile_bytes = 2 * max(self.n_planes, 1) * TILE**2
        room = min(max(self._fewest_decoders, self._coefficient_bytes // tile_bytes), max(self._most_decoders, 1))
        # Each tile of a row needs those around it.
        n = min(threads(), max(1, room // 3 - 2), len(numbers))
        if n > 1:
            needed = {}
            for number in numbers[:n]:
                if (number, finest) not in self._planes:
                    for other, level in self._needed(self._boxes(number, finest), finest).items():
                        needed[other] = min(level, needed.get(other, level))
            self._decode_all(needed, check)
        return n

    def has(self, number, finest):
        """Whether the entropy decoding of a tile is done down to a level; any thread may ask."""
        return (number, finest) in self._planes or self._is_decoded(number, finest)

    def _is_decoded(self, number, level):
        decoder = self._decoders.get(number)
        return decoder is not None and decoder.is_decoded(level)

    def _boxes(self, number, finest):
        """{level: box} of the resolutions that a tile's samples without the finest levels depend on."""
        wanted = {finest: tiling.at_level(self._streams[number][0], finest)}
        for level, shape in enumerate(self._resolutions[finest + 1 :], finest + 1):
            wanted[level] = _around(wanted[level - 1], shape)
        return wanted

    def _synthesise(self, number, finest, check):
        wanted = self._boxes(number, finest)
        decoders = self._decode_all(self._needed(wanted, finest), check)
        low = self._gather_low(wanted[len(self._filled)], decoders)
        for level in reversed(range(finest, len(self._filled))):
            low = self._merged(low, level, wanted[level + 1], wanted[level], decoders)
        return np.divide(low, wavelet.gain(self._resolutions[:finest]), out=low)

    def _merged(self, low, level, box, wanted, decoders):
        """Samples within `wanted` of a level's planes, from the low band and the details of `box`."""
        a, b, c, d = wanted
        out = big_zeros((self.n_planes, b - a, d - c), np.float32)
        # Some planes at a time: the details of all would take as much memory as the planes.
        for some in wavelet.groups(self.n_planes):
            bands = tuple(self._gather(level, o, box, some, decoders) for o in range(3))
            merged = wavelet.merge_level(low[some], bands)
            out[some] = merged[:, a - 2 * box[0] : b - 2 * box[0], c - 2 * box[2] : d - 2 * box[2]]
        return out

    def _needed(self, wanted, finest):
        """{number: level} of the tiles that the boxes reach, and the finest level in which they do.

        Behind the coarsest level stands the low band, which every TileDecoder has.
        """
        needed = {}
        for level in range(finest, len(self._filled)):
            for number, (tile, _) in enumerate(self._streams):
                if number not in needed and self._reaches(level, wanted[level + 1], tile):
                    needed[number] = level
        low = wanted[len(self._filled)]
        for number, (tile, _) in enumerate(self._streams):
            if number not in needed and _overlap(low, tiling.low_part(tile, len(self._filled))):
                needed[number] = len(self._filled)
        return needed

    def _decode_all(self, needed, check):
        """{number: TileDecoder} of tiles, {number: level}, each decoded down to its level; several at once."""
        missing = [number for number, level in needed.items() if not self._is_decoded(number, level)]
        with self._counted(len(missing)) as n_lacking:
            # Held until the planes are made: others may push them out of the cache meanwhile.
            return dict(zip(needed, mapped(lambda pair: self._decoder(*pair, check, n_lacking), needed.items())))

    @contextmanager
    def _counted(self, n):
        """While a thread waits for n tiles; yields how many all threads wait for."""
        with self._guard:
            self._n_lacking += n
            n_lacking = self._n_lacking
        try:
            yield n_lacking
        finally:
            with self._guard:
                self._n_lacking -= n

    def _reaches(self, level, box, tile):
        return any(_overlap(box, tiling.band_part(tile, level, o)) for o in range(3))

    def _gather_low(self, box, decoders):
        out = np.zeros((self.n_planes, box[1] - box[0], box[3] - box[2]), np.float32)
        for number, decoder in decoders.items():
            parts = _overlap(box, tiling.low_part(self._streams[number][0], len(self._filled)))
            if parts:
                integers = decoder.low
                out[parts[0]] = reconstruction.low_values(integers[parts[1]], self._step)
        return out

    def _gather(self, level, orientation, box, some, decoders):
        """Coefficients of some planes, a slice, within a box."""
        rows, cols = self._shapes[level][orientation]
        box = box[0], min(box[1], rows), box[2], min(box[3], cols)
        n_planes = some.stop - some.start
        out = np.zeros((n_planes, max(box[1] - box[0], 0), max(box[3] - box[2], 0)), np.float32)
        for number, decoder in decoders.items():
            parts = _overlap(box, tiling.band_part(self._streams[number][0], level, orientation))
            if parts:
                integers = decoder.details[level][orientation][some]
                out[parts[0]] = reconstruction.values(integers[parts[1]], self._step, self._shifts)
        return out

    def _decoder(self, number, level, check, n_lacking=1):
        """The TileDecoder of a tile, decoded down to a level; n_lacking: how many tiles all threads wait for."""
        # Sketches are made here at once: in another process whole tiles may be in front of them.
        decode = tile_jobs.decode if n_lacking > 1 and level < SKETCH_LEVEL else tile_jobs.decode_here
        while True:
            decoder = self._decoders.get(number)
            if decoder is None or decoder.is_halfway:
                decoder = self._shared_decoder(number)
            try:
                is_decoded = decoder.is_decoded(level) or self._has_decoded(number, decoder, level, check, decode)
            except _DecodedFurther:
                sketched = self._new_decoder(number)
                tile_jobs.decode_here(sketched, level, check)
                return sketched
            if is_decoded:
                limit = max(self._fewest_decoders, self._coefficient_bytes // max(decoder.n_bytes, 1))
                self._keep(self._decoders, number, decoder, min(limit, self._most_decoders))
                return decoder

    def _has_decoded(self, number, decoder, level, check, decode):
        """Decode a tile down to a level; False where another thread left it halfway meanwhile.

        Raises _DecodedFurther for a sketch of a tile of which another thread decodes finer levels.
        """

        def check_both():
            if level >= SKETCH_LEVEL and decoder.wanted < SKETCH_LEVEL:
                raise _DecodedFurther
            if check:
                check()

        check_both()
        with patiently(decoder.busy, check_both):
            if decoder.is_halfway:
                return False
            decoder.wanted = level
            try:
                decode(decoder, level, check)
            except BaseException:
                # One that was stopped halfway cannot go on.
                decoder.is_halfway = True
                with self._guard:
                    self._decoders.pop(number, None)
                raise
            finally:
                decoder.wanted = len(self._filled)
        return True

    def _new_decoder(self, number):
        tile, data = self._streams[number]
        size, lanes = (tile[1] - tile[0], tile[3] - tile[2]), scene_stream.n_lanes(self.n_planes, tile)
        return TileDecoder(data, self.n_planes, self._filled, *size, self._model, lanes)

    def _shared_decoder(self, number):
        decoder = self._new_decoder(number)
        with self._guard:
            present = self._decoders.get(number)
            # A thread that has what it wants of one puts it back, though another was stopped halfway meanwhile.
            if present is None or present.is_halfway:
                self._decoders[number] = present = decoder
            return present

    def _keep(self, cache, key, value, most):
        """Put a value in; beyond that many those unused for the longest go."""
        with self._guard:
            cache[key] = value
            cache.move_to_end(key)
            while len(cache) > most:
                cache.popitem(last=False)


class _DecodedFurther(Exception):
    """Inside this module: another thread decodes a tile further than a sketch needs."""


def _walked(n_across):
    """Tiles to keep so that a walk over rows of so many finds those around each: three rows and the beginning of a fourth."""
    return 3 * n_across + 3


def _around(box, shape):
    """The box of the next coarser resolution that the samples of a box depend on."""
    reach, (rows, cols) = wavelet.REACH, shape
    a, b, c, d = box
    return (
        max(a // 2 - reach, 0), min((b + 1) // 2 + reach, rows), max(c // 2 - reach, 0),
        min((d + 1) // 2 + reach, cols),
    )


def _overlap(box, part):
    """Where a tile's (row slice, column slice) meets a box: slices in the box and in the tile, or None."""
    down, across = part
    a, b = max(box[0], down.start), min(box[1], down.stop)
    c, d = max(box[2], across.start), min(box[3], across.stop)
    if a >= b or c >= d:
        return None
    inside = np.s_[:, a - box[0] : b - box[0], c - box[2] : d - box[2]]
    return inside, np.s_[:, a - down.start : b - down.start, c - across.start : d - across.start]
