"""The pieces of a walk cover every sample once, whole tiles first, within the memory allowed."""

import numpy as np
import pytest

from hiner.core.walk import pieces, rows_of_all

EDGES = [0, 32, 64, 96, 137], [0, 32, 64, 96, 128, 160, 201]


class Tiles:
    """A decoder of tiles that may be walked some columns wide; notes what it was told to keep."""

    edges, bytes_per_pixel, kept = EDGES, 99, None

    def __init__(self, widest):
        self._widest = widest

    def keep(self, n_bytes, whole_rows=False):
        self.kept = n_bytes, whole_rows
        return self._widest


class Strips:
    edges, bytes_per_pixel = None, 68


def covered(walk, shape):
    times = np.zeros(shape, int)
    for (row, col, n_rows, n_cols), bands in walk:
        times[bands.start : bands.stop, row : row + n_rows, col : col + n_cols] += 1
    return times


@pytest.mark.parametrize("window", [(0, 0, 137, 201), (0, 64, 137, 32), (33, 7, 60, 190), (50, 70, 1, 1)])
@pytest.mark.parametrize("n_bytes", [0, 40_000, 150_000, 10**9])
@pytest.mark.parametrize("decoder", [Tiles(1), Tiles(3), Tiles(6), Strips()], ids=["1", "3", "6", "strips"])
def test_every_sample_of_the_window_comes_once(decoder, window, n_bytes):
    row, col, n_rows, n_cols = window
    expected = np.zeros((7, 137, 201), int)
    expected[:, row : row + n_rows, col : col + n_cols] = 1
    assert np.array_equal(covered(pieces(decoder, window, 7, 2, n_bytes), expected.shape), expected)


@pytest.mark.parametrize("n_bytes", [40_000, 150_000, 10**6])
def test_pieces_and_what_is_kept_take_no_more_than_allowed(n_bytes):
    decoder = Tiles(6)
    largest = max(2 * len(bands) * w[2] * w[3] for w, bands in pieces(decoder, (0, 0, 137, 201), 7, 2, n_bytes))
    assert largest <= n_bytes / 2
    assert decoder.kept == (n_bytes // 2, False)


def test_all_bands_of_a_tile_come_before_the_next_tile_and_pieces_end_where_tiles_do():
    walk = list(pieces(Tiles(2), (0, 0, 137, 201), 7, 2, 40_000))
    windows = [window for window, _ in walk]
    assert all((a == b) for a, b in zip(windows, sorted(windows, key=windows.index)))
    assert all(row in EDGES[0] and row + height in EDGES[0] for row, _, height, _ in windows)
    assert all(col in EDGES[1] and col + width in EDGES[1] for _, col, _, width in windows)


def test_a_stripe_is_walked_to_its_end_before_the_next():
    columns = [window[1] for window, _ in pieces(Tiles(2), (0, 0, 137, 201), 1, 1, 10**9)]
    assert columns == sorted(columns)
    assert set(columns) == {0, 64, 128}


@pytest.mark.parametrize("n_bytes", [0, 50_000, 10**9])
def test_whole_rows_of_all_bands(n_bytes):
    decoder = Tiles(2)
    walk = list(rows_of_all(decoder, 137, 201, 7, 2, n_bytes))
    assert (covered(walk, (7, 137, 201)) == 1).all()
    assert all(window[1] == 0 and window[3] == 201 for window, _ in walk)
    assert all(len(bands) == 1 or 2 * len(bands) * w[2] * w[3] <= n_bytes for w, bands in walk)
    assert decoder.kept == (n_bytes // 2, True)


def test_a_scene_one_tile_wide_is_taken_a_few_bands_at_a_time():
    """Its tile stays at hand: a small scene would lie in memory twice otherwise."""
    decoder = Tiles(2)
    decoder.edges = decoder.edges[0], [0, 201]
    walk = list(rows_of_all(decoder, 137, 201, 40, 2, 10**9))
    assert (covered(walk, (40, 137, 201)) == 1).all()
    assert max(len(bands) for _, bands in walk) == 16
    assert [window for window, _ in walk] == sorted(window for window, _ in walk)
