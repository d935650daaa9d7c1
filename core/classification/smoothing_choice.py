"""How far to smooth a map, found on training pixels that are held out for it.

Fields of many pixels gain from smoothing, streets and roofs of one pixel are lost by it: no one
value suits both.
"""

from dataclasses import replace

import numpy as np

from ..errors import ParameterError
from .prediction import NO_CLASS, classify_pixels
from .settings import LARGEST_CHOICE
from .splits import spatial_blocks

CHOICES = (1, 3, 5, LARGEST_CHOICE)
NONE_HELD_OUT = (
    "The map is not smoothed: how far is chosen on training pixels that are held out for it, and none of them can be, "
    "since their classes lie in one piece each or too close together. The accuracy's test pixels are not meant."
)
# A shorter training tells as well how much neighbours agree.
_SHARE_OF_EPOCHS = 0.7


def choose_smoothing(image, samples, settings, train, device, progress):
    """(side of the window in pixels, notes): the choice that is right most often on held-out blocks.

    train: (samples, settings, progress) -> ClassifierModel. Test pixels are never looked at.
    """
    margin = settings.radius + max(CHOICES) // 2
    try:
        split = spatial_blocks(samples, margin, seed=settings.seed)
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
    shares = []
    for place, side in enumerate(CHOICES):
        part = progress.part(0.7 + 0.3 * place / len(CHOICES), 0.7 + 0.3 * (place + 1) / len(CHOICES))
        smoothed = replace(model, settings=replace(model.settings, smooth=side))
        predicted = classify_pixels(smoothed, image, held.rows, held.cols, device, progress=part)
        known = predicted != NO_CLASS
        shares.append(float(np.mean(predicted[known] == held.classes[known])) if known.any() else 0.0)
    best = CHOICES[int(np.argmax(shares))]
    tried = ", ".join(f"{side}: {100 * share:.1f} %" for side, share in zip(CHOICES, shares))
    return best, (f"Smoothing over {best} pixels was chosen on held-out training blocks ({tried}).",)
