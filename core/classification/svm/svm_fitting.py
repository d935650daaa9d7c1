"""Fitting an RBF support vector machine, pair of classes by pair, as LIBSVM does within one call.

Pair by pair it can be told how far the work is, and what is left behind by a user who cancels ends soon.
"""

from functools import partial

import numpy as np

from ..model.support_vectors import SupportVectors
from .waiting import waited_for


def fit_svm(sklearn, spectra, classes, penalty, width, progress):
    """SupportVectors of spectra (n, bands) and their classes (n,), two at least.

    sklearn: that of `import_sklearn`. penalty: C. width: gamma, or 'scale' for one over the bands
    times the variance. Raises Cancelled.
    """
    scaler = sklearn.preprocessing.StandardScaler().fit(spectra)
    x = scaler.transform(spectra).astype(np.float64)
    gamma = _gamma(x, width)
    present = np.unique(classes)
    places = [np.flatnonzero(classes == number) for number in present]
    pairs = [(a, b) for a in range(len(places)) for b in range(a + 1, len(places))]
    weights, offsets = np.zeros((len(places) - 1, len(x))), np.zeros(len(pairs))
    # The time of a fit grows with the square of its pixels.
    costs = np.cumsum([0] + [(len(places[a]) + len(places[b])) ** 2 for a, b in pairs])
    for number, (a, b) in enumerate(pairs):
        progress.report(float(costs[number] / costs[-1]), "Training the support vector machine")
        two = x[places[a]], x[places[b]]
        own, offsets[number] = waited_for(partial(_fit_pair, sklearn, *two, penalty, gamma), progress.check)
        weights[b - 1, places[a]], weights[a, places[b]] = np.split(own, [len(two[0])])
    supporting = [own[weights[:, own].any(axis=0)] for own in places]
    vectors = np.concatenate(supporting)
    return SupportVectors(
        scaler.mean_.astype(np.float64), scaler.scale_.astype(np.float64), x[vectors], weights[:, vectors],
        offsets, np.array([len(own) for own in supporting], dtype=np.int64), present.astype(np.int64), gamma,
    )


def _gamma(x, width):
    """The kernel's gamma, as scikit-learn scales it."""
    if width != "scale":
        return float(width)
    variance = float(x.var())
    return 1.0 / (x.shape[1] * variance) if variance else 1.0


def _fit_pair(sklearn, first, second, penalty, gamma):
    """(weights (n,) of the first class's spectra and the second's, offset), as LIBSVM has them."""
    x, second_ones = np.concatenate([first, second]), np.repeat([0, 1], [len(first), len(second)])
    machine = sklearn.svm.SVC(C=penalty, gamma=gamma).fit(x, second_ones)
    weights = np.zeros(len(x))
    # scikit-learn turns the sign of LIBSVM's only pair.
    weights[machine.support_] = -machine.dual_coef_[0]
    return weights, -machine.intercept_[0]
