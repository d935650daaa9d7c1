"""Patches are the image's windows, mirrored at its border."""

import tracemalloc

import numpy as np
import pytest

from hiner.core.classification.imagery.patches import patch_table, patch_views, windows_of
from hiner.core.classification.mapping.block_patches import BlockPatches


@pytest.mark.parametrize("side", [1, 3, 7])
def test_patches_are_those_of_the_padded_image(side):
    cube = np.random.default_rng(0).random((4, 5, 6)).astype("f4")
    radius = side // 2
    padded = np.pad(cube, ((0, 0), (radius, radius), (radius, radius)), mode="symmetric")
    rows, cols = np.array([0, 0, 4, 4, 2, 1]), np.array([0, 5, 0, 5, 3, 5])
    table = patch_table(rows, cols, side, (5, 6))
    spectra = cube[:, table.pixels[:, 0], table.pixels[:, 1]].T
    for row, col, patch in zip(rows, cols, patch_views(spectra, table.index)):
        window = padded[:, row:row + side, col:col + side]
        assert np.array_equal(patch, window.reshape(4, -1).T)


def test_a_corner_by_hand():
    image = np.arange(9).reshape(3, 3)
    table = patch_table([0], [0], 3, (3, 3))
    seen = image[table.pixels[:, 0], table.pixels[:, 1]][table.index[0]]
    assert seen.tolist() == [0, 0, 1, 0, 0, 1, 3, 3, 4]


def test_patches_wider_than_the_image_mirror_again():
    table = patch_table([0], [0], 7, (1, 2))
    seen = table.pixels[table.index[0], 1].reshape(7, 7)
    assert seen[3].tolist() == np.pad([0, 1], 3, mode="symmetric")[:7].tolist()


def test_each_pixel_is_held_once():
    rows, cols = np.divmod(np.arange(100), 10)
    table = patch_table(rows, cols, 7, (10, 10))
    assert len(table.pixels) == 100
    assert table.index.shape == (100, 49)
    assert np.array_equal(table.pixels[table.centres], np.stack([rows, cols], axis=1))


def test_the_centre_stands_in_for_invalid_neighbours():
    table = patch_table([1], [1], 3, (3, 3))
    valid = np.ones(9, dtype=bool)
    valid[[0, 5]] = False
    assert table.filled(valid).index.tolist() == [[4, 1, 2, 3, 4, 4, 6, 7, 8]]


@pytest.mark.parametrize(("side", "shape"), [(1, (9, 11)), (5, (9, 11)), (7, (2, 11)), (15, (9, 3)), (31, (4, 5))])
def test_patches_of_a_block_are_those_of_the_padded_image(side, shape):
    random = np.random.default_rng(side)
    image, radius = random.random(shape), side // 2
    wide = np.pad(np.arange(image.size).reshape(shape), radius, mode="symmetric")
    for corner in ((0, 0), (1, 1)):
        wanted = random.random((shape[0] - corner[0], shape[1] - corner[1])) < 0.3
        wanted[-1, -1] = True
        places = np.argwhere(wanted) + corner
        expected = np.stack([wide[row:row + side, col:col + side].ravel() for row, col in places])
        patches = BlockPatches(wanted, corner, side, shape)
        flat = patches.pixels[:, 0] * shape[1] + patches.pixels[:, 1]
        assert np.array_equal(flat, np.unique(expected))
        assert np.array_equal(patches.pixels[patches.centres], places)
        valid = random.random(len(flat)) < 0.7
        valid[patches.centres] = True
        known = np.isin(expected, flat[valid])
        expected = np.where(known, expected, expected[:, [side**2 // 2]])
        assert np.array_equal(flat[patches.index(np.arange(len(places)), valid)], expected)
        last = patches.index(np.array([len(places) - 1]), valid)
        assert np.array_equal(flat[last], expected[-1:])


def test_a_table_takes_little_more_than_its_index():
    """All places of all patches were sorted, at forty bytes each."""
    rows, cols = np.divmod(np.random.default_rng(0).choice(250_000, 4000, replace=False), 500)
    tracemalloc.start()
    try:
        table = patch_table(rows, cols, 31, (500, 500))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < table.index.nbytes + 40 * 2**20


def test_window_means_are_means():
    patch = np.random.default_rng(1).random((7, 7, 3)).astype("f4")
    spectra, index = patch.reshape(49, 3), np.arange(49)[None]
    views = patch_views(spectra, index, windows_of(7, (1, 3, 7)))[0]
    expected = [patch[3, 3], patch[2:5, 2:5].mean((0, 1)), patch.mean((0, 1))]
    assert np.allclose(views, expected, atol=1e-6)
