"""How far to smooth a map, found on training pixels that are held out for it.

Fields of many pixels gain from smoothing, streets and roofs of one pixel are lost by it: no one
value suits both.
"""

from dataclasses import replace

import numpy as np

from ...errors import ParameterError
from ..labels.splits import spatial_blocks
from ..model.settings import LARGEST_CHOICE
from .prediction import probabilities_at

CHOICES = (1, 3, 5, LARGEST_CHOICE)
NONE_HELD_OUT = (
    "The map is not smoothed: how far is chosen on training pixels that are held out for it, and none of them can be, "
    "since their classes lie in one piece each or too close together. The accuracy's test pixels are not meant."
)
# One pixel that was held impossible must not outweigh a hundred.
_LEAST = 1e-4
# A shorter training tells as well how much neighbours agree.
_SHARE_OF_EPOCHS = 0.7


def choose_smoothing(image, samples, settings, train, device, progress):
    """(side of the window in pixels, notes): the choice by which held-out pixels' own classes are likeliest.

    By the mean logarithm of their probability: which of two choices is right more often is a matter of a
    few pixels among some hundred, and went back and forth with the seed. train: (samples, settings, progress) -> ClassifierModel. Test pixels are never looked at.
    """
    margin = settings.radius + max(CHOICES) // 2
    try:
        split = spatial_blocks(samples, margin, seed=settings.seed, check=progress.check)
    except ParameterError:
        # Its own words advise on test samples, which have nothing to do with this.
        return 1, (NONE_HELD_OUT,)
    try:
        epochs = max(1, round(_SHARE_OF_EPOCHS * settings.epochs))
        trial = replace(settings, smooth=1, epochs=epochs, isi=False)
        model = train(samples.select(split.train), trial, progress.part(0.0, 0.7))
    except ParameterError as error:
        return 1, (f"The map is not smoothed, since that could not be tried: {error}",)
    held = samples.select(split.test)
    found = []
    for place, side in enumerate(CHOICES):
        part = progress.part(0.7 + 0.3 * place / len(CHOICES), 0.7 + 0.3 * (place + 1) / len(CHOICES))
        smoothed = replace(model, settings=replace(model.settings, smooth=side))
        found.append(_fit(smoothed, image, held, device, part))
    best = CHOICES[int(np.argmax([likelihood for likelihood, _ in found]))]
    right = ", ".join(f"{side}: {100 * share:.1f} %" for side, (_, share) in zip(CHOICES, found))
    return best, (
        f"Smoothing over {best} pixels makes the classes of held-out training blocks likeliest (right: {right}).",
    )


def _fit(model, image, held, device, progress):
    """(mean logarithm of the probability of the held samples' own classes, share right)"""
    probabilities = probabilities_at(
        model, image, held.rows, held.cols, device, progress=progress, what="Choosing the smoothing"
    )
    known = np.isfinite(probabilities[:, 0])
    if not known.any():
        return -np.inf, 0.0
    probabilities, classes = probabilities[known], held.classes[known]
    own = np.maximum(probabilities[np.arange(len(classes)), classes], _LEAST)
    return float(np.log(own).mean()), float(np.mean(probabilities.argmax(axis=1) == classes))
