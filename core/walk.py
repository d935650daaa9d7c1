"""Going through a scene piece by piece so that what a piece needs is decoded once, in little memory.

A method whose tiles hold all bands at once is asked for all bands of a tile before the next tile; one that decodes
band by band, for strips of rows as memory allows.
"""

from itertools import product

BAND_BYTES = 32
"""Of a pixel of a band while it is put together, besides what decoding takes."""
_AT_HAND = 16
"""So many bands at a time are taken from a tile that stays in memory."""


def pieces(decoder, window, n_bands, sample_bytes, n_bytes):
    """Yield ((row, col, n_rows, n_cols), range of bands) that cover a window of a scene and n_bands bands of it.

    decoder: BandDecoder. n_bytes: about how much memory may be taken: half of it for the pieces, each of which
    takes sample_bytes for a sample, half by what the decoder keeps. No less than a tile of one band is asked for.
    """
    if decoder.edges is None:
        yield from _strips(window, n_bands, n_bytes // (window[3] * (decoder.bytes_per_pixel + BAND_BYTES)))
        return
    widest = decoder.keep(n_bytes // 2)
    down, across = (_cut(edges, window[axis], window[axis + 2]) for axis, edges in enumerate(decoder.edges))
    largest = max(b - a for a, b in down) * max(b - a for a, b in across) * sample_bytes
    in_memory = n_bytes // 2 // largest
    for stripe in _shared_out(across, widest):
        columns = [(some[0][0], some[-1][1]) for some in _shared_out(stripe, in_memory // n_bands)]
        for (row, end), (col, right) in product(down, columns):
            for first in range(0, n_bands, max(in_memory, 1)):
                yield (row, col, end - row, right - col), range(first, min(first + max(in_memory, 1), n_bands))


def rows_of_all(decoder, n_rows, n_cols, n_bands, sample_bytes, n_bytes):
    """As `pieces`, of a whole scene in whole rows, for what cannot do with parts of a row.

    A piece takes up to n_bytes, or a band's row of tiles; what the decoder keeps takes as much as three rows of tiles.
    Of a scene one tile wide that one stays at hand: no more than a few of its bands are put together at once.
    """
    if decoder.edges is None:
        yield from _strips((0, 0, n_rows, n_cols), n_bands, n_rows)
        return
    decoder.keep(n_bytes // 2, whole_rows=True)
    for row, end in _cut(decoder.edges[0], 0, n_rows):
        step = max(1, n_bytes // ((end - row) * n_cols * sample_bytes))
        step = min(step, _AT_HAND) if len(decoder.edges[1]) == 2 else step
        for first in range(0, n_bands, step):
            yield (row, 0, end - row, n_cols), range(first, min(first + step, n_bands))


def _strips(window, n_bands, height):
    row, col, n_rows, n_cols = window
    height = min(max(int(height), 1), n_rows)
    for start in range(0, n_rows, height):
        for band in range(n_bands):
            yield (row + start, col, min(height, n_rows - start), n_cols), range(band, band + 1)


def _cut(edges, start, length):
    """[(first, end)] of the parts of a range between edges."""
    inner = [edge for edge in edges if start < edge < start + length]
    return list(zip([start, *inner], [*inner, start + length]))


def _shared_out(items, most):
    """The items in order in as few groups as hold most of them each, at least one, about equally many in each."""
    n_groups = -(-len(items) // max(int(most), 1))
    ends = [len(items) * i // n_groups for i in range(n_groups + 1)]
    return [items[a:b] for a, b in zip(ends, ends[1:])]
