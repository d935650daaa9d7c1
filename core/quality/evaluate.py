"""Measuring a decoded scene against its original."""

import time

import numpy as np

from ..errors import SceneError
from ..parallel import threads
from ..progress import Progress
from ..scene.scene import Validity
from .accumulator import QualityAccumulator

AT_ONCE_BYTES = 128 << 20
"""For what measuring several bands at once takes in memory."""
BYTES_A_PIXEL = 16
"""Of a band that is measured: its own samples, those of its valid pixels, masks."""


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
    done, n_rows = 0, len(bands) * original.description.n_rows
    pieces = _Timed(decoded(bands), progress.check)
    # Several bands at once, in threads, as far as memory allows; their pieces come one after the other.
    most = min(threads(), max(1, AT_ONCE_BYTES // (BYTES_A_PIXEL * original.validity.pixels.size)))
    for some in _of_different_bands(pieces, most):
        progress.report(min(done / n_rows, 1.0), f"Measuring band {some[0][0] + 1}")
        accumulator.add_all([(band, original.band(band), samples) for band, samples in some], progress.check)
        done += sum(len(samples) for _, samples in some)
    progress.report(1.0, "Measured")
    return accumulator.result(pieces.seconds)


class _Timed:
    """The items of an iterable, and how long they took to come."""

    def __init__(self, items, check):
        self._items, self._check, self.seconds = iter(items), check, 0.0

    def __iter__(self):
        while True:
            self._check()
            started = time.perf_counter()
            item = next(self._items, None)
            self.seconds += time.perf_counter() - started
            if item is None:
                return
            yield item


def _of_different_bands(pieces, most):
    """Lists of up to `most` pieces (band, rows) that follow each other, none of a band twice."""
    some = []
    for band, rows in pieces:
        if any(band == other for other, _ in some):
            yield some
            some = []
        some.append((band, rows))
        if len(some) == most:
            yield some
            some = []
    if some:
        yield some


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
