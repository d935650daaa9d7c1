"""Choosing a support vector machine's penalty and width by cross-validation on training pixels."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from .waiting import waited_for

# A wide grid, refined by no look at test pixels.
PENALTIES = (1.0, 10.0, 100.0, 1000.0)
WIDTHS = ("scale", 1e-3, 1e-2)
UNTUNED = 100.0, "scale"
FOLDS = 5
# The time of a fit grows with the square of its pixels, and there are as many fits as settings and parts.
MOST_PIXELS = 3000
_FEWEST_OF_A_CLASS = 2 * FOLDS


@dataclass(frozen=True)
class Tuning:
    """penalty: C. width: gamma or 'scale'. notes: what a user should know, texts."""

    penalty: float
    width: object
    notes: tuple


def tune(sklearn, spectra, classes, names, seed, progress):
    """The setting (Tuning) that is right most often on parts of the spectra (n, bands) held out.

    sklearn: that of `import_sklearn`. names: of the classes, by their number. Of many pixels some of
    each class are taken; classes with too few for the parts are in what is fitted each time, never
    in what is held out. Raises Cancelled.
    """
    taken = some_of_each(classes, MOST_PIXELS, seed)
    notes = []
    if len(taken) < len(classes):
        notes.append(
            f"The support vector machine was tuned on {len(taken)} of {len(classes)} training pixels, some of "
            "each class; it was trained on all."
        )
    spectra, classes = spectra[taken], classes[taken]
    folds, tested = foldable(classes)
    if folds < 2:
        penalty, width = UNTUNED
        reason = "not tuned, since fewer than two classes have two training pixels"
        return Tuning(penalty, width, (f"C {penalty:g}, gamma {width}, {reason}", *notes))
    small = np.setdiff1d(classes, tested)
    if len(small):
        listed = ", ".join(f"'{names[number]}'" for number in small)
        notes.append(
            f"Classes with fewer than {folds} training pixels took no part in choosing the support vector "
            f"machine's C and gamma: {listed}."
        )
    parts = held_out_parts(sklearn, classes, tested, folds, seed)
    tries = [(penalty, width) for penalty in PENALTIES for width in WIDTHS]
    scores = []
    for number, (penalty, width) in enumerate(tries):
        part = progress.part(number / len(tries), (number + 1) / len(tries))
        scores.append(_share_right(sklearn, spectra, classes, parts, penalty, width, part))
    penalty, width = tries[int(np.argmax(scores))]
    found = f"C {penalty:g}, gamma {width}, {100 * max(scores):.2f} % in cross-validation over {folds} parts"
    return Tuning(penalty, width, (found, *notes))


def tuning_share(classes):
    """About which share of the time of a training the tuning takes."""
    fits = len(PENALTIES) * len(WIDTHS) * FOLDS
    tuning = fits * min(len(classes), MOST_PIXELS) ** 2
    return tuning / (tuning + len(classes) ** 2)


def some_of_each(classes, most, seed):
    """Sorted places of about `most` of the pixels: the same share of each class, and ten where it has them."""
    if len(classes) <= most:
        return np.arange(len(classes))
    random, taken = np.random.default_rng(seed), []
    for number in np.unique(classes):
        own = np.flatnonzero(classes == number)
        wished = max(_FEWEST_OF_A_CLASS, len(own) * most // len(classes))
        taken.append(random.permutation(own)[:wished])
    return np.sort(np.concatenate(taken))


def foldable(classes):
    """(parts, the classes with a pixel for each): five, or as many as most classes have pixels for.

    Where most have a single pixel, as many as two classes have pixels for; fewer than two parts if
    there are none such.
    """
    numbers, counts = np.unique(classes, return_counts=True)
    largest_first = np.sort(counts)[::-1]
    most, two = largest_first[max(2, len(counts) // 2 + 1) - 1], largest_first[1]
    folds = int(min(FOLDS, most if most > 1 else two))
    return folds, numbers[counts >= folds]


def held_out_parts(sklearn, classes, tested, folds, seed):
    """(fitted, held out) places for each part; of classes that are not `tested` all are fitted."""
    own, rest = np.flatnonzero(np.isin(classes, tested)), np.flatnonzero(~np.isin(classes, tested))
    split = sklearn.model_selection.StratifiedKFold(folds, shuffle=True, random_state=seed)
    return [
        (np.sort(np.concatenate([own[fitted], rest])), own[held])
        for fitted, held in split.split(own[:, None], classes[own])
    ]


def _share_right(sklearn, spectra, classes, parts, penalty, width, progress):
    """Mean share of right classes over the parts."""
    scores = []
    for number, (fitted, held) in enumerate(parts):
        progress.report(number / len(parts), "Tuning the support vector machine")
        work = partial(
            _score, sklearn, spectra[fitted], classes[fitted], spectra[held], classes[held], penalty, width
        )
        scores.append(waited_for(work, progress.check))
    return float(np.mean(scores))


def _score(sklearn, spectra, classes, held_spectra, held_classes, penalty, width):
    machine = sklearn.pipeline.make_pipeline(
        sklearn.preprocessing.StandardScaler(), sklearn.svm.SVC(C=penalty, gamma=width)
    )
    return machine.fit(spectra, classes).score(held_spectra, held_classes)
