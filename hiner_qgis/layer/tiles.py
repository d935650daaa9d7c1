"""Windows of a band out of shared tiles, at the resolution that a picture needs."""

from dataclasses import dataclass
from functools import partial
from time import monotonic

import numpy as np

TILE = 256
# Windows up to this many pixels are decoded by themselves: a click, a point to sample.
_SMALL = 64
# So many of them on a tile within so many seconds come from a program, not from a person's clicks:
# decoding the whole tile costs less than as many again.
_PATIENCE, _WHILE = 48, 2.0
# A sketch shows a tile at these reductions, the finest that is at hand; the coarsest takes next to nothing.
_SKETCHES = (8, 32)
# Scenes of fewer pixels are decoded at once.
_WORTH_A_SKETCH = 1 << 16


@dataclass(frozen=True)
class Band:
    """What to decode. key: names it in the cache; read: (window, shape, check) -> (rows, cols)."""

    key: tuple
    read: object


class TileReader:
    """Samples of a file's bands at any pixels.

    opened: OpenFile; cache: TileCache.
    """

    def __init__(self, opened, cache):
        self._opened, self._cache = opened, cache
        self._small_reads = {}
        self._shape = opened.hnr.description.n_rows, opened.hnr.description.n_cols

    def read(self, band, rows, cols, reduction, check, refiner=None):
        """The samples at the pixels (row, col) of the scene.

        rows, cols: integer indices inside the scene that broadcast against each other: (h, 1) and
        (1, w), or both of one shape. reduction: pixels of the scene per pixel of the picture, along
        a side; above 1, a sample may be that of a pixel close by, within the picture's pixel.
        check: called often, may raise to end the decode. refiner: where a map may show a sketch at
        first, the Refiner that decodes the tiles themselves meanwhile.
        """
        if refiner is not None and self._shape[0] * self._shape[1] < _WORTH_A_SKETCH:
            refiner = None
        if rows.size == 1 and cols.size == 1:
            return self._one(band, int(rows.flat[0]), int(cols.flat[0]), check).reshape(rows.shape)
        step = self._step(reduction)
        if rows.shape[-1] == 1 and cols.shape[0] == 1:
            return self._from_lines(band, rows[:, 0], cols[0], step, check, refiner)
        return self._from_places(band, *np.broadcast_arrays(rows, cols), step, check, refiner)

    def _step(self, reduction):
        """The power of two by which tiles are reduced."""
        if reduction < self._opened.hnr.decoder.first_reduction:
            return 1
        return 1 << int(np.floor(np.log2(reduction)))

    def _one(self, band, row, col, check):
        place = row // TILE, col // TILE
        tile = self._cache.peek(self._key(band, 1, *place))
        if tile is None and self._is_worth_it(band, place):
            tile = self._tile(band, 1, *place, check)
        if tile is not None:
            return tile[row % TILE, col % TILE]
        return band.read((row, col, 1, 1), None, check)

    def _is_worth_it(self, band, place):
        """Whether so many small reads met a tile of late that it should be decoded; counts this one."""
        time, key = monotonic(), (band.key, place)
        since, count = self._small_reads.get(key, (time, 0))
        if time - since > _WHILE:
            since, count = time, 0
        self._small_reads[key] = since, count + 1
        return count >= _PATIENCE

    def _from_lines(self, band, rows, cols, step, check, refiner):
        small = self._small(band, rows, cols, step, check)
        if small is not None:
            return small
        side = TILE * step
        row_groups, col_groups = _groups(rows // side), _groups(cols // side)
        out = None
        for tile_row, at_rows in row_groups:
            for tile_col, at_cols in col_groups:
                tile = self._shown_tile(band, step, tile_row, tile_col, check, refiner)
                in_rows = _in_tile(rows[at_rows], tile_row * side, self._shape[0], side, len(tile))
                in_cols = _in_tile(cols[at_cols], tile_col * side, self._shape[1], side, tile.shape[1])
                if out is None:
                    out = np.empty((rows.size, cols.size), dtype=tile.dtype)
                out[at_rows, at_cols] = tile[in_rows][:, in_cols]
        return out

    def _small(self, band, rows, cols, step, check):
        """A window of few pixels, decoded by itself; None where it is not such a window."""
        top, left = int(rows.min()), int(cols.min())
        height, width = int(rows.max()) - top + 1, int(cols.max()) - left + 1
        if step > 1 or height * width > _SMALL:
            return None
        keys = [
            self._key(band, 1, row, col)
            for row in {top // TILE, (top + height - 1) // TILE}
            for col in {left // TILE, (left + width - 1) // TILE}
        ]
        if all(self._cache.peek(key) is not None for key in keys):
            return None
        if self._is_worth_it(band, (top // TILE, left // TILE)):
            return None
        return band.read((top, left, height, width), None, check)[rows - top][:, cols - left]

    def _from_places(self, band, rows, cols, step, check, refiner):
        side = TILE * step
        out = None
        ids = (rows // side) * (1 + self._shape[1] // side) + cols // side
        for tile_id in np.unique(ids):
            at = ids == tile_id
            tile_row, tile_col = divmod(int(tile_id), 1 + self._shape[1] // side)
            tile = self._shown_tile(band, step, tile_row, tile_col, check, refiner)
            in_rows = _in_tile(rows[at], tile_row * side, self._shape[0], side, len(tile))
            in_cols = _in_tile(cols[at], tile_col * side, self._shape[1], side, tile.shape[1])
            if out is None:
                out = np.empty(rows.shape, dtype=tile.dtype)
            out[at] = tile[in_rows, in_cols]
        return out

    def _shown_tile(self, band, step, tile_row, tile_col, check, refiner):
        """The tile, or with a refiner a sketch of it where it would have to be waited for."""
        place = band, step, tile_row, tile_col
        if refiner is None or step >= _SKETCHES[0] or self._is_at_hand(*place):
            return self._tile(*place, check)
        # What was made and is gone: the cache holds less than the map shows, and a wish would never be the last.
        if refiner.has_made(self._opened, self._key(*place)):
            return self._tile(*place, check)
        shown = _SKETCHES[-1]
        for turn, wish in enumerate((_SKETCHES[0], 1)):
            key = self._key(*place, wish)
            if self._cache.peek(key) is not None or refiner.has_made(self._opened, key):
                shown = wish
            else:
                at = self._opened.identity, step, tile_row, tile_col
                refiner.want(self._opened, at, key, self._making(*place, wish), turn)
        return self._tile(*place, check, shown)

    def _is_at_hand(self, band, step, tile_row, tile_col):
        key = self._key(band, step, tile_row, tile_col)
        if self._cache.peek(key) is not None:
            return True
        return self._opened.hnr.decoder.is_at_hand(self._window(step, tile_row, tile_col), step)

    def _window(self, step, tile_row, tile_col):
        side = TILE * step
        top, left = tile_row * side, tile_col * side
        return top, left, min(side, self._shape[0] - top), min(side, self._shape[1] - left)

    def _tile(self, band, step, tile_row, tile_col, check, sketch=1):
        """A tile's samples, every step'th of them, or of a sketch every sketch'th where that are fewer."""
        return self._making(band, step, tile_row, tile_col, sketch)(check)

    def _making(self, band, step, tile_row, tile_col, sketch):
        """A function of `check` that gives a tile as `_tile` does, and holds neither this nor the OpenFile."""
        window = self._window(step, tile_row, tile_col)
        coarse = max(step, sketch)
        shape = -(-window[2] // coarse), -(-window[3] // coarse)
        key = self._key(band, step, tile_row, tile_col, sketch)
        return partial(_from_cache, self._cache, key, band.read, window, shape)

    def _key(self, band, step, tile_row, tile_col, sketch=1):
        return (self._opened.identity, band.key, step, tile_row, tile_col, sketch)


def _from_cache(cache, key, read, window, shape, check):
    return cache.get(key, lambda: read(window, shape, check), check)


def _groups(tiles):
    """Each tile's number with the slice of the places that lie on it; neighbours lie together."""
    cuts = np.flatnonzero(np.diff(tiles)) + 1
    starts, stops = [0, *cuts.tolist()], [*cuts.tolist(), len(tiles)]
    return [(int(tiles[start]), slice(start, stop)) for start, stop in zip(starts, stops)]


def _in_tile(pixels, start, length, side, count):
    """Places in a tile of `count` samples that starts at pixel `start` and covers up to `side`."""
    return (pixels - start) * count // min(side, length - start)
