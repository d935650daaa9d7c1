"""Where a scene's coefficients lie: tiles, subbands, and the phases in which they are coded."""

PHASES = ((0, 0), (1, 1), (0, 1), (1, 0))
"""(row, column) parity of the coefficients that each pass codes; a pass sees all passes before."""
HL, LH, HH = 0, 1, 2
TILE = 256
THINNEST = 64
"""A last tile thinner than this is part of the one before."""
MOST_LEVELS = 6
MOST_LEVELS_TILED = 5
"""Fewer over several tiles: a sample then depends on its own and the neighbouring tiles alone."""
SMALLEST_LOW = 8


def levels_for(rows, cols):
    """Wavelet levels of a scene: until the shorter side of the low band is at most eight.

    The longer side counts where the shorter one is that thin from the start (single-row images).
    """
    tiled = len(tile_edges(rows)) > 2 or len(tile_edges(cols)) > 2
    side = min(rows, cols) if min(rows, cols) > SMALLEST_LOW else max(rows, cols)
    levels = 0
    while side > SMALLEST_LOW and levels < (MOST_LEVELS_TILED if tiled else MOST_LEVELS):
        side = (side + 1) // 2
        levels += 1
    return levels


def tile_edges(n):
    """Where tiles begin along n samples, and n: multiples of 256, which every level halves evenly."""
    starts = [a for a in range(0, n, TILE) if a == 0 or n - a >= THINNEST]
    return [*starts, n]


def subbands(rows, cols, levels):
    """[level][orientation] -> (rows, cols), level 0 the finest; and the size of the low band.

    Holds for a tile as for a whole scene: with edges at multiples of 2^levels a tile's part of a
    subband has the shape of the subband of an image of the tile's size.
    """
    shapes = []
    for _ in range(levels):
        low = (rows + 1) // 2, (cols + 1) // 2
        shapes.append(((low[0], cols // 2), (rows // 2, low[1]), (rows // 2, cols // 2)))
        rows, cols = low
    return shapes, (rows, cols)


def phase_count(shape, phase):
    """Rows and columns of the positions of one phase in a subband of this shape."""
    return (shape[0] - phase[0] + 1) // 2, (shape[1] - phase[1] + 1) // 2


def blocks_of(shapes):
    """Rows and columns of 2x2 blocks that hold each of the subbands of a level."""
    return tuple((max(sides) + 1) // 2 for sides in zip(*shapes))
