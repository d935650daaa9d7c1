"""The figures of a whole scene, fed band by band."""

import numpy as np

from ..errors import ParameterError
from .metrics import ErrorSums, psnr, value_range
from .quality import Quality
from .spectral_angle import SpectralAngles
from .ssim import RADIUS, ssim_map

# Pixels worked on at once: a few megabytes of float64, and short enough to cancel in between.
STRIP_PIXELS = 200_000


class QualityAccumulator:
    """Measures a decoded scene against its original, one band after the other.

    description: SceneDescription; validity: Validity, the samples that count. Besides the band at
    hand it keeps four arrays of one band's size, for the spectral angles.
    """

    def __init__(self, description, validity):
        self._description, self._validity = description, validity
        self._shape = (description.n_rows, description.n_cols)
        self._angles = SpectralAngles(self._shape)
        self._sums = {}
        self._ranges = {}
        self._ssim = {}

    def add(self, band, original, decoded, check=None):
        """Take in the 0-based band `band`, (rows, cols) each; `check` may raise to end the work.

        Raises ParameterError for arrays of another shape and for decoded values that are no
        numbers where the original is valid.
        """
        original, decoded = np.asarray(original), np.asarray(decoded)
        if original.shape != self._shape or decoded.shape != self._shape:
            raise ParameterError(
                f"Band {band + 1} has {_size(original.shape)} pixels originally and "
                f"{_size(decoded.shape)} decoded, but the scene {_size(self._shape)}. "
                "Compare the file with the raster that it was made from."
            )
        valid = self._validity.of_band(band)
        self._check_numbers(band, decoded, valid)
        data_range = value_range(original, valid)
        sums, total_ssim = ErrorSums(), 0.0
        for rows in self._strips():
            if check is not None:
                check()
            sums += ErrorSums.of(original[rows], decoded[rows], valid[rows])
            self._angles.add(rows, original[rows], decoded[rows], valid[rows])
            total_ssim += self._strip_ssim(rows, original, decoded, valid, data_range)
        self._sums[band], self._ranges[band] = sums, data_range
        self._ssim[band] = total_ssim / sums.count if sums.count else np.nan

    def result(self, decode_seconds=0.0):
        """The figures of the bands taken in so far (Quality); the others' are NaN."""
        sums, ranges = self._sums, self._ranges
        usable = np.zeros(self._description.n_bands, dtype=bool)
        usable[list(sums)] = True
        return Quality(
            wavelengths=self._description.wavelengths,
            usable=usable,
            ranges=self._column(ranges),
            psnr=self._column({b: psnr(s.rmse, ranges[b]) for b, s in sums.items()}),
            rmse=self._column({b: s.rmse for b, s in sums.items()}),
            max_error=self._column({b: s.max_error for b, s in sums.items()}),
            bias=self._column({b: s.bias for b, s in sums.items()}),
            ssim=self._column(self._ssim),
            cam=self._column({b: s.content_angle for b, s in sums.items()}),
            sam_map=self._angles.degrees(),
            n_compared=sum(s.count for s in sums.values()),
            decode_seconds=decode_seconds,
        )

    def _column(self, values):
        column = np.full(self._description.n_bands, np.nan)
        for band, value in values.items():
            column[band] = value
        return column

    def _strips(self):
        n_rows, n_cols = self._shape
        height = max(1, STRIP_PIXELS // n_cols)
        for start in range(0, n_rows, height):
            yield slice(start, min(start + height, n_rows))

    def _strip_ssim(self, rows, original, decoded, valid, data_range):
        """Sum of SSIM over the strip's valid pixels; windows reach into the rows around it."""
        start = max(0, rows.start - RADIUS)
        around = slice(start, rows.stop + RADIUS)
        ssim = ssim_map(original[around], decoded[around], valid[around], data_range)
        inner = slice(rows.start - start, rows.stop - start)
        return float(ssim[inner][valid[rows]].sum())

    def _check_numbers(self, band, decoded, valid):
        if decoded.dtype.kind != "f":
            return
        lost = int(np.count_nonzero(~np.isfinite(decoded) & valid))
        if lost:
            raise ParameterError(
                f"Band {band + 1} decodes to NaN or infinity at {lost} pixels that are valid in the "
                "original. Compare valid samples only, or compress the raster again."
            )


def _size(shape):
    return "x".join(str(side) for side in shape)
