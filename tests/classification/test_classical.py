"""The classical classifiers are scikit-learn's, and a support vector machine needs it no longer."""

import sys

import numpy as np
import pytest

sklearn = pytest.importorskip("sklearn")

from hiner.core.classification import classical  # noqa: E402
from hiner.core.errors import Cancelled, DependencyError  # noqa: E402
from hiner.core.progress import Progress  # noqa: E402


def blobs(n_classes, seed=0, n=40):
    random = np.random.default_rng(seed)
    centres = random.normal(0, 1.2, (n_classes, 6))
    classes = np.repeat(np.arange(n_classes), n)
    return (centres[classes] + random.normal(size=(len(classes), 6))).astype("f4"), classes


@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_votes_choose_as_scikit_learn_does(n_classes):
    spectra, classes = blobs(n_classes)
    pipeline = classical._svm(sklearn_modules(), 10.0, "scale").fit(spectra, classes)
    machine = classical._support_vectors(pipeline)
    others, _ = blobs(n_classes, seed=1)
    predicted = machine.classes[machine.votes(others).argmax(1)]
    assert np.array_equal(predicted, pipeline.predict(others))


def sklearn_modules():
    return classical.import_sklearn()


def test_tuning_looks_at_the_training_pixels_alone_and_says_what_it_chose():
    spectra, classes = blobs(3)
    machine, notes = classical.train_svm(spectra, classes)
    right = (machine.classes[machine.votes(spectra).argmax(1)] == classes).mean()
    assert right > 0.8
    assert "cross-validation over 5 parts" in notes[0]


def test_a_class_of_one_pixel_is_trained_without_cross_validation():
    spectra, classes = blobs(2)
    machine, _ = classical.train_svm(spectra[39:], classes[39:])
    assert machine.classes.tolist() == [0, 1]


def test_a_forest_tells_the_classes_apart():
    spectra, classes = blobs(2, n=20)
    assert (classical.train_forest(spectra, classes).predict(spectra) == classes).mean() > 0.9


def test_tuning_can_be_cancelled():
    class Stopped(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        classical.train_svm(*blobs(2), progress=Stopped())


def test_without_scikit_learn_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    with pytest.raises(DependencyError, match="python3-sklearn"):
        classical.import_sklearn()
