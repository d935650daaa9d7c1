"""A training as a user runs it: held-out samples, the classifier, its rival, and what to report."""

from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from ..errors import DependencyError, ParameterError
from ..progress import Progress
from ..version import VERSION
from .accuracy import Accuracy
from .labels.holding_out import HeldOut, hold_out
from .model.settings import settings_for
from .svm.classical import import_sklearn
from .train import Training, train_classifier

# A support vector machine's time grows with the square of its pixels.
MOST_RIVAL_PIXELS = 3000
# Each pair of classes is fitted by itself, and tried anew at each setting: 100 classes are 4950 pairs and of
# 3000 pixels took a minute and a quarter, 500 classes three minutes.
MOST_RIVAL_CLASSES = 100
_NOT_TRIED = "The support vector machine was not tried beside it: {reason}."
_RIVAL = 0.15


@dataclass(frozen=True)
class Session:
    """What a training came to.

    training: Training, its model with the figures of the training. held_out: HeldOut. rival: the
    Accuracy of the support vector machine on the same test pixels, None where it was not tried.
    notes: what a user should know, texts.
    """

    training: Training
    held_out: HeldOut
    rival: Optional[Accuracy]
    notes: tuple

    @property
    def model(self):
        return self.training.model

    @property
    def accuracy(self):
        """Accuracy on the test pixels, None without any."""
        return self.training.accuracy


def train_session(image, samples, settings, test=None, method="auto", progress=None):
    """Hold out test samples, train on the rest, test (Session).

    image: Image. samples, test: Samples with one class table. method: of `hold_out`.
    Where scikit-learn is installed and the pixels and classes are few enough, a support vector
    machine is trained beside a network, on the same pixels, to compare; else a note says why not.
    Raises what `hold_out` and `train_classifier` raise.
    """
    progress = progress or Progress()
    held = hold_out(samples, image.shape, settings, test, method, progress.check)
    share = 1.0
    if settings.variant != "svm" and held.test is not None:
        share -= _RIVAL
    training = train_classifier(image, held.train, settings, held.test, progress.part(0.0, share))
    rival, more = None, ()
    if share < 1.0 and training.accuracy is not None:
        rival, more = _rival(image, held, settings, progress.part(share, 1.0))
    notes = (*training.notes, *more)
    model = replace(training.model, figures=_figures(image, training, held, rival, notes))
    return Session(replace(training, model=model), held, rival, notes)


def _rival(image, held, settings, progress):
    """(Accuracy or None, notes)"""
    reason = _why_not(held.train)
    if reason:
        return None, (_NOT_TRIED.format(reason=reason),)
    other = settings_for("svm", patch=settings.patch, seed=settings.seed)
    try:
        trained = train_classifier(image, replace(held.train, notes=()), other, held.test, progress)
    except ParameterError as error:
        return None, (f"The support vector machine could not be trained beside it: {error}",)
    return trained.accuracy, ()


def _why_not(samples):
    """Why no support vector machine is trained on samples unasked, in a few words; '' where one is."""
    n_classes = int(np.count_nonzero(samples.counts()))
    if len(samples) > MOST_RIVAL_PIXELS:
        return f"{len(samples):,} training pixels are more than {MOST_RIVAL_PIXELS:,}, which would take long"
    if n_classes > MOST_RIVAL_CLASSES:
        return f"{n_classes:,} classes are more than {MOST_RIVAL_CLASSES}, whose pairs would take long"
    try:
        import_sklearn()
    except DependencyError:
        return "scikit-learn is not installed"
    return ""


def _figures(image, training, held, rival, notes):
    """What the model's file says of its training, JSON's types alone."""
    figures = {
        "image": image.path, "encoder": f"HINER {VERSION}", "seconds": round(training.seconds, 1),
        "device": training.device, "training_pixels": training.n_train.tolist(), "split": held.method,
        "warnings": list(held.warnings), "notes": list(notes),
    }
    if training.accuracy is not None:
        figures.update(measured_figures(training.accuracy))
    if rival is not None:
        figures["svm_oa"] = round(rival.overall, 6)
    if training.history:
        figures["history"] = [[epoch, round(loss, 5), round(right, 5)] for epoch, loss, right in training.history]
    return figures


def measured_figures(accuracy):
    """What a model's file says of an Accuracy, JSON's types alone."""
    kappa = accuracy.kappa
    return {
        "oa": round(accuracy.overall, 6), "aa": round(accuracy.average, 6),
        "kappa": None if np.isnan(kappa) else round(kappa, 6), "confusion": accuracy.matrix.tolist(),
    }
