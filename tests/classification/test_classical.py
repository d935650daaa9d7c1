"""The classical classifiers are scikit-learn's, and a support vector machine needs it no longer."""

import sys
import threading
import time
from functools import partial

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.model_selection import GridSearchCV, StratifiedKFold  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.svm import SVC  # noqa: E402

from hiner.core.classification.svm import classical, svm_fitting, svm_tuning  # noqa: E402
from hiner.core.classification.svm.svm_fitting import fit_svm  # noqa: E402
from hiner.core.classification.svm.waiting import waited_for  # noqa: E402
from hiner.core.errors import Cancelled, DependencyError  # noqa: E402
from hiner.core.progress import Progress  # noqa: E402


def blobs(n_classes, seed=0, n=40):
    random = np.random.default_rng(seed)
    centres = random.normal(0, 1.2, (n_classes, 6))
    classes = np.repeat(np.arange(n_classes), n)
    return (centres[classes] + random.normal(size=(len(classes), 6))).astype("f4"), classes


def scikit_learns(penalty, width):
    return make_pipeline(StandardScaler(), SVC(C=penalty, gamma=width))


@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize(("penalty", "width"), [(10.0, "scale"), (1000.0, 0.01)])
def test_pairs_are_those_of_one_call_of_scikit_learn(n_classes, penalty, width):
    spectra, classes = blobs(n_classes)
    shuffled = np.random.default_rng(0).permutation(len(classes))
    spectra, classes = spectra[shuffled], 2 * classes[shuffled]
    pipeline = scikit_learns(penalty, width).fit(spectra, classes)
    machine = fit_svm(classical.import_sklearn(), spectra, classes, penalty, width, Progress())
    one = pipeline[1]
    sign = -1 if n_classes == 2 else 1
    assert machine.classes.tolist() == one.classes_.tolist()
    assert machine.counts.tolist() == one.n_support_.tolist()
    assert machine.gamma == pytest.approx(one._gamma)
    assert np.allclose(machine.vectors, one.support_vectors_)
    assert np.allclose(machine.weights, sign * one.dual_coef_, atol=1e-6)
    assert np.allclose(machine.offsets, sign * one.intercept_, atol=1e-6)
    others, _ = blobs(n_classes, seed=1)
    assert np.array_equal(machine.classes[machine.votes(others).argmax(1)], pipeline.predict(others))


def test_tuning_looks_at_the_training_pixels_alone_and_says_what_it_chose():
    spectra, classes = blobs(3)
    machine, notes = classical.train_svm(spectra, classes)
    right = (machine.classes[machine.votes(spectra).argmax(1)] == classes).mean()
    assert right > 0.8
    assert "cross-validation over 5 parts" in notes[0]


def test_the_setting_is_that_of_a_search_by_scikit_learn():
    spectra, classes = blobs(4, seed=3, n=30)
    grid = {"svc__C": list(svm_tuning.PENALTIES), "svc__gamma": list(svm_tuning.WIDTHS)}
    search = GridSearchCV(
        scikit_learns(1.0, "scale"), grid, cv=StratifiedKFold(5, shuffle=True, random_state=7)
    ).fit(spectra, classes)
    _, notes = classical.train_svm(spectra, classes, seed=7)
    assert len(notes) == 1
    assert f"{100 * search.best_score_:.2f} % in cross-validation over 5 parts" in notes[0]
    assert notes[0].startswith(f"C {search.best_params_['svc__C']:g}, gamma {search.best_params_['svc__gamma']}")


def test_a_class_of_one_pixel_takes_no_part_in_the_tuning_and_is_named():
    spectra, classes = blobs(4)
    kept = (classes < 3) | (np.cumsum(classes == 3) == 1)
    assert (classes[kept] == 3).sum() == 1
    machine, notes = classical.train_svm(spectra[kept], classes[kept], names=["Oak", "Soil", "Road", "Pond"])
    assert machine.classes.tolist() == [0, 1, 2, 3]
    assert "cross-validation over 5 parts" in notes[0]
    assert "fewer than 5 training pixels" in notes[1]
    assert notes[1].endswith("'Pond'.")


@pytest.mark.parametrize(
    ("counts", "folds", "tested"),
    [
        ([40, 40, 40], 5, [0, 1, 2]), ([40, 1, 40], 5, [0, 2]), ([40, 40, 5, 2, 1], 5, [0, 1, 2]),
        ([40, 3, 4, 3], 3, [0, 1, 2, 3]), ([40, 2], 2, [0, 1]), ([40, 7, 1, 1, 1], 5, [0, 1]),
        ([40, 1], 1, None), ([1, 1, 1], 1, None),
    ],
)
def test_parts_are_as_many_as_most_classes_have_pixels_for(counts, folds, tested):
    found, classes = svm_tuning.foldable(np.repeat(np.arange(len(counts)), counts))
    assert found == folds
    if tested is not None:
        assert classes.tolist() == tested


def test_small_classes_are_in_each_part_that_is_fitted():
    classes = np.random.default_rng(0).permutation(np.repeat(np.arange(3), [20, 3, 17]))
    parts = svm_tuning.held_out_parts(classical.import_sklearn(), classes, np.array([0, 2]), 5, 0)
    assert len(parts) == 5
    assert sorted(np.concatenate([held for _, held in parts])) == np.flatnonzero(classes != 1).tolist()
    for fitted, held in parts:
        assert (classes[fitted] == 1).sum() == 3
        assert sorted([*fitted, *held]) == list(range(40))


def test_two_pixels_of_different_classes_are_trained_untuned_with_a_note():
    spectra, classes = blobs(2)
    machine, notes = classical.train_svm(spectra[39:], classes[39:])
    assert machine.classes.tolist() == [0, 1]
    assert "C 100, gamma scale, not tuned" in notes[0]


def test_many_pixels_are_tuned_on_some_of_each_class(monkeypatch):
    monkeypatch.setattr(svm_tuning, "MOST_PIXELS", 150)
    sizes = []
    score = svm_tuning._score

    def noted(sklearn, spectra, classes, *others):
        sizes.append(len(classes) + len(others[1]))
        return score(sklearn, spectra, classes, *others)

    monkeypatch.setattr(svm_tuning, "_score", noted)
    spectra, classes = blobs(3, n=200)
    kept = np.flatnonzero((classes < 2) | (np.arange(600) < 412))
    machine, notes = classical.train_svm(spectra[kept], classes[kept])
    assert set(sizes) == {2 * (200 * 150 // 412) + 10}
    assert "tuned on 154 of 412 training pixels" in notes[1]
    taken = svm_tuning.some_of_each(classes[kept], 150, 0)
    assert np.bincount(classes[kept][taken]).tolist() == [72, 72, 10]
    assert len(np.unique(taken)) == len(taken)
    whole = fit_svm(
        classical.import_sklearn(), spectra[kept], classes[kept], *chosen(notes[0]), Progress()
    )
    assert np.array_equal(whole.vectors, machine.vectors)


def chosen(note):
    penalty, width = note.split(", ")[:2]
    width = width.split()[1]
    return float(penalty.split()[1]), width if width == "scale" else float(width)


def test_a_forest_tells_the_classes_apart():
    spectra, classes = blobs(2, n=20)
    assert (classical.train_forest(spectra, classes).predict(spectra) == classes).mean() > 0.9


def test_tuning_can_be_cancelled():
    class Stopped(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        classical.train_svm(*blobs(2), progress=Stopped())


@pytest.mark.parametrize("tuned", [True, False])
def test_a_long_fit_is_left_within_a_second_and_ends_on_its_own(monkeypatch, tuned):
    """One fit of many pixels takes many seconds, in which LIBSVM asks nobody."""
    begun, ended, let_go = threading.Event(), threading.Event(), threading.Event()

    def slow(*_):
        begun.set()
        let_go.wait(30)
        ended.set()
        return 0.5

    if tuned:
        monkeypatch.setattr(svm_tuning, "_score", slow)
    else:
        monkeypatch.setattr(svm_tuning, "_score", lambda *_: 0.5)
        monkeypatch.setattr(svm_fitting, "_fit_pair", slow)

    class Stopped(Progress):
        def is_cancelled(self):
            return begun.is_set()

    started = time.monotonic()
    with pytest.raises(Cancelled):
        classical.train_svm(*blobs(3), progress=Stopped())
    assert time.monotonic() - started < 1
    assert not ended.is_set()
    left = [thread for thread in threading.enumerate() if "may be left" in thread.name]
    assert left
    # The program waits for them before it ends (test_waiting.py).
    assert not any(thread.daemon for thread in left)
    let_go.set()
    for thread in left:
        thread.join(5)
    assert ended.is_set()


def test_a_fit_lets_other_threads_look_whether_to_stop():
    spectra, classes = blobs(2, n=1500)
    classes = np.random.default_rng(0).permutation(classes)
    asked = []
    svm = partial(svm_fitting._fit_pair, classical.import_sklearn(), spectra[classes == 0], spectra[classes == 1])
    waited_for(partial(svm, 100.0, 1.0), lambda: asked.append(time.monotonic()))
    assert np.diff(asked).max() < 1


def test_the_share_done_grows_from_nothing_to_all():
    shares = []

    class Noted(Progress):
        def report(self, fraction, message=""):
            shares.append(fraction)

    classical.train_svm(*blobs(3), progress=Noted())
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert len(shares) == 4 * 3 * 5 + 3
    assert shares[-1] < 1


def test_without_scikit_learn_the_error_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    with pytest.raises(DependencyError, match="python3-sklearn"):
        classical.import_sklearn()
