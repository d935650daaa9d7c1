"""Applying a classifier to an image, block by block, with memory that follows the block."""

from dataclasses import dataclass

import numpy as np

from ...errors import FormatError
from ...progress import Paced, Progress
from ...training.gpu import memory_given_back
from ..imagery.patches import patch_views
from ..imagery.spectra import read_spectra, valid_spectra
from ..labels.neighbours import grown, widened
from ..model.support_vectors import SupportVectors
from .block_patches import BlockPatches
from .blocks import batch_size, blocks
from .smoothing import window_means

MEMORY_MIB = 256
NO_CLASS = -1
WHAT = "Classifying"


@dataclass(frozen=True)
class ClassifiedBlock:
    """A part of the map: (rows, cols) places in the model's table, -1 without data or not wanted.

    row, col: of its first pixel. probabilities: (classes, rows, cols) float32, NaN likewise.
    extremes: (2, bands) float32, least and largest of the spectra that were read for it as the model scales
    them, NaN without any.
    """

    row: int
    col: int
    classes: np.ndarray
    probabilities: np.ndarray
    extremes: np.ndarray


def classify(model, image, device="cpu", memory_mib=MEMORY_MIB, wanted=None, window=None, progress=None, what=WHAT):
    """Yield ClassifiedBlocks that cover the image, or a window (row, col, n_rows, n_cols) of it.

    image: an Image opened with the model's axis. wanted: (rows, cols) bool of the whole image, the
    pixels to classify; None all. The blocks' size changes nothing in the result. what: the work in a few
    words, which are reported with the percent done and the time left, within blocks too.
    Raises Cancelled, what reading the image raises, and DependencyError where a network is to be
    applied without torch.
    """
    with memory_given_back(device):
        yield from _classified_blocks(
            model, image, scorer(model, device), memory_mib, wanted, window or (0, 0, *image.shape),
            Paced(progress or Progress(), what),
        )


def _classified_blocks(model, image, score, memory_mib, wanted, window, progress):
    total, done, batch = max(1, _n_asked(window, wanted)), 0, batch_size(model, memory_mib)
    progress.report(0.0)
    for block in blocks(window, model, memory_mib):
        progress.check()
        here = _n_asked(block, wanted)
        part = progress.part(done / total, (done + here) / total)
        yield _classified(model, image, score, block, wanted, batch, part)
        done += here
        progress.report(done / total)


def classify_pixels(model, image, rows, cols, device="cpu", memory_mib=MEMORY_MIB, progress=None, what=WHAT):
    """Classes of some pixels, (n,) places in the model's table, -1 where the image has no data."""
    probabilities = probabilities_at(model, image, rows, cols, device, memory_mib, progress, what)
    known = np.isfinite(probabilities[:, 0])
    return np.where(known, np.argmax(probabilities, axis=1), NO_CLASS)


def probabilities_at(model, image, rows, cols, device="cpu", memory_mib=MEMORY_MIB, progress=None, what=WHAT):
    """Probabilities of some pixels, (n, classes) float32, NaN where the image has no data."""
    rows, cols = np.asarray(rows), np.asarray(cols)
    wanted = np.zeros(image.shape, dtype=bool)
    wanted[rows, cols] = True
    out = np.full((len(rows), len(model.table)), np.nan, dtype=np.float32)
    order = np.argsort(rows)
    for block in classify(model, image, device, memory_mib, wanted, None, progress, what):
        n_rows, n_cols = block.classes.shape
        start, stop = np.searchsorted(rows[order], [block.row, block.row + n_rows])
        here = order[start:stop]
        here = here[(cols[here] >= block.col) & (cols[here] < block.col + n_cols)]
        out[here] = block.probabilities[:, rows[here] - block.row, cols[here] - block.col].T
    return out


def device_for(model, name="auto", told=None):
    """The device to apply a model on: the GPU for a network where torch can use one.

    told: called with a sentence where a GPU is passed over that cannot compute.
    Raises DependencyError for a network without torch, DeviceError.
    """
    if model.settings.variant == "svm":
        return "cpu"
    # Only networks need torch.
    from ...training.device import choose_device

    return choose_device(name, told)


def scorer(model, device="cpu"):
    """(views (n, pixels, bands), check) -> (n, classes) float32 probabilities, for a model.

    Of a support vector machine these are shares of the votes between pairs of classes.
    """
    if model.settings.variant == "svm":
        return _svm_scorer(model)
    # Only networks need torch.
    from ...training.device import import_torch

    import_torch()
    from ..network.network_scores import network_scorer

    return network_scorer(model, device)


def _svm_scorer(model):
    try:
        arrays = dict(model.arrays)
        machine = SupportVectors(gamma=float(arrays.pop("gamma")), **arrays)
        _check_svm(machine, len(model.axis), len(model.table))
    except (KeyError, TypeError) as error:
        raise FormatError(f"The model's support vector machine is not whole ({error}).") from error

    def score(views, check=None):
        probabilities = np.zeros((len(views), len(model.table)), dtype=np.float32)
        probabilities[:, machine.classes] = machine.votes(views[:, 0], check)
        return probabilities

    return score


def _check_svm(machine, n_bands, n_classes):
    n, k = len(machine.vectors), len(machine.classes)
    fits = (
        machine.vectors.shape == (n, n_bands) and machine.mean.shape == (n_bands,)
        and machine.scale.shape == (n_bands,) and machine.weights.shape == (k - 1, n)
        and machine.offsets.shape == (k * (k - 1) // 2,) and machine.counts.shape == (k,)
        and machine.counts.sum() == n and (machine.counts >= 0).all()
        and machine.classes.min(initial=0) >= 0 and machine.classes.max(initial=0) < n_classes
    )
    if not fits:
        raise FormatError("The model's support vectors do not fit its bands and classes.")


def _n_asked(block, wanted):
    """How many of a block's pixels are to be classified."""
    row, col, n_rows, n_cols = block
    return n_rows * n_cols if wanted is None else np.count_nonzero(wanted[row:row + n_rows, col:col + n_cols])


def _classified(model, image, score, block, wanted, batch, progress):
    radius = model.settings.smooth // 2
    row, col, n_rows, n_cols = block
    part = (slice(row, row + n_rows), slice(col, col + n_cols))
    asked = np.ones((n_rows, n_cols), dtype=bool) if wanted is None else wanted[part]
    wide = widened(block, radius, image.shape)
    within = (slice(row - wide[0], row - wide[0] + n_rows), slice(col - wide[1], col - wide[1] + n_cols))
    needed = np.zeros(wide[2:], dtype=bool)
    needed[within] = asked
    needed = grown(needed, radius)
    probabilities, extremes = _probabilities(model, image, score, wide, needed, batch, progress)
    known = np.isfinite(probabilities[(0, *within)]) & asked
    probabilities = window_means(probabilities, radius, progress.check)[(slice(None), *within)]
    probabilities[:, ~known] = np.nan
    classes = np.where(known, np.argmax(probabilities, axis=0), NO_CLASS)
    return ClassifiedBlock(row, col, classes.astype(np.int32), probabilities, extremes)


def _probabilities(model, image, score, block, needed, batch, progress):
    """Of a block's needed pixels: (classes, rows, cols) float32, NaN elsewhere and without data, and the extremes."""
    probabilities = np.full((len(model.table), needed.size), np.nan, dtype=np.float32)
    extremes = np.full((2, image.n_bands), np.nan, dtype=np.float32)
    if needed.any():
        patches = BlockPatches(needed, block[:2], model.settings.patch, image.shape)
        spectra = read_spectra(image, patches.pixels, model.scaling, progress.check)
        extremes[:] = np.fmin.reduce(spectra), np.fmax.reduce(spectra)
        valid = valid_spectra(spectra)
        kept = np.flatnonzero(valid[patches.centres])
        place = np.flatnonzero(needed)[kept]
        for start in range(0, len(place), batch):
            progress.check()
            part = slice(start, start + batch)
            views = patch_views(spectra, patches.index(kept[part], valid), model.weights)
            probabilities[:, place[part]] = score(views, progress.check).T
            progress.report(min(1.0, (start + batch) / len(place)))
    return probabilities.reshape(-1, *needed.shape), extremes
