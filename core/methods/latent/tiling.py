"""Cutting a scene's subbands into tiles that are coded by themselves, and putting tables together."""

from .geometry import tile_edges


def tiles(rows, cols):
    """[(first row, end row, first column, end column)] of all tiles, row by row."""
    down, across = tile_edges(rows), tile_edges(cols)
    return [(a, b, c, d) for a, b in zip(down, down[1:]) for c, d in zip(across, across[1:])]


def n_tiles(rows, cols):
    """How many `tiles` there are."""
    return (len(tile_edges(rows)) - 1) * (len(tile_edges(cols)) - 1)


def band_part(tile, level, orientation):
    """Slices of a tile in the subband (level, orientation): HL is high across, LH down, HH both."""
    a, b, c, d = tile
    scale = level + 1
    high_down, high_across = orientation in (1, 2), orientation in (0, 2)
    return slice(*_halved(a, b, scale, high_down)), slice(*_halved(c, d, scale, high_across))


def at_level(tile, level):
    """A tile's (first row, end row, first column, end column) without the finest levels."""
    down, across = low_part(tile, level)
    return down.start, down.stop, across.start, across.stop


def low_part(tile, levels):
    """Slices of a tile in the low band after that many levels."""
    a, b, c, d = tile
    return slice(*_halved(a, b, levels, False)), slice(*_halved(c, d, levels, False))


def cut(details, tile):
    """[level][orientation] (K, h, w) of one tile, views."""
    return [
        tuple(band[(slice(None), *band_part(tile, level, o))] for o, band in enumerate(bands))
        for level, bands in enumerate(details)
    ]


def _halved(start, stop, times, high):
    """Range of indices after halving: ceil for low halves; the last high half takes floor of the low."""
    for turn in range(times):
        if high and turn == times - 1:
            return start // 2, stop // 2
        start, stop = (start + 1) // 2, (stop + 1) // 2
    return start, stop
