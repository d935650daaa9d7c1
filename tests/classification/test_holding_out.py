"""Which split is taken where none is asked for."""

from dataclasses import replace

import numpy as np
import pytest

from hiner.core.classification.labels.holding_out import NEAR_WARNING, hold_out
from hiner.core.classification.labels.samples import samples_of_raster
from hiner.core.classification.model.settings import settings_for

SHAPE = (80, 120)


def samples_of(labels, groups):
    return samples_of_raster(labels, groups=groups)


def fields(size, gap):
    """Squares of three classes in turn, `gap` pixels between them, each a polygon."""
    labels, groups = np.zeros(SHAPE, dtype=int), np.zeros(SHAPE, dtype=int)
    number = 0
    for row in range(0, SHAPE[0] - size + 1, size + gap):
        for col in range(0, SHAPE[1] - size + 1, size + gap):
            part = np.s_[row:row + size, col:col + size]
            labels[part], groups[part] = 1 + number % 3, number
            number += 1
    return samples_of(labels, groups)


def parted(samples, method="auto"):
    return hold_out(samples, SHAPE, settings_for("patch"), method=method)


def test_polygons_apart_are_held_out_whole():
    samples = fields(size=6, gap=6)
    found = parted(samples)
    assert "whole polygons" in found.method
    assert not set(found.train.groups) & set(found.test.groups)


def test_blocks_are_held_out_where_the_margins_of_polygons_would_leave_little():
    samples = fields(size=3, gap=0)
    polygons, found = parted(samples, "polygons"), parted(samples)
    assert "blocks" in found.method
    assert len(found.train) > 2 * len(polygons.train)
    assert (found.train.counts() > 0).all()
    rows = np.abs(found.train.rows[:, None] - found.test.rows).astype(int)
    cols = np.abs(found.train.cols[:, None] - found.test.cols).astype(int)
    assert np.maximum(rows, cols).min() > settings_for("patch").reach


@pytest.mark.parametrize("method", ["polygons", "blocks", "random"])
def test_a_split_that_is_asked_for_is_taken(method):
    assert method.rstrip("s") in parted(fields(size=3, gap=0), method).method


def test_one_polygon_of_each_class_measures_nothing_and_says_so():
    labels, groups = np.zeros(SHAPE, dtype=int), np.zeros(SHAPE, dtype=int)
    for number in (1, 2):
        part = np.s_[2:5, 10 * number:10 * number + 3]
        labels[part], groups[part] = number, number
    found = parted(samples_of(labels, groups))
    assert found.test is None
    assert found.warnings[0].startswith("No accuracy was measured")


def test_a_class_that_given_test_samples_lack_is_told():
    labels = np.arange(1, 6)[:, None].repeat(4, axis=1)
    names = {1: "lake", 2: "soil", 3: "wood", 4: "road", 5: "roof"}
    samples = samples_of_raster(labels, names=names)
    tested = np.zeros_like(labels)
    # Of the road all that there is to train on is a test pixel too: it is no class that is trained.
    tested[0, 0], tested[1, 0], tested[3] = 1, 2, 4
    test = samples_of_raster(tested, table=samples.table)
    found = hold_out(samples, labels.shape, settings_for("pixel"), test)
    assert (
        "The test samples lack these classes: wood, roof. None of their pixels are tested, and AA is the mean over the "
        "other classes."
    ) in found.warnings
    beside = replace(samples, rows=samples.rows + 5)
    assert hold_out(samples, (10, 4), settings_for("pixel"), beside).warnings == (NEAR_WARNING,)
