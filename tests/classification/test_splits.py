"""Splits do not leak: no training pixel within the margin of a test pixel."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from hiner.core.classification.labels import splits
from hiner.core.classification.labels.holding_out import hold_out
from hiner.core.classification.labels.samples import samples_of_pixels, samples_of_raster
from hiner.core.classification.labels.splits import (
    RANDOM_WARNING,
    fixed,
    near,
    random_pixels,
    spatial_blocks,
    whole_groups,
)
from hiner.core.classification.model.settings import settings_for
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
    split = spatial_blocks(labelled, margin)
    assert nearest_distance(labelled, split) > margin
    counts = np.bincount(labelled.classes[split.test], minlength=4)
    assert (counts > 0).all()
    assert 0.1 < len(split.test) / len(labelled) < 0.5


def test_blocks_are_whole(labelled):
    split = spatial_blocks(labelled, 2, block=12)
    rows, cols = labelled.rows - labelled.rows.min(), labelled.cols - labelled.cols.min()
    blocks = (rows // 12) * 7 + cols // 12
    assert not set(blocks[split.train]) & set(blocks[split.test])


def test_polygons_are_whole_and_keep_the_margin(labelled):
    split = whole_groups(labelled, 3)
    assert not set(labelled.groups[split.train]) & set(labelled.groups[split.test])
    assert nearest_distance(labelled, split) > 3


def test_a_seed_repeats_a_split_and_another_changes_it(labelled):
    first, again = (spatial_blocks(labelled, 3, seed=5) for _ in range(2))
    assert np.array_equal(first.test, again.test)
    others = [spatial_blocks(labelled, 3, seed=seed).test for seed in range(6, 10)]
    assert any(not np.array_equal(first.test, other) for other in others)


def test_what_lies_in_the_margin_is_counted(labelled):
    split = spatial_blocks(labelled, 3)
    unused = len(labelled) - len(split.train) - len(split.test)
    assert unused > 0
    assert any(warning.startswith(f"{unused} labelled pixels") for warning in split.warnings)


def test_a_class_in_one_piece_stays_in_training_and_is_named():
    labels = np.zeros((40, 40), int)
    labels[0:3, 0:3] = 3
    labels[::5, ::5] = 1
    labels[2::5, 2::5] = 2
    samples = samples_of_raster(labels, names={3: "Pond"})
    split = spatial_blocks(samples, 1, block=10)
    assert 2 in samples.classes[split.train]
    assert any("Pond" in warning for warning in split.warnings)


def test_one_piece_alone_cannot_be_split():
    labels = np.zeros((40, 40), int)
    labels[0, 0:4] = [1, 1, 2, 2]
    with pytest.raises(ParameterError, match="held out"):
        spatial_blocks(samples_of_raster(labels), 1, block=40)


@pytest.fixture
def points():
    """300 points of three classes within 115 x 115 pixels, from row and column 0 on."""
    random = np.random.default_rng(3)
    rows, cols = np.divmod(random.choice(115 * 115, 300, replace=False), 115)
    return samples_of_pixels(rows, cols, 1 + cols // 39, (115, 115))


@pytest.mark.parametrize("margin", [3, 6])
def test_the_image_around_the_samples_changes_nothing(points, margin):
    expected = spatial_blocks(points, margin)
    assert 0.2 < len(expected.test) / len(points) < 0.5
    assert nearest_distance(points, expected) > margin
    for corner in ((1, 2), (610, 303), (9_000, 4_999)):
        moved = replace(points, rows=points.rows + corner[0], cols=points.cols + corner[1])
        held = hold_out(moved, (10_000, 10_000), settings_for("patch", patch=2 * margin + 1), method="blocks")
        assert np.array_equal(held.test.rows - corner[0], points.rows[expected.test])
        assert np.array_equal(held.train.cols - corner[1], points.cols[expected.train])


def test_smaller_blocks_are_tried_where_large_ones_hold_all_of_a_class(points):
    """Two parts of the image, far apart, each with classes of its own."""
    far = replace(points, rows=points.rows + 7_000, cols=points.cols + 5_000, classes=points.classes + 3)
    joined = [np.concatenate(pair) for pair in zip(*(
        (part.rows, part.cols, part.classes + 1) for part in (points, far)
    ))]
    samples = samples_of_pixels(*joined, (8_000, 8_000))
    split, again = spatial_blocks(samples, 3, seed=1), spatial_blocks(samples, 3, seed=1)
    assert np.array_equal(split.test, again.test)
    assert np.array_equal(split.train, again.train)
    assert nearest_distance(samples, split) > 3
    for places in (split.train, split.test):
        assert np.unique(samples.classes[places]).tolist() == list(range(6))
    assert 12 <= int(split.method.split()[2]) <= 115


def test_no_block_is_smaller_than_four_margins():
    labels = np.zeros((40, 40), int)
    labels[5:16, 5:16] = 1
    labels[10, 10] = 2
    with pytest.raises(ParameterError, match="held out|Holding out"):
        spatial_blocks(samples_of_raster(labels), 3)
    assert list(splits._sides(4000, 3)) == [500, 250, 125, 62, 31, 15, 12]
    assert list(splits._sides(40, 3)) == [12]


def test_training_pixels_of_one_class_alone_are_no_split():
    labels = np.zeros((40, 40), int)
    labels[0:4, 0:4], labels[30:34, 30:34] = 1, 1
    labels[10, 20:22] = 2
    # The second class is two polygons side by side: what is not tested is within the margin.
    groups = np.where(labels == 2, np.arange(40) - 20, np.where(np.arange(40) < 20, 2, 3))
    with pytest.raises(ParameterError, match="one class only"):
        whole_groups(samples_of_raster(labels, groups=groups), 1)


def test_holding_out_takes_no_memory_for_the_scene(labelled):
    """The margin around few samples was sought in the whole scene, at 32 bytes a pixel."""
    spread = replace(labelled, rows=labelled.rows * 30, cols=labelled.cols * 30)
    area = int(np.ptp(spread.rows) + 1) * int(np.ptp(spread.cols) + 1)
    tracemalloc.start()
    try:
        split = spatial_blocks(spread, 10)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert nearest_distance(spread, split) > 10
    assert peak < 5 * area


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
    for margin in range(14):
        assert np.array_equal(near(rows, cols, (12, 9), margin), distance <= margin)
