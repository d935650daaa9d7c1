"""Classical classifiers of patch means: the bar that a network has to pass, and a choice beside it.

They are trained by scikit-learn; a support vector machine is applied by NumPy alone.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import DependencyError, ParameterError
from ..progress import Progress

# A wide grid, refined by no look at test pixels.
PENALTIES = (1.0, 10.0, 100.0, 1000.0)
WIDTHS = ("scale", 1e-3, 1e-2)
FOLDS = 5
TREES = 500
_CHUNK = 2048


@dataclass(frozen=True)
class SupportVectors:
    """An RBF support vector machine, one vote for each pair of classes.

    mean, scale: (bands,) that standardise a spectrum. vectors: (n, bands) standardised, sorted by
    class, of which class c has counts[c]. weights: (classes - 1, n) and offsets: (pairs,) as
    LIBSVM has them. classes: (k,) the classes trained. gamma: the kernel's.
    """

    mean: np.ndarray
    scale: np.ndarray
    vectors: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    counts: np.ndarray
    classes: np.ndarray
    gamma: float

    def votes(self, spectra, check=None):
        """Share of the votes of each of `classes`, (n, k) float32, for spectra (n, bands)."""
        out = np.empty((len(spectra), len(self.classes)), dtype=np.float32)
        for start in range(0, len(spectra), _CHUNK):
            if check is not None:
                check()
            part = slice(start, start + _CHUNK)
            out[part] = self._votes((spectra[part] - self.mean) / self.scale)
        return out

    def _votes(self, x):
        squares = (x**2).sum(1)[:, None] + (self.vectors**2).sum(1) - 2 * (x @ self.vectors.T)
        kernel = np.exp(-self.gamma * np.maximum(squares, 0))  # (n, vectors)
        ends = np.cumsum(self.counts)
        own = [slice(end - count, end) for end, count in zip(ends, self.counts)]
        votes = np.zeros((len(x), len(self.counts)))
        pairs = [(a, b) for a in range(len(own)) for b in range(a + 1, len(own))]
        for (a, b), offset in zip(pairs, self.offsets):
            decision = offset + kernel[:, own[a]] @ self.weights[b - 1, own[a]]
            decision = decision + kernel[:, own[b]] @ self.weights[a, own[b]]
            votes[:, a] += decision > 0
            votes[:, b] += decision <= 0
        return votes / max(1, len(pairs))


def import_sklearn():
    """Return scikit-learn with what is used of it, or raise DependencyError that says how to get it."""
    try:
        import sklearn.ensemble
        import sklearn.model_selection
        import sklearn.pipeline
        import sklearn.preprocessing
        import sklearn.svm
    except ImportError as error:
        raise DependencyError(
            "Training this classifier needs scikit-learn, which QGIS's Python does not have. Debian, "
            "Ubuntu: sudo apt install python3-sklearn. conda: conda install scikit-learn. "
            f"Applying a trained one works without. ({error})"
        ) from error
    return sklearn


def train_svm(spectra, classes, seed=0, progress=None):
    """An RBF-SVM on standardised spectra, (n, bands), tuned by cross-validation on them alone.

    Returns (SupportVectors, notes). Raises DependencyError without scikit-learn, ParameterError
    for a single class, Cancelled between two settings.
    """
    sklearn, progress = import_sklearn(), progress or Progress()
    if len(np.unique(classes)) < 2:
        raise ParameterError("All training pixels are of one class; a classifier needs two at least.")
    folds = min(FOLDS, int(np.bincount(classes)[np.unique(classes)].min()))
    tries = [(penalty, width) for penalty in PENALTIES for width in WIDTHS]
    scores = []
    for done, (penalty, width) in enumerate(tries):
        progress.report(done / (len(tries) + 1), "Tuning the support vector machine")
        scores.append(_score(sklearn, spectra, classes, penalty, width, folds, seed, progress))
    penalty, width = tries[int(np.argmax(scores))]
    pipeline = _svm(sklearn, penalty, width).fit(spectra, classes)
    notes = f"C {penalty:g}, gamma {width}"
    if folds > 1:
        notes += f", {100 * max(scores):.2f} % in cross-validation over {folds} parts"
    return _support_vectors(pipeline), (notes,)


def train_forest(spectra, classes, seed=0):
    """A random forest of 500 trees on spectra, (n, bands): scikit-learn's own, with `predict`."""
    return import_sklearn().ensemble.RandomForestClassifier(TREES, random_state=seed).fit(spectra, classes)


def _svm(sklearn, penalty, width):
    return sklearn.pipeline.make_pipeline(
        sklearn.preprocessing.StandardScaler(), sklearn.svm.SVC(C=penalty, gamma=width)
    )


def _score(sklearn, spectra, classes, penalty, width, folds, seed, progress):
    """Mean share of right classes over the parts; without parts, that of the middle setting wins."""
    if folds < 2:
        return float((penalty, width) == (100.0, "scale"))
    parts = sklearn.model_selection.StratifiedKFold(folds, shuffle=True, random_state=seed)
    scores = []
    for fitted, held in parts.split(spectra, classes):
        progress.check()
        machine = _svm(sklearn, penalty, width).fit(spectra[fitted], classes[fitted])
        scores.append(machine.score(spectra[held], classes[held]))
    return float(np.mean(scores))


def _support_vectors(pipeline):
    scaler, machine = pipeline[0], pipeline[1]
    weights, offsets = machine.dual_coef_, machine.intercept_
    if len(machine.classes_) == 2:
        # scikit-learn turns the sign of LIBSVM's only pair.
        weights, offsets = -weights, -offsets
    return SupportVectors(
        scaler.mean_.astype(np.float64), scaler.scale_.astype(np.float64),
        np.asarray(machine.support_vectors_, dtype=np.float64), np.asarray(weights, dtype=np.float64),
        np.asarray(offsets, dtype=np.float64), np.asarray(machine.n_support_, dtype=np.int64),
        np.asarray(machine.classes_, dtype=np.int64), float(machine._gamma),
    )
