"""Which samples train and which test, as asked for or as the samples allow."""

from dataclasses import dataclass, replace
from typing import Optional

from ...errors import ParameterError
from .samples import UNGROUPED, Samples
from .splits import fixed, random_pixels, spatial_blocks, whole_groups

# Share of the blocks' training pixels that whole polygons must leave to be preferred.
WORTH_KEEPING = 0.75
METHODS = ("auto", "polygons", "blocks", "random", "none")
FIXED = "test samples of their own"
NOT_TESTED = "No accuracy was measured: {reason}"
NEAR_WARNING = (
    "The test samples were given: whether some lie beside training samples, where the accuracy is higher "
    "than elsewhere, is not looked at."
)


@dataclass(frozen=True)
class HeldOut:
    """train: Samples. test: Samples, or None. method: how they were parted. warnings: for the report."""

    train: Samples
    test: Optional[Samples]
    method: str
    warnings: tuple


def hold_out(samples, shape, settings, test=None, method="auto", check=None):
    """Part samples of an image, shape (rows, cols), into training and test (HeldOut).

    test: Samples that were given for testing; then no others are held out. method: one of `METHODS`;
    'auto' holds out whole polygons where there are some, blocks where there are none or where the polygons
    lie so close that their margins would leave fewer classes or far fewer pixels to train on, else nothing.
    `check` is called now and then and may raise to end the choice.
    Raises ParameterError for a method that the samples do not allow.
    """
    if method not in METHODS:
        raise ParameterError(f"The split {method!r} is none of {', '.join(METHODS)}.")
    if test is not None:
        kept, notes = fixed(samples, test, shape)
        left_out = [f"Of the test samples: {note}" for note in test.notes]
        return HeldOut(samples.select(kept), test, FIXED, (*notes, *left_out, NEAR_WARNING))
    if method == "auto":
        return _automatic(samples, settings, check)
    if method == "none":
        return _untested(samples, "all samples are trained on, as asked for.")
    return _parted(samples, _SPLITS[method](samples, settings, check))


def _blocks(samples, settings, check):
    return spatial_blocks(samples, settings.reach, seed=settings.seed, check=check)


def _polygons(samples, settings, check):
    if (samples.groups == UNGROUPED).any() and not (samples.groups == UNGROUPED).all():
        # Points among polygons are parts of their own.
        groups = samples.groups.copy()
        points = groups == UNGROUPED
        groups[points] = groups.max() + 1 + range(int(points.sum()))
        samples = replace(samples, groups=groups)
    return whole_groups(samples, settings.reach, seed=settings.seed, check=check)


def _random(samples, settings, _check):
    return random_pixels(samples, seed=settings.seed)


_SPLITS = {"polygons": _polygons, "blocks": _blocks, "random": _random}


def _automatic(samples, settings, check):
    has_polygons = (samples.groups != UNGROUPED).any()
    reasons, held = [], []
    for method in ("polygons", "blocks") if has_polygons else ("blocks",):
        try:
            held.append(_parted(samples, _SPLITS[method](samples, settings, check)))
        except ParameterError as error:
            reasons.append(str(error))
    if not held:
        return _untested(samples, reasons[-1])
    best = max(held, key=_worth)
    # Blocks only where polygons lie so close that their margins leave little to train on.
    return held[0] if _worth(held[0]) >= (_worth(best)[0], WORTH_KEEPING * _worth(best)[1]) else best


def _worth(held):
    """(classes both trained and tested, training pixels)"""
    train = held.train.counts()
    return int(((train > 0) & (held.test.counts() > 0)).sum()), int(train.sum())


def _parted(samples, split):
    return HeldOut(
        samples.select(split.train), replace(samples.select(split.test), notes=()), split.method, split.warnings
    )


def _untested(samples, reason):
    return HeldOut(samples, None, "nothing held out", (NOT_TESTED.format(reason=reason),))
