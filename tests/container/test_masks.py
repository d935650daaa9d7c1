"""Masks come back bit for bit, in few bytes, and no section grows beyond its scene."""

import tracemalloc
import zlib

import numpy as np
import pytest

from hiner.core.container import file_validity, packed_masks
from hiner.core.container.masks import HOLE, MASK, pack_validity, unpack_validity
from hiner.core.errors import FormatError
from hiner.core.scene.scene import Validity


def there_and_back(validity):
    sections = pack_validity(validity, validity.bands)
    return unpack_validity(sections, validity.bands, *validity.pixels.shape)


def disc(n_rows, n_cols):
    y, x = np.mgrid[:n_rows, :n_cols]
    return (y - n_rows / 2) ** 2 + (x - n_cols / 3) ** 2 < (n_cols / 3) ** 2


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (1000, 1), (17, 31), (64, 64)])
@pytest.mark.parametrize("kind", ["none valid", "noise", "disc"])
def test_any_mask_comes_back(shape, kind):
    random = np.random.default_rng(6)
    masks = {"none valid": np.zeros(shape, bool), "noise": random.random(shape) > 0.5, "disc": disc(*shape)}
    read = there_and_back(Validity(masks[kind], np.ones(3, bool), {}))
    for mask in (read.pixels, read.of_band(0), read.of_band(2)):
        assert np.array_equal(mask, masks[kind])


def test_deviating_bands_come_back():
    random = np.random.default_rng(8)
    pixels, one, other = disc(30, 41), disc(41, 30).T, random.random((30, 41)) > 0.5
    usable = np.ones(300, bool)
    usable[7] = False
    exceptions = {2: one, 3: one, 299: other, 5: ~pixels}
    read = there_and_back(Validity(pixels, usable, exceptions))
    for band in set(range(300)) - {7}:
        assert np.array_equal(read.of_band(band), exceptions.get(band, pixels))
    assert not read.of_band(7).any()


@pytest.mark.parametrize("has_mask", [True, False])
def test_any_pixels_are_looked_up_and_counted_without_the_others(has_mask, monkeypatch):
    """Rows and columns at random, across the borders of what is unpacked together."""
    monkeypatch.setattr(packed_masks, "CHUNK_BYTES", 7 * -(-93 // 8))
    monkeypatch.setattr(file_validity, "_COUNTED_PIXELS", 11 * 93)
    random = np.random.default_rng(9)
    pixels = disc(50, 93) if has_mask else np.ones((50, 93), bool)
    usable = np.array([True, True, False, True])
    masks = [pixels, random.random((50, 93)) > 0.1, np.zeros((50, 93), bool), random.random((50, 93)) > 0.8]
    validity = there_and_back(Validity(pixels, usable, {1: masks[1], 3: masks[3]}))
    for n_rows, n_cols in ((1, 1), (3, 40), (50, 93), (20, 2)):
        rows = np.sort(random.choice(50, n_rows, replace=False))
        cols = np.sort(random.choice(93, n_cols, replace=False))
        for band, mask in enumerate(masks):
            assert np.array_equal(validity.at(band, rows, cols), mask[np.ix_(rows, cols)])
    for bands in ([0], [1], [0, 3], [1, 3], [0, 2]):
        assert validity.count(bands) == np.count_nonzero(np.all([masks[band] for band in bands], axis=0))


def test_a_pixel_of_a_huge_scene_takes_little():
    """Whether it has masks or none; a band's masks take no more than some kilobytes while others are looked up."""
    n_bands, side = 60, 1000
    pixels, spots = np.ones((side, side), bool), np.random.default_rng(3).integers(side, size=(n_bands, 2))
    sections = pack_validity(Validity(pixels, np.ones(n_bands, bool), holes(pixels, spots)), np.ones(n_bands, bool))
    tracemalloc.start()
    try:
        none = unpack_validity({}, np.ones(2, bool), 10**6, 10**6)
        assert none.at(0, np.array([7]), np.array([9])).all()
        assert none.count([0, 1]) == 10**12
        assert none.of_band(1).shape == (10**6, 10**6)
        read = unpack_validity(sections, np.ones(n_bands, bool), side, side)
        looked_up = [read.at(band, *spot[:, None]) for band, spot in enumerate(spots)]
        assert tracemalloc.get_traced_memory()[1] < n_bands * side * side / 40
    finally:
        tracemalloc.stop()
    assert not np.any(looked_up)


def holes(pixels, spots):
    """One pixel that is not valid in each band."""
    exceptions = {band: pixels.copy() for band in range(len(spots))}
    for band, (row, col) in enumerate(spots):
        exceptions[band][row, col] = False
    return exceptions


def test_a_scene_that_is_all_valid_takes_no_section():
    assert pack_validity(Validity(np.ones((9, 9), bool), np.ones(2, bool), {}), np.ones(2, bool)) == {}


def test_masks_of_bands_that_are_not_kept_are_left_out():
    validity = Validity(np.ones((9, 9), bool), np.ones(2, bool), {1: disc(9, 9)})
    assert pack_validity(validity, np.array([True, False])) == {}


def test_a_smooth_edge_takes_a_fraction_of_its_bits():
    section = pack_validity(Validity(disc(500, 500), np.ones(2, bool), {}), np.ones(2, bool))[MASK]
    assert len(section) < 500 * 500 / 8 / 20


def deflated(data):
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"\x00" + stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    "section",
    [
        b"",
        b"\x00",
        b"\x07abc",
        b"\x00not deflate",
        b"\x01not lzma",
        deflated(bytes(99)),
        deflated(bytes(101)),
        deflated(bytes(100)) + b"x",
        deflated(bytes(100))[:-1],
    ],
)
def test_masks_of_the_wrong_size_are_refused(section):
    with pytest.raises(FormatError):
        unpack_validity({MASK: section}, np.ones(2, bool), 100, 8)


@pytest.mark.parametrize(
    "section", [b"", b"\x00", b"\x01\x00" + deflated(bytes(20)), b"\x00\x00" + deflated(bytes(4))]
)
def test_damaged_masks_of_bands_are_refused(section):
    with pytest.raises(FormatError):
        unpack_validity({HOLE: section}, np.ones(2, bool), 10, 8)


@pytest.mark.parametrize("name", [MASK, HOLE])
def test_a_bomb_allocates_little(name):
    bomb = b"\xff\xff" * (name == HOLE) + deflated(bytes(10**8))
    tracemalloc.start()
    try:
        with pytest.raises(FormatError):
            unpack_validity({name: bomb}, np.ones(2, bool), 1000, 1000)
        assert tracemalloc.get_traced_memory()[1] < 4e6
    finally:
        tracemalloc.stop()
