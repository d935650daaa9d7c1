"""Windows put together from tiles hold what the decoder gives, and decode only what is new."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from hiner.core.sampling import Sampling
from hiner.hiner_qgis.layer import tiles
from hiner.hiner_qgis.layer.cache import TileCache

SHAPE = (50, 70)
PIXELS = np.arange(SHAPE[0] * SHAPE[1], dtype="i4").reshape(SHAPE)


@pytest.fixture
def decoder(monkeypatch):
    """A reader with tiles of 16 pixels, its band, and the list of windows that it decoded."""
    monkeypatch.setattr(tiles, "TILE", 16)
    windows = []

    def read(window, shape, check):
        windows.append((window, shape))
        sampling = Sampling(*SHAPE, window, shape)
        return sampling.spread(PIXELS[np.ix_(sampling.rows, sampling.cols)])

    description = SimpleNamespace(n_rows=SHAPE[0], n_cols=SHAPE[1])
    hnr = SimpleNamespace(description=description, decoder=SimpleNamespace(first_reduction=4))
    opened = SimpleNamespace(identity="file", hnr=hnr)
    band = tiles.Band(("band", 0), read)
    return tiles.TileReader(opened, TileCache()), band, windows


def _read(decoder, rows, cols, reduction=1.0):
    reader, band, _ = decoder
    return reader.read(band, np.array(rows)[:, None], np.array(cols)[None], reduction, lambda: None)


def test_any_rows_and_columns_are_the_decoders_pixels(decoder):
    random = np.random.default_rng(3)
    for _ in range(30):
        rows = np.sort(random.integers(0, SHAPE[0], random.integers(1, 60)))
        cols = np.sort(random.integers(0, SHAPE[1], random.integers(1, 80)))
        np.testing.assert_array_equal(_read(decoder, rows, cols), PIXELS[np.ix_(rows, cols)])


def test_rows_that_count_up_the_map_are_read_too(decoder):
    rows, cols = np.arange(49, -1, -1), np.arange(70)
    np.testing.assert_array_equal(_read(decoder, rows, cols), PIXELS[::-1])


def test_pixels_in_any_pattern_are_the_decoders(decoder):
    reader, band, _ = decoder
    random = np.random.default_rng(4)
    rows, cols = random.integers(0, SHAPE[0], 500), random.integers(0, SHAPE[1], 500)
    values = reader.read(band, rows, cols, 1.0, lambda: None)
    np.testing.assert_array_equal(values, PIXELS[rows, cols])


@pytest.mark.parametrize("reduction", [4.0, 5.5, 8.0, 16.0, 40.0])
def test_a_reduced_picture_shows_pixels_close_by(decoder, reduction):
    rows = (np.arange(int(SHAPE[0] / reduction)) + 0.5) * reduction
    cols = (np.arange(int(SHAPE[1] / reduction)) + 0.5) * reduction
    rows, cols = rows.astype(int), cols.astype(int)
    values = _read(decoder, rows, cols, reduction)
    shown_rows, shown_cols = np.divmod(values, SHAPE[1])
    assert np.abs(shown_rows - rows[:, None]).max() < reduction
    assert np.abs(shown_cols - cols[None]).max() < reduction


def test_a_reduced_picture_decodes_fewer_pixels(decoder):
    _read(decoder, np.arange(2, 50, 4), np.arange(2, 70, 4), 4.0)
    assert sum(shape[0] * shape[1] for _, shape in decoder[2]) == 13 * 18


def test_a_second_look_decodes_nothing_and_a_pan_only_what_is_new(decoder):
    windows = decoder[2]
    _read(decoder, np.arange(0, 32), np.arange(0, 32))
    assert len(windows) == 4
    _read(decoder, np.arange(3, 30), np.arange(1, 31))
    assert len(windows) == 4
    _read(decoder, np.arange(0, 32), np.arange(10, 42))
    assert [window for window, _ in windows[4:]] == [(0, 32, 16, 16), (16, 32, 16, 16)]


def test_one_pixel_is_decoded_alone_unless_its_tile_is_there(decoder):
    assert _read(decoder, [20], [33])[0, 0] == PIXELS[20, 33]
    assert decoder[2] == [((20, 33, 1, 1), None)]
    _read(decoder, np.arange(16, 32), np.arange(32, 48))
    count = len(decoder[2])
    assert _read(decoder, [20], [33])[0, 0] == PIXELS[20, 33]
    assert len(decoder[2]) == count


def test_a_few_pixels_are_decoded_alone(decoder):
    values = _read(decoder, [14, 15, 16], [15, 15, 16, 17])
    np.testing.assert_array_equal(values, PIXELS[np.ix_([14, 15, 16], [15, 15, 16, 17])])
    assert decoder[2] == [((14, 15, 3, 3), None)]


def test_many_points_on_a_tile_make_it_be_decoded(decoder):
    for k in range(200):
        assert _read(decoder, [k % 16], [k % 15])[0, 0] == PIXELS[k % 16, k % 15]
    windows = [window for window, _ in decoder[2]]
    assert windows.count((0, 0, 16, 16)) == 1
    assert len(windows) < 60


def test_clicks_on_a_tile_stay_clicks(decoder, monkeypatch):
    """A person's clicks, however many, never start the decode of a tile for every band."""
    clock = iter(range(1000))
    monkeypatch.setattr(tiles, "monotonic", lambda: float(next(clock)))
    for _ in range(200):
        _read(decoder, [3], [4])
    assert {window for window, _ in decoder[2]} == {(3, 4, 1, 1)}
