"""Decoded tiles, shared by all threads and layers, within a limit of memory."""

import os
import threading
from collections import OrderedDict

from ...core.waiting import PATIENCE, patiently

DEFAULT_BYTES = 256 << 20
# Those that are decoded in the background (`refining.AT_ONCE`) leave one for a map that is drawn meanwhile.
_FEWEST_WORKERS = 3


class TileCache:
    """Keeps the arrays used last, up to `limit` bytes, and makes each of them once.

    A thread that wants a tile which another is making waits for it. Not more than `workers` tiles
    are made at a time, since each takes memory of its own while it is made.
    """

    def __init__(self, limit=DEFAULT_BYTES, workers=None):
        self._lock = threading.Lock()
        self._tiles = OrderedDict()
        self._bytes = 0
        self._limit = limit
        self._in_making = {}
        self._places = threading.Semaphore(workers or max(_FEWEST_WORKERS, os.cpu_count() or 1))

    @property
    def n_bytes(self):
        """Memory that the kept tiles take."""
        return self._bytes

    def set_limit(self, limit):
        """Keep at most `limit` bytes."""
        with self._lock:
            self._limit = limit
            self._shrink()

    def clear(self):
        """Forget all tiles."""
        with self._lock:
            self._tiles.clear()
            self._bytes = 0

    def peek(self, key):
        """The tile of a key where it is kept, else None."""
        with self._lock:
            if key not in self._tiles:
                return None
            self._tiles.move_to_end(key)
            return self._tiles[key]

    def get(self, key, make, check):
        """The tile of a key, made by `make()` where it is not kept; not to be written to.

        `check` is called while this waits for another thread, and may raise to end the wait. What
        `make` raises leaves no trace: the next thread that wants the tile makes it.
        """
        while True:
            with self._lock:
                if key in self._tiles:
                    self._tiles.move_to_end(key)
                    return self._tiles[key]
                made = self._in_making.get(key)
                if made is None:
                    self._in_making[key] = threading.Event()
            if made is None:
                return self._make(key, make, check)
            while not made.wait(PATIENCE):
                check()
            check()

    def _make(self, key, make, check):
        try:
            with patiently(self._places, check):
                tile = make()
            tile.setflags(write=False)
            with self._lock:
                self._keep(key, tile)
            return tile
        finally:
            with self._lock:
                self._in_making.pop(key).set()

    def _keep(self, key, tile):
        self._tiles[key] = tile
        self._bytes += tile.nbytes
        self._shrink()

    def _shrink(self):
        while self._bytes > self._limit and self._tiles:
            self._bytes -= self._tiles.popitem(last=False)[1].nbytes


SHARED = TileCache()
