"""Splits do not leak: no training pixel within the margin of a test pixel."""

import numpy as np
import pytest

from hiner.core.classification.samples import samples_of_raster
from hiner.core.classification.splits import (
    RANDOM_WARNING,
    fixed,
    near,
    random_pixels,
    spatial_blocks,
    whole_groups,
)
from hiner.core.errors import ParameterError


@pytest.fixture
def labelled():
    """Patches of four classes scattered over 60 x 80 pixels, each patch a polygon."""
    random = np.random.default_rng(0)
    labels, groups = np.zeros((60, 80), int), np.full((60, 80), -1)
    for number in range(60):
        row, col = random.integers(0, 54), random.integers(0, 74)
        labels[row:row + 5, col:col + 5] = 1 + number % 4
        groups[row:row + 5, col:col + 5] = number
    return samples_of_raster(labels, groups=groups)


def nearest_distance(samples, split):
    """Smallest of all distances between training and test pixels, in rows or columns, by brute force."""
    rows = np.abs(samples.rows[split.train][:, None] - samples.rows[split.test])
    cols = np.abs(samples.cols[split.train][:, None] - samples.cols[split.test])
    return np.maximum(rows, cols).min()


@pytest.mark.parametrize("margin", [0, 1, 3])
def test_blocks_keep_the_margin(labelled, margin):
    split = spatial_blocks(labelled, (60, 80), margin)
    assert nearest_distance(labelled, split) > margin
    counts = np.bincount(labelled.classes[split.test], minlength=4)
    assert (counts > 0).all()
    assert 0.1 < len(split.test) / len(labelled) < 0.5


def test_blocks_are_whole(labelled):
    split = spatial_blocks(labelled, (60, 80), 2, block=12)
    blocks = (labelled.rows // 12) * 7 + labelled.cols // 12
    assert not set(blocks[split.train]) & set(blocks[split.test])


def test_polygons_are_whole_and_keep_the_margin(labelled):
    split = whole_groups(labelled, (60, 80), 3)
    assert not set(labelled.groups[split.train]) & set(labelled.groups[split.test])
    assert nearest_distance(labelled, split) > 3


def test_a_seed_repeats_a_split_and_another_changes_it(labelled):
    first, again = (spatial_blocks(labelled, (60, 80), 3, seed=5) for _ in range(2))
    assert np.array_equal(first.test, again.test)
    others = [spatial_blocks(labelled, (60, 80), 3, seed=seed).test for seed in range(6, 10)]
    assert any(not np.array_equal(first.test, other) for other in others)


def test_what_lies_in_the_margin_is_counted(labelled):
    split = spatial_blocks(labelled, (60, 80), 3)
    unused = len(labelled) - len(split.train) - len(split.test)
    assert unused > 0
    assert any(warning.startswith(f"{unused} labelled pixels") for warning in split.warnings)


def test_a_class_in_one_piece_stays_in_training_and_is_named():
    labels = np.zeros((40, 40), int)
    labels[0:3, 0:3] = 3
    labels[::5, ::5] = 1
    labels[2::5, 2::5] = 2
    samples = samples_of_raster(labels, names={3: "Pond"})
    split = spatial_blocks(samples, (40, 40), 1, block=10)
    assert 2 in samples.classes[split.train]
    assert any("Pond" in warning for warning in split.warnings)


def test_one_piece_alone_cannot_be_split():
    labels = np.zeros((40, 40), int)
    labels[0, 0:4] = [1, 1, 2, 2]
    with pytest.raises(ParameterError, match="held out"):
        spatial_blocks(samples_of_raster(labels), (40, 40), 1, block=40)


def test_random_pixels_warn(labelled):
    split = random_pixels(labelled, share=0.25)
    assert split.warnings == (RANDOM_WARNING,)
    assert sorted([*split.train, *split.test]) == list(range(len(labelled)))
    shares = np.bincount(labelled.classes[split.test]) / labelled.counts()
    assert np.allclose(shares, 0.25, atol=0.02)


def test_given_test_pixels_are_not_trained_on(labelled):
    test = labelled.select(np.arange(10, 20))
    kept, notes = fixed(labelled, test, (60, 80))
    assert sorted(kept) == [n for n in range(len(labelled)) if not 10 <= n < 20]
    assert notes[0].startswith("10 training pixels")


def test_near_is_the_brute_force_window():
    random = np.random.default_rng(1)
    rows, cols = random.integers(0, 12, 4), random.integers(0, 9, 4)
    everywhere = np.stack(np.mgrid[:12, :9], axis=-1)
    distance = np.abs(everywhere[:, :, None, :] - np.stack([rows, cols], axis=1)).max(-1).min(-1)
    for margin in range(4):
        assert np.array_equal(near(rows, cols, (12, 9), margin), distance <= margin)
