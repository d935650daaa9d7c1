"""Labels become samples: what is left out is said, what cannot be trained on is refused."""

import numpy as np
import pytest

from hiner.core.classification.labels.samples import (
    check_trainable,
    few_pixels,
    samples_of_pixels,
    samples_of_raster,
    without_invalid,
)
from hiner.core.errors import ParameterError


def test_a_label_raster_gives_its_pixels_classes_names_and_colours():
    labels = np.array([[0, 7, 7], [3, 0, 7]])
    samples = samples_of_raster(labels, names={3: "Soil"}, colours={7: "#0000ff"})
    assert samples.rows.tolist() == [0, 0, 1, 1]
    assert samples.cols.tolist() == [1, 2, 0, 2]
    assert samples.classes.tolist() == [1, 1, 0, 1]
    assert [entry.value for entry in samples.table] == [3, 7]
    assert [entry.name for entry in samples.table] == ["Soil", "Class 7"]
    assert samples.table[1].colour == "#0000ff"
    assert samples.counts().tolist() == [1, 3]


def test_whole_numbers_in_float_rasters_are_classes_and_fractions_are_not():
    labels = np.array([[np.nan, 1.0], [2.0, 2.0]], dtype="f4")
    assert samples_of_raster(labels).counts().tolist() == [1, 2]
    with pytest.raises(ParameterError, match="whole numbers"):
        samples_of_raster(labels + 0.5)


def test_test_labels_follow_the_training_classes():
    train = samples_of_raster(np.array([[1, 2]]))
    test = samples_of_raster(np.array([[2, 9]]), table=train.table)
    assert test.table == train.table
    assert test.classes.tolist() == [1]
    assert "not trained" in test.notes[0]


def test_points_outside_the_image_are_counted_and_all_outside_is_an_error():
    samples = samples_of_pixels([0, -1, 5], [0, 0, 0], [1, 1, 2], (5, 5))
    assert len(samples) == 1
    assert samples.notes[0].startswith("2 labelled pixels lie outside")
    with pytest.raises(ParameterError, match="outside the image"):
        samples_of_pixels([9, 9], [0, 1], [1, 2], (5, 5))
    with pytest.raises(ParameterError, match="no labelled pixels"):
        samples_of_pixels([], [], [], (5, 5))


def test_a_pixel_counts_once_and_contradicting_labels_not_at_all():
    samples = samples_of_pixels([1, 1, 0, 0, 2], [1, 1, 0, 0, 2], [4, 4, 4, 5, 5], (3, 3))
    assert list(zip(samples.rows, samples.cols, samples.classes)) == [(1, 1, 0), (2, 2, 1)]
    assert samples.notes == ("1 labelled pixels are labelled with several classes and are left out.",)


def test_pixels_without_data_are_dropped_with_a_note():
    samples = samples_of_raster(np.array([[1, 2, 2]]))
    left = without_invalid(samples, np.array([True, False, True]))
    assert left.classes.tolist() == [0, 1]
    assert left.notes[0].startswith("1 labelled")
    with pytest.raises(ParameterError, match="no data"):
        without_invalid(samples, np.zeros(3, dtype=bool))


def test_classes_with_few_pixels_are_named_and_kept():
    labels = np.array([[1] * 10 + [2] * 9])
    samples = samples_of_raster(labels, names={2: "Reed"})
    assert few_pixels(samples) == ["The class 'Reed' has 9 training pixels only, fewer than 10."]
    assert samples.counts().tolist() == [10, 9]


def test_one_class_cannot_be_trained():
    with pytest.raises(ParameterError, match="one class"):
        check_trainable(samples_of_raster(np.array([[1, 1, 0]])))


def test_more_classes_than_a_classifier_learns_are_refused_before_the_training():
    labels = np.arange(1, 1201).reshape(30, 40)
    with pytest.raises(ParameterError, match="have 1,200 classes; a classifier learns 1,000 at most"):
        check_trainable(samples_of_raster(labels))
    check_trainable(samples_of_raster(np.minimum(labels, 1000)))
