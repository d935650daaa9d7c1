"""Measuring a decoded scene against its original."""

import time

import numpy as np

from ..errors import SceneError
from ..progress import Progress
from ..scene.scene import Validity
from .accumulator import QualityAccumulator


class SceneBands:
    """A Scene seen as an original to compare with; `validity` may narrow what counts."""

    def __init__(self, scene, validity=None):
        self._cube = scene.cube
        self.description = scene.description
        self.validity = scene.validity if validity is None else validity

    def band(self, band):
        """The samples of a 0-based band, (rows, cols) in the original dtype."""
        return self._cube[band]


def evaluate(original, decoded, progress=None):
    """Compare a decoded scene with its original over valid samples, band by band (Quality).

    original: has `description` (SceneDescription), `validity` (Validity) and `band(index)`, which
    returns (rows, cols). decoded: called with a 0-based band, returns (rows, cols) in the same
    units. Only bands with valid samples are asked for, each once.

    Raises SceneError where no band can be compared, ParameterError for bands of another shape or
    without numbers, Cancelled.
    """
    progress = progress or Progress()
    bands = np.flatnonzero(original.validity.bands)
    if not bands.size:
        raise SceneError(f"{original.description.source}: no band has samples that could be compared.")
    accumulator = QualityAccumulator(original.description, original.validity)
    seconds = 0.0
    for done, band in enumerate(bands):
        progress.check()
        progress.report(done / bands.size, f"Measuring band {band + 1}")
        started = time.perf_counter()
        samples = decoded(int(band))
        seconds += time.perf_counter() - started
        accumulator.add(int(band), original.band(int(band)), samples, progress.check)
    progress.report(1.0, "Measured")
    return accumulator.result(seconds)


def common_validity(first, second):
    """The samples that are valid in both of two Validity of one shape, as a Validity."""
    pixels = first.pixels & second.pixels
    bands = first.bands & second.bands
    exceptions = {}
    for band in np.flatnonzero(bands):
        valid = first.of_band(band) & second.of_band(band)
        bands[band] = valid.any()
        if bands[band] and not np.array_equal(valid, pixels):
            exceptions[int(band)] = valid
    return Validity(pixels, bands, exceptions)
