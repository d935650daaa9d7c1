"""The figures of a whole scene, fed with rows of its bands."""

import numpy as np

from ..errors import ParameterError
from ..parallel import mapped
from .band_rows import BandRows
from .metrics import psnr, value_range
from .quality import Quality
from .spectral_angle import SpectralAngles


class QualityAccumulator:
    """Measures a decoded scene against its original.

    description: SceneDescription; validity: Validity, the samples that count. Besides the rows at hand it keeps four
    arrays of one band's size, for the spectral angles, and of each band that was begun the rows of a strip.
    """

    def __init__(self, description, validity):
        self._description, self._validity = description, validity
        self._shape = (description.n_rows, description.n_cols)
        self._angles = SpectralAngles(self._shape)
        self._bands = {}

    def add(self, band, original, decoded, check=None):
        """Take in the next rows of the 0-based band `band`, all of them or some; `check` may raise to end the work.

        original: the whole band, (rows, cols); decoded: (n, cols), the rows behind those that came before. Strips
        are measured alike however the rows are cut; a pixel's bands count in the order in which they come.

        Raises ParameterError for arrays of another shape and for decoded values that are no
        numbers where the original is valid.
        """
        self.add_all([(band, original, decoded)], check)

    def add_all(self, pieces, check=None):
        """`add` of some (band, original, decoded), several at once, none of a band twice."""
        pieces = [(band, np.asarray(original), np.asarray(decoded)) for band, original, decoded in pieces]
        measured = mapped(lambda piece: self._measured(*piece, check), pieces)
        # One after the other: the sums of a pixel hang on the order.
        for (_, original, _), (valid, strips) in zip(pieces, measured):
            for rows, strip in strips:
                self._angles.add(rows, original[rows], strip, valid[rows])

    def _measured(self, band, original, decoded, check):
        """(valid, [(rows, decoded) of each strip]) of a piece whose strips are measured."""
        valid = self._validity.of_band(band)
        so_far = self._bands.get(band)
        first = so_far.n_rows if so_far else 0
        if original.shape != self._shape or decoded.shape[1:] != self._shape[1:] or first + len(decoded) > self._shape[0]:
            raise self._misshapen(band, original.shape, (first + len(decoded), *decoded.shape[1:]))
        self._check_numbers(band, decoded, valid[first : first + len(decoded)])
        if so_far is None:
            so_far = self._bands[band] = BandRows(value_range(original, valid))
        so_far.take(decoded)
        return valid, list(so_far.strips(original, valid, check))

    def result(self, decode_seconds=0.0):
        """The figures of the bands taken in (Quality), the others' are NaN; raises ParameterError for bands that lack rows."""
        for band, measured in self._bands.items():
            if measured.measured < self._shape[0]:
                raise self._misshapen(band, self._shape, (measured.n_rows, self._shape[1]))
        sums = {band: measured.sums for band, measured in self._bands.items()}
        ranges = {band: measured.data_range for band, measured in self._bands.items()}
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
            ssim=self._column({b: m.ssim / m.sums.count for b, m in self._bands.items() if m.sums.count}),
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

    def _misshapen(self, band, original, decoded):
        return ParameterError(
            f"Band {band + 1} has {_size(original)} pixels originally and {_size(decoded)} decoded, but the scene "
            f"{_size(self._shape)}. Compare the file with the raster that it was made from."
        )

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
