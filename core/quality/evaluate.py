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
    """Compare a decoded scene with its original over valid samples (Quality).

    original: has `description` (SceneDescription), `validity` (Validity) and `band(index)`, which
    returns (rows, cols). decoded: called with the 0-based bands that have valid samples, yields
    (band, some of its rows) in the same units, for each band from the first row to the last.

    Raises SceneError where no band can be compared, ParameterError for bands of another shape or
    without numbers, Cancelled.
    """
    progress = progress or Progress()
    bands = np.flatnonzero(original.validity.bands).tolist()
    if not bands:
        raise SceneError(f"{original.description.source}: no band has samples that could be compared.")
    accumulator = QualityAccumulator(original.description, original.validity)
    seconds, done, n_rows = 0.0, 0, len(bands) * original.description.n_rows
    pieces = iter(decoded(bands))
    while True:
        progress.check()
        started = time.perf_counter()
        band, samples = next(pieces, (None, None))
        seconds += time.perf_counter() - started
        if band is None:
            break
        progress.report(min(done / n_rows, 1.0), f"Measuring band {band + 1}")
        accumulator.add(band, original.band(band), samples, progress.check)
        done += len(samples)
    progress.report(1.0, "Measured")
    return accumulator.result(seconds)


def common_validity(first, second, progress=None):
    """The samples that are valid in both of two Validity of one shape, as a Validity. Raises Cancelled."""
    progress = progress or Progress()
    both = (first, first.pixels), (second, second.pixels)
    pixels = both[0][1] & both[1][1]
    bands = first.bands & second.bands
    exceptions = {}
    for band in np.flatnonzero(bands).tolist():
        progress.check()
        # The scenes' own masks, shared by most bands, are unpacked once.
        own, other = (validity.of_band(band) if validity.deviates(band) else mask for validity, mask in both)
        valid = own & other
        bands[band] = valid.any()
        if bands[band] and not np.array_equal(valid, pixels):
            # One mask in memory where the scene's own is kept anyway.
            exceptions[band] = own if np.array_equal(valid, own) else valid
    return Validity(pixels, bands, exceptions)
