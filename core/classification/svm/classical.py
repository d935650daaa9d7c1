"""Classical classifiers of patch means: the bar that a network has to pass, and a choice beside it.

They are trained by scikit-learn.
"""

import numpy as np

from ...errors import DependencyError, ParameterError
from ...progress import Progress
from .svm_fitting import fit_svm
from .svm_tuning import tune, tuning_share

TREES = 500


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


def train_svm(spectra, classes, seed=0, progress=None, names=None):
    """An RBF-SVM on standardised spectra, (n, bands), tuned by cross-validation on them alone.

    classes: (n,) whole numbers. names: of the classes, for the notes; None their numbers.
    Returns (SupportVectors, notes). Raises DependencyError without scikit-learn, ParameterError
    for a single class, Cancelled.
    """
    sklearn, progress = import_sklearn(), progress or Progress()
    if len(np.unique(classes)) < 2:
        raise ParameterError("All training pixels are of one class; a classifier needs two at least.")
    names = [str(number) for number in range(int(classes.max()) + 1)] if names is None else names
    share = tuning_share(classes)
    tuning = tune(sklearn, spectra, classes, names, seed, progress.part(0.0, share))
    machine = fit_svm(
        sklearn, spectra, classes, tuning.penalty, tuning.width, progress.part(share, 1.0)
    )
    return machine, tuning.notes


def train_forest(spectra, classes, seed=0):
    """A random forest of 500 trees on spectra, (n, bands): scikit-learn's own, with `predict`."""
    return import_sklearn().ensemble.RandomForestClassifier(TREES, random_state=seed).fit(spectra, classes)
