"""A trained classifier: all that is needed to apply it to an image."""

from dataclasses import dataclass, field

import numpy as np

from ..imagery.band_match import BandAxis
from ..imagery.patches import windows_of
from ..imagery.spectra import Scaling
from .settings import Settings


@dataclass(frozen=True)
class ClassifierModel:
    """A classifier with its classes and bands.

    settings: Settings it was trained with. table: LandCover classes. axis: BandAxis of its bands.
    low, high: (bands,) values that become 0 and 1. arrays: {name: array}, the network's state or
    the support vectors. figures: JSON-able, of the training.
    """

    settings: Settings
    table: tuple
    axis: BandAxis
    low: np.ndarray
    high: np.ndarray
    arrays: dict
    figures: dict = field(default_factory=dict)

    @property
    def scaling(self):
        return Scaling(self.low, self.high)

    @property
    def weights(self):
        """Those of `patch_views`: of the window means that the classifier sees, or None."""
        return view_weights(self.settings)


def view_weights(settings):
    """(n_views, patch * patch) means over windows, or None where the raw pixels are seen."""
    if settings.variant == "svm":
        return windows_of(settings.patch, [settings.patch])
    return windows_of(settings.patch, settings.scales) if settings.scales else None


def n_views(settings):
    """Pixels or window means that a patch brings to the classifier."""
    weights = view_weights(settings)
    return settings.patch**2 if weights is None else len(weights)
