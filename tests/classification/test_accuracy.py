"""Accuracies are those of scikit-learn and of the textbook."""

import numpy as np
import pytest

from hiner.core.classification.accuracy import Accuracy, accuracy_of, wilson
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


# Shares of (reference, map) in two populations: a good map of three classes, and one nearly perfect.
POPULATIONS = {
    "good": [[0.30, 0.04, 0.01], [0.05, 0.25, 0.05], [0.01, 0.04, 0.25]],
    "nearly perfect": [[0.495, 0.005, 0.0], [0.005, 0.395, 0.0], [0.0, 0.002, 0.098]],
}


# Of 60 pixels, six are of the smallest class: no approximation is exact there.
@pytest.mark.parametrize(("n_pixels", "least"), [(60, 0.92), (600, 0.93)])
@pytest.mark.parametrize("population", POPULATIONS)
def test_intervals_hold_the_population_about_95_times_in_a_hundred(population, n_pixels, least):
    shares, random = np.array(POPULATIONS[population]), np.random.default_rng(3)
    # So many pixels that the figures are the population's own.
    truth = Accuracy(np.rint(shares * 1e9).astype(np.int64))
    held = {"overall": [], "average": [], "kappa": [], "f1": []}
    for matrix in random.multinomial(n_pixels, shares.ravel(), size=1500).reshape(-1, 3, 3):
        drawn = Accuracy(matrix)
        if (matrix.sum(axis=1) == 0).any():
            continue
        for figure in ("overall", "average", "kappa"):
            low, high = getattr(drawn, f"{figure}_interval")
            held[figure].append(low <= getattr(truth, figure) <= high)
        low, high = drawn.f1_intervals
        held["f1"] += ((low <= truth.f1) & (truth.f1 <= high)).tolist()
    for figure, found in held.items():
        assert least <= np.mean(found) <= 0.99, (figure, np.mean(found))


def test_few_pixels_that_are_all_right_prove_no_perfect_map():
    drawn = Accuracy(np.diag([3, 3]))
    for low, high in (drawn.overall_interval, drawn.average_interval, drawn.kappa_interval):
        assert low < 0.75
        assert high == 1
    assert (drawn.f1_intervals[0] < 0.75).all()


def test_of_many_pixels_kappas_interval_is_that_of_its_large_sample_variance():
    matrix = np.array([[300, 40, 10], [50, 250, 50], [10, 40, 250]]) * 100
    shares = matrix / matrix.sum()
    # The delta method with a numerical derivative, in place of the formula.
    def kappa(p):
        chance = p.sum(0) @ p.sum(1)
        return (np.trace(p) - chance) / (1 - chance)

    slopes = np.zeros((3, 3))
    for cell in np.ndindex(3, 3):
        step = np.zeros((3, 3))
        step[cell] = 1e-6
        slopes[cell] = (kappa(shares + step) - kappa(shares - step)) / 2e-6
    variance = ((shares * slopes**2).sum() - (shares * slopes).sum() ** 2) / matrix.sum()
    half = 1.959964 * variance**0.5
    low, high = Accuracy(matrix).kappa_interval
    assert low == pytest.approx(kappa(shares) - half, abs=half / 50)
    assert high == pytest.approx(kappa(shares) + half, abs=half / 50)
