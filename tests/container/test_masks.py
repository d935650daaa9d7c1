"""Masks come back bit for bit, in few bytes, and no section grows beyond its scene."""

import tracemalloc
import zlib

import numpy as np
import pytest

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
    assert np.array_equal(read.pixels, masks[kind])
    assert read.exceptions == {}


def test_deviating_bands_come_back_and_share_their_mask():
    random = np.random.default_rng(8)
    pixels, one, other = disc(30, 41), disc(41, 30).T, random.random((30, 41)) > 0.5
    usable = np.ones(300, bool)
    usable[7] = False
    exceptions = {2: one, 3: one, 299: other, 5: ~pixels}
    read = there_and_back(Validity(pixels, usable, exceptions))
    assert sorted(read.exceptions) == sorted(exceptions)
    assert all(np.array_equal(read.exceptions[band], mask) for band, mask in exceptions.items())
    assert np.shares_memory(read.exceptions[2], read.exceptions[3])
    assert not read.of_band(7).any()


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
