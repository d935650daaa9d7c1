"""Which labelled pixels train and which test, without one leaking into the other.

Neighbouring pixels are nearly copies, and a patch holds its neighbours: a test pixel near a
training pixel has been seen. Distances are the larger of those in rows and columns, as patches are.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import ParameterError
from .samples import UNGROUPED

RANDOM_WARNING = (
    "The test pixels were drawn at random among all labelled ones: most have training pixels as "
    "neighbours, and the accuracy is higher than it will be elsewhere. It compares with no other figure."
)


@dataclass(frozen=True)
class Split:
    """train, test: places in the samples they were made of, (n,) each. warnings: for the report."""

    train: np.ndarray
    test: np.ndarray
    method: str
    warnings: tuple[str, ...] = ()


def fixed(train, test, shape):
    """The training samples to keep beside given test samples: places in `train`.

    Returns (places, notes): training pixels that are test pixels too are left out.
    """
    tested = _mask(test.rows, test.cols, shape)
    kept = np.flatnonzero(~tested[train.rows, train.cols])
    shared = len(train) - len(kept)
    notes = (f"{shared} training pixels are test pixels too and were not trained on.",) if shared else ()
    if not len(kept):
        raise ParameterError("Every training pixel is a test pixel too; give other test samples.")
    return kept, notes


def spatial_blocks(samples, shape, margin, share=0.3, seed=0, block=None):
    """Hold out whole square blocks of the image.

    shape: (rows, cols) of the image. margin: no training pixel lies this near (pixels) to a test
    pixel; those that would are used for neither. share: wished part of each class for testing.
    block: its side in pixels, by default an eighth of the image and at least four margins.
    Raises ParameterError where no block can be held out.
    """
    _check_share(share)
    block = block or max(4 * margin, -(-max(shape) // 8), 1)
    per_row = -(-shape[1] // block)
    units = (samples.rows // block) * per_row + samples.cols // block
    method = f"blocks of {block} x {block} pixels held out, {margin} pixels of margin"
    return _hold_out(samples, shape, units, margin, share, seed, method)


def whole_groups(samples, shape, margin, share=0.3, seed=0):
    """Hold out whole polygons (the samples' groups); arguments as for `spatial_blocks`."""
    _check_share(share)
    if (samples.groups == UNGROUPED).all():
        raise ParameterError("The samples have no polygons to hold out; split by blocks.")
    method = f"whole polygons held out, {margin} pixels of margin"
    return _hold_out(samples, shape, samples.groups, margin, share, seed, method)


def random_pixels(samples, share=0.3, seed=0):
    """Hold out single pixels of each class at random; the split warns of itself."""
    _check_share(share)
    random = np.random.default_rng(seed)
    tested = np.zeros(len(samples), dtype=bool)
    for place in range(len(samples.table)):
        own = random.permutation(np.flatnonzero(samples.classes == place))
        tested[own[:int(round(share * len(own)))]] = True
    if not tested.any() or tested.all():
        raise ParameterError("There are too few labelled pixels to hold some out.")
    return Split(np.flatnonzero(~tested), np.flatnonzero(tested), "random pixels", (RANDOM_WARNING,))


def near(rows, cols, shape, margin):
    """(rows, cols) bool: pixels within `margin` of some of the given ones, in rows and columns."""
    marked = _mask(rows, cols, shape)
    for axis in (0, 1):
        sums = np.cumsum(marked, axis=axis, dtype=np.int64)
        sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis=axis)
        places = np.arange(shape[axis])
        last = np.minimum(places + margin + 1, shape[axis])
        first = np.maximum(places - margin, 0)
        marked = sums.take(last, axis) > sums.take(first, axis)
    return marked


def _hold_out(samples, shape, units, margin, share, seed, method):
    tested = np.isin(units, _chosen_units(samples, units, share, seed))
    if not tested.any():
        raise ParameterError(
            "No part can be held out: every class lies in one piece. Give test samples of their own."
        )
    close = near(samples.rows[tested], samples.cols[tested], shape, margin)
    trained = ~tested & ~close[samples.rows, samples.cols]
    if not trained.any():
        raise ParameterError(
            "Holding out leaves no training pixel outside the margin; choose a smaller patch."
        )
    train, test = np.flatnonzero(trained), np.flatnonzero(tested)
    return Split(train, test, method, tuple(_warnings(samples, train, test)))


def _chosen_units(samples, units, share, seed):
    """Units to test on: for the class that lacks most, one that leaves every class most of its own."""
    names, units = np.unique(units, return_inverse=True)
    table = np.zeros((len(names), len(samples.table)), dtype=np.int64)
    np.add.at(table, (units.ravel(), samples.classes), 1)
    total, held = table.sum(axis=0), np.zeros(table.shape[1], dtype=np.int64)
    most = np.maximum(share * total, np.floor(0.5 * total))
    left = list(np.random.default_rng(seed).permutation(len(names)))
    chosen, wanting = [], [place for place in range(len(total)) if total[place]]
    while wanting:
        lack = share - held[wanting] / total[wanting]
        place = wanting[int(np.argmax(lack))]
        fitting = [u for u in left if table[u, place] and (held + table[u] <= most).all()]
        if lack.max() <= 0 or not fitting:
            wanting.remove(place)
            continue
        # The unit that comes nearest to the share, so that small wishes take small units.
        best = min(fitting, key=lambda u: abs(held[place] + table[u, place] - share * total[place]))
        held += table[best]
        chosen.append(names[best])
        left.remove(best)
    return chosen


def _warnings(samples, train, test):
    trained = np.bincount(samples.classes[train], minlength=len(samples.table))
    tested = np.bincount(samples.classes[test], minlength=len(samples.table))
    for entry, n_train, n_test, total in zip(samples.table, trained, tested, samples.counts()):
        if total and not n_test:
            yield f"The class '{entry.name}' lies in one piece: none of its pixels are tested."
        elif total and not n_train:
            yield f"The class '{entry.name}' has no training pixel left outside the margin."
    unused = len(samples) - len(train) - len(test)
    if unused:
        yield f"{unused} labelled pixels lie within the margin and are neither trained on nor tested."


def _mask(rows, cols, shape):
    mask = np.zeros(shape, dtype=bool)
    mask[rows, cols] = True
    return mask


def _check_share(share):
    if not 0 < share < 1:
        raise ParameterError(f"The share held out is {share}; it must lie between 0 and 1.")
