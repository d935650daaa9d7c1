"""A scene in memory: the cube and which of its samples are valid."""

from dataclasses import dataclass

import numpy as np

from .description import SceneDescription


@dataclass(frozen=True)
class Validity:
    """Which samples of a scene are valid.

    pixels: (rows, cols) bool, the scene's mask: False where a pixel is invalid in most bands.
    bands: (bands,) bool, False for bands without one valid sample.
    exceptions: {band index: (rows, cols) bool}, for each usable band whose own mask differs from
        `pixels`: the whole mask of that band.
    """

    pixels: np.ndarray
    bands: np.ndarray
    exceptions: dict

    def deviates(self, band):
        """Whether a usable band has a mask of its own."""
        return band in self.exceptions

    def of_band(self, band):
        """Valid pixels of one band, (rows, cols) bool."""
        if not self.bands[band]:
            return np.zeros_like(self.pixels)
        return self.exceptions.get(band, self.pixels)


@dataclass(frozen=True)
class Scene:
    """A cube of samples, (bands, rows, cols) in the description's dtype, with its validity."""

    description: SceneDescription
    cube: np.ndarray
    validity: Validity
