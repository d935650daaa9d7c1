"""Coding a scene at one step after another, and measuring what comes of it."""

import math

import numpy as np

from ...errors import SceneError
from ...products import product
from ...quality import metrics
from . import correction_streams, fill, residues, units
from .band_samples import BandSamples
from .course import Course
from .decoder import COARSEST_STEP, FINEST_STEP
from .scene_encoder import SceneEncoder
from .shipped import CURRENT, context_model


def parameters_of(n_planes, number, shifts):
    """What the header says of the method."""
    return {"planes": int(n_planes), "step": int(number), "shifts": [int(s) for s in shifts], "model": CURRENT}


class Trial:
    """The scene at the step of a number: `encode`, then `psnr`, `correction_bits` or `corrections`.

    bands: indices of those to code; tries: how many steps will be tried, about.
    """

    def __init__(self, subject, bands, progress, tries):
        self._scene, self._bands, self._progress = subject.scene, bands, progress
        self._course = Course(progress.part(0.1, 1.0), tries)
        self._statistics, self._of_band = subject.statistics, subject.kept_validity().of_band
        self._offset, self.scale = self._units(bands)
        self._model = context_model()
        stored = [self._without_holes(band) for band in bands]
        samples = BandSamples(stored, self._offset, self.scale, progress.check)
        self._encoder = SceneEncoder(samples, self._scene.validity.pixels, self._model, progress.check)

    def _units(self, bands):
        offset, scale = units.offset_and_scale(self._statistics, bands)
        kind = np.dtype(self._scene.description.dtype)
        if kind.kind == "f" and not scale <= float(np.finfo(kind).max):
            raise SceneError(
                f"{self._scene.description.source}: values range over {scale:g} from {offset:g} on, too far to be coded "
                f"in their type. Declare the outermost as nodata, or choose the method 'hiner'."
            )
        return offset, scale

    def _without_holes(self, band):
        """The band, (rows, cols), in the scene's data type, smooth where it is invalid."""
        stored, valid = self._scene.cube[band], self._of_band(band)
        if valid.all():
            return stored
        self._progress.check()
        smooth = fill.filled(stored, valid)
        return (smooth if stored.dtype.kind == "f" else np.rint(smooth)).astype(stored.dtype)

    def forecast(self, near):
        """What steps around that number are expected to give (Forecast)."""
        return self._encoder.forecast(near)

    def encode(self, number):
        """(section, parameters) at the step of that number."""
        self._course.begin()
        self._course.report(0.0)
        self._matrix = self._planes = None
        section, n_planes, shifts, self._matrix, self._planes = self._encoder.encode(number, self._course.report)
        return section, parameters_of(n_planes, number, shifts)

    @property
    def n_samples(self):
        """Of the bands to code, invalid ones too."""
        return len(self._bands) * self._scene.validity.pixels.size

    @property
    def bounds(self):
        """(coarsest, finest) number of a step that the scene can be coded with."""
        return COARSEST_STEP, min(FINEST_STEP, max(self._encoder.finest, COARSEST_STEP))

    def is_exact(self):
        """Whether what was coded last gives every valid sample back as it was; of floating point data it is not asked."""
        if np.dtype(self._scene.description.dtype).kind == "f":
            return False
        return all(self._is_exact(i) for i in range(len(self._bands)))

    def _is_exact(self, i):
        valid = self._of_band(self._bands[i])
        return np.array_equal(np.rint(self._decoded(i)[valid]), self._scene.cube[self._bands[i]][valid])

    def psnr(self):
        """Mean over the bands in dB of what was coded last, as the file will be measured."""
        figures, whole = [], np.dtype(self._scene.description.dtype).kind != "f"
        for i, band in enumerate(self._bands):
            valid = self._of_band(band)
            low, high = self._statistics.minimum[band], self._statistics.maximum[band]
            decoded = np.clip(self._decoded(i)[valid], low, high)
            decoded = np.rint(decoded) if whole else decoded
            rmse = math.sqrt(((decoded - self._scene.cube[band][valid]) ** 2).mean())
            figures.append(metrics.psnr(rmse, high - low))
        return metrics.mean_psnr(figures)

    def correction_bits(self, step):
        """About how many bits corrections of that step take behind what was coded last; infinite where they cannot be."""
        return sum(correction_streams.bits(part, self._model) for part in self._corrections(step))

    def corrections(self, step):
        """The section of corrections of that step, behind what was coded last."""
        return correction_streams.pack(self._corrections(step), self._scene.cube.shape[1:], self._model)

    def residues(self, n_bits):
        """The section of residues, so many bits of each whole number; zeros where it is invalid."""
        bands = (np.where(self._of_band(band), self._scene.cube[band], 0) for band in self._bands)
        return residues.pack(bands, n_bits, self._scene.cube.shape[1:])

    def _corrections(self, step):
        """Whole multiples of the step that the bands lack, a group of bands after the other."""
        for first in range(0, len(self._bands), correction_streams.GROUP):
            self._progress.check()
            group = range(first, min(first + correction_streams.GROUP, len(self._bands)))
            out = np.zeros((len(group), *self._scene.cube.shape[1:]), np.int32)
            for place, i in zip(out, group):
                band = self._bands[i]
                lack = np.rint((self._scene.cube[band] - self._decoded(i)) / step)
                place[...] = np.where(self._of_band(band), lack, 0)
            yield out

    def _decoded(self, i):
        """The band of that place in the list as decoded, unrounded, (rows, cols) float64."""
        row = self._matrix[i].astype(np.float32)
        coded = (product(row[None, 1:], self._planes)[0] + row[0]).astype(np.float64)
        return (coded * self.scale + self._offset).reshape(self._scene.cube.shape[1:])
