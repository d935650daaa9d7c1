"""From an image and labelled pixels to a classifier, and how well it does on held-out ones."""

import time
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from ..errors import ParameterError
from ..progress import Progress
from .accuracy import Accuracy, accuracy_of
from .imagery.image import varying_bands
from .imagery.isi import ShiftedSpectra, why_off
from .imagery.patches import patch_table, patch_views
from .imagery.spectra import Scaling, read_spectra, valid_spectra
from .labels.samples import check_trainable, without_invalid
from .mapping.prediction import NO_CLASS, classify_pixels
from .mapping.smoothing_choice import choose_smoothing
from .model.model import ClassifierModel, view_weights
from .model.settings import fitted
from .svm.classical import train_svm

# A patch of many bands takes up to a megabyte.
_PATCHES_AT_ONCE = 64
_CHOOSING, _READING, _TRAINING = 0.3, 0.1, 0.9


@dataclass(frozen=True)
class Training:
    """What a training came to.

    model: ClassifierModel. accuracy: Accuracy on the test pixels, None without any. history:
    (epoch, loss, share right). notes: what a user should know. n_train: pixels of each class.
    """

    model: ClassifierModel
    accuracy: Optional[Accuracy]
    history: list
    notes: tuple
    n_train: np.ndarray
    seconds: float
    device: str


def train_classifier(image, samples, settings, test=None, progress=None):
    """Train a classifier on an Image's labelled pixels and test it on others (Training).

    samples, test: Samples with one class table. Raises ParameterError for samples that cannot be
    trained on, DependencyError, DeviceError, SceneError, Cancelled, and what reading raises.
    """
    progress, started = progress or Progress(), time.monotonic()
    if test is not None and test.table != samples.table:
        raise ParameterError("Training and test samples have different classes.")
    check_trainable(samples)
    device = _device(settings, progress)
    chosen = ()
    if settings.smooth == 0:
        def model_of(samples, settings, progress):
            return train_classifier(image, samples, settings, progress=progress).model

        side, chosen = choose_smoothing(
            image, samples, settings, model_of, device, progress.part(0.0, _CHOOSING)
        )
        settings, progress = replace(settings, smooth=side), progress.part(_CHOOSING, 1.0)
    image, low, high = varying_bands(image, progress.part(0.0, _READING))
    progress.report(_READING, "Reading the training pixels")
    settings, scaling = fitted(settings, image.n_bands), Scaling(low, high)
    table = patch_table(samples.rows, samples.cols, settings.patch, image.shape)
    spectra = read_spectra(image, table.pixels, scaling, progress.check)
    valid = valid_spectra(spectra)
    kept = valid[table.centres]
    samples = without_invalid(samples, kept, image.path)
    table = table.filled(valid).select(kept)
    notes = list(samples.notes) + list(chosen) + check_trainable(samples)
    shifted = _shifted(image, table, spectra, scaling, settings, notes)
    fit = _fit_svm if settings.variant == "svm" else _fit_network
    arrays, history, more = fit(
        spectra, table, samples, settings, device, progress.part(_READING, _TRAINING), shifted
    )
    model = ClassifierModel(settings, samples.table, image.axis, low, high, arrays)
    accuracy = None
    if test is not None:
        accuracy = _tested(model, image, test, device, notes, progress.part(_TRAINING, 1.0))
    return Training(
        model, accuracy, history, tuple(notes) + tuple(more), samples.counts(),
        time.monotonic() - started, device,
    )


def _device(settings, progress):
    if settings.variant == "svm":
        return "cpu"
    # Only networks need torch.
    from ..training.device import choose_device

    return choose_device(settings.device, progress.log)


def _shifted(image, table, spectra, scaling, settings, notes):
    if not settings.isi or settings.eta == 0:
        return None
    reason = why_off(image)
    if reason is not None:
        notes.append(reason)
        return None
    return ShiftedSpectra(
        image, table.pixels, spectra, scaling, settings.eta, settings.isi_pool, settings.seed
    )


def _fit_network(spectra, table, samples, settings, device, progress, shifted):
    from .network.trainer import train_network

    trained = train_network(
        spectra, table.index, samples.classes, len(samples.table), settings, device, progress, shifted
    )
    notes = ()
    if shifted is not None:
        what = "image between the bands was" if shifted.decoded == 1 else "images between the bands were"
        notes = (f"{shifted.decoded} {what} decoded for training.",)
    return trained.arrays, trained.history, notes


def _fit_svm(spectra, table, samples, settings, _device, progress, _shifted):
    means, weights = np.empty((len(samples), spectra.shape[1]), dtype=np.float32), view_weights(settings)
    for start in range(0, len(means), _PATCHES_AT_ONCE):
        progress.check()
        part = slice(start, start + _PATCHES_AT_ONCE)
        means[part] = patch_views(spectra, table.index[part], weights)[:, 0]
    machine, notes = train_svm(
        means, samples.classes, settings.seed, progress, [entry.name for entry in samples.table]
    )
    names = ("mean", "scale", "vectors", "weights", "offsets", "counts", "classes")
    arrays = {name: getattr(machine, name) for name in names}
    return {**arrays, "gamma": np.array(machine.gamma)}, [], notes


def _tested(model, image, test, device, notes, progress):
    predicted = classify_pixels(model, image, test.rows, test.cols, device, progress=progress, what="Testing")
    known = predicted != NO_CLASS
    if not known.any():
        notes.append("All test pixels lie where the image has no data: nothing was tested.")
        return None
    lost = int(np.count_nonzero(~known))
    if lost:
        notes.append(f"{lost} test pixels lie where the image has no data and were not tested.")
    return accuracy_of(test.classes[known], predicted[known], len(model.table))
