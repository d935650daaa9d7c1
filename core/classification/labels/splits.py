"""Which labelled pixels train and which test, without one leaking into the other.

Neighbouring pixels are nearly copies, and a patch holds its neighbours: a test pixel near a
training pixel has been seen. Distances are the larger of those in rows and columns, as patches are.
"""

from dataclasses import dataclass

import numpy as np

from ...errors import ParameterError
from .legend import listed
from .neighbours import grown
from .samples import UNGROUPED
from .unit_choice import chosen_units

RANDOM_WARNING = (
    "The test pixels were drawn at random among all labelled ones: most have training pixels as "
    "neighbours, and the accuracy is higher than it will be elsewhere. It compares with no other figure."
)

# With more, larger blocks that were found before are good enough: trying on would take its time.
_MOST_BLOCKS = 4096


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
    if not len(kept):
        raise ParameterError("Every training pixel is a test pixel too; give other test samples.")
    return kept, tuple(_notes_of_given(train, kept, test))


def _notes_of_given(train, kept, test):
    shared = len(train) - len(kept)
    if shared:
        yield f"{shared} training pixels are test pixels too and were not trained on."
    n_train, n_test = np.bincount(train.classes[kept], minlength=len(train.table)), test.counts()
    untested = [entry.name for entry, own, other in zip(train.table, n_train, n_test) if own and not other]
    if untested:
        yield (
            f"The test samples lack these classes: {listed(untested)}. None of their pixels are tested, and AA is the "
            "mean over the other classes."
        )


def spatial_blocks(samples, margin, share=0.3, seed=0, block=None, check=None):
    """Hold out whole square blocks of the window that the samples lie in.

    margin: no training pixel lies this near (pixels) to a test pixel; those that would are used for
    neither. share: wished part of each class for testing. block: its side in pixels, by default an
    eighth of the window and at least four margins; where such blocks do not both train and test all
    classes, smaller ones are tried, down to four margins, and taken if they do so for more classes.
    `check` is called now and then and may raise to end the choice.
    Raises ParameterError where no block can be held out.
    """
    _check_share(share)
    rows, cols = samples.rows - samples.rows.min(), samples.cols - samples.cols.min()
    size = int(max(rows.max(), cols.max())) + 1
    found, reason = [], None
    for side in [block] if block else _sides(size, margin):
        units = (rows // side) * size + cols // side
        if found and len(np.unique(units)) > _MOST_BLOCKS:
            break
        method = f"blocks of {side} x {side} pixels held out, {margin} pixels of margin"
        try:
            found.append(_hold_out(samples, units, margin, share, seed, method, check))
        except ParameterError as error:
            reason = error
            continue
        if _classes_on_both_sides(samples, found[-1]) == len(np.unique(samples.classes)):
            break
    if not found:
        raise reason
    return max(found, key=lambda split: _classes_on_both_sides(samples, split))


def whole_groups(samples, margin, share=0.3, seed=0, check=None):
    """Hold out whole polygons (the samples' groups); arguments as for `spatial_blocks`."""
    _check_share(share)
    if (samples.groups == UNGROUPED).all():
        raise ParameterError("The samples have no polygons to hold out; split by blocks.")
    method = f"whole polygons held out, {margin} pixels of margin"
    return _hold_out(samples, samples.groups, margin, share, seed, method, check)


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
    return grown(_mask(rows, cols, shape), margin)


def _sides(size, margin):
    """Sides of blocks to try for samples in a window of `size` pixels, the largest first."""
    least = max(4 * margin, 1)
    side = max(least, -(-size // 8))
    while side > least:
        yield side
        side = max(least, side // 2)
    yield side


def _classes_on_both_sides(samples, split):
    return len(np.intersect1d(samples.classes[split.train], samples.classes[split.test]))


def _hold_out(samples, units, margin, share, seed, method, check):
    tested = np.isin(units, chosen_units(samples.classes, units, len(samples.table), share, seed, check))
    if not tested.any():
        raise ParameterError(
            "No part can be held out: every class lies in one piece. Give test samples of their own."
        )
    trained = ~tested & ~_near_some(samples, tested, margin)
    if not trained.any():
        raise ParameterError(
            "Holding out leaves no training pixel outside the margin; choose a smaller patch."
        )
    if len(np.unique(samples.classes[trained])) < min(2, len(np.unique(samples.classes))):
        raise ParameterError("Holding out leaves training pixels of one class only.")
    train, test = np.flatnonzero(trained), np.flatnonzero(tested)
    return Split(train, test, method, tuple(_warnings(samples, train, test)))


def _near_some(samples, chosen, margin):
    """(n,) bool: the samples within `margin` of some chosen ones, in the samples' window alone."""
    rows, cols = samples.rows - samples.rows.min(), samples.cols - samples.cols.min()
    shape = int(rows.max()) + 1, int(cols.max()) + 1
    return near(rows[chosen], cols[chosen], shape, margin)[rows, cols]


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
