"""Accuracies are those of scikit-learn and of the textbook."""

import numpy as np
import pytest

from hiner.core.classification.accuracy import accuracy_of, wilson
from hiner.core.errors import ParameterError


@pytest.fixture
def predicted():
    random = np.random.default_rng(0)
    reference = random.integers(0, 5, 400)
    return reference, np.where(random.random(400) < 0.7, reference, random.integers(0, 5, 400))


def test_figures_are_those_of_scikit_learn(predicted):
    metrics = pytest.importorskip("sklearn.metrics")
    reference, classes = predicted
    accuracy = accuracy_of(reference, classes, 5)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(reference, classes)
    assert np.array_equal(accuracy.matrix, metrics.confusion_matrix(reference, classes))
    assert accuracy.overall == pytest.approx(metrics.accuracy_score(reference, classes))
    assert accuracy.average == pytest.approx(metrics.balanced_accuracy_score(reference, classes))
    assert accuracy.kappa == pytest.approx(metrics.cohen_kappa_score(reference, classes))
    assert np.allclose(accuracy.producers, recall)
    assert np.allclose(accuracy.users, precision)
    assert np.allclose(accuracy.f1, f1)


def test_wilson_by_its_formula():
    # 81 of 263: Newcombe (1998), table I, method 3.
    assert np.allclose(wilson(81, 263), (0.2553, 0.3662), atol=5e-5)
    assert np.allclose(wilson(0, 20), (0.0, 0.1611), atol=5e-5)
    assert np.allclose(wilson(1, 29), (0.0061, 0.1718), atol=5e-5)


def test_the_intervals_hold_their_accuracies(predicted):
    accuracy = accuracy_of(*predicted, 5)
    low, high = accuracy.producers_intervals
    assert (low < accuracy.producers).all()
    assert (high > accuracy.producers).all()
    low, high = accuracy.overall_interval
    assert low < accuracy.overall < high


def test_a_class_without_pixels_has_no_figure_and_does_not_spoil_the_mean():
    accuracy = accuracy_of([0, 0, 1], [0, 1, 1], 3)
    assert np.isnan(accuracy.producers[2])
    assert accuracy.average == pytest.approx(0.75)
    assert np.isnan(accuracy_of([0, 0], [0, 0], 2).kappa)


def test_nothing_to_compare_is_an_error():
    with pytest.raises(ParameterError, match="no pixel"):
        accuracy_of([], [], 2)
    with pytest.raises(ParameterError, match="out of the range"):
        accuracy_of([0, 2], [0, 1], 2)
