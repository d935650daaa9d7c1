"""Decoding bands and wavelengths between them from a HINER file, in NumPy."""

import numpy as np

from ...errors import FormatError, ParameterError
from ...network import numpy_network
from ..contract import BandDecoder
from . import weights
from .settings import architecture_from

# Ranges above this are computed in double precision, since a range is up to twice a float32.
LARGEST_SINGLE = 1e37


class HinerDecoder(BandDecoder):
    """A network read from a file; `run` decodes one embedding at rows x cols into [0, 1]."""

    def __init__(self, header, section):
        try:
            self._architecture = architecture_from(header.parameters)
            bits = header.parameters["bits"]
        except (ParameterError, KeyError, TypeError, ValueError) as error:
            raise FormatError(f"The file describes no network that can be ({error}).") from error
        _check(header, self._architecture, bits)
        self._units = header.units
        self._minimum = header.statistics.minimum.astype(np.float64)
        self._range = header.statistics.maximum.astype(np.float64) - self._minimum
        # The last stage's outputs, their copies in the shuffle and in GELU, in float32.
        self.bytes_per_pixel = 4 * 6 * self._architecture.widths[-1]
        coded = np.flatnonzero(header.usable & (self._range > 0))
        wide = header.description.dtype in ("int32", "uint32", "float64")
        wide |= self._range[coded].max(initial=0) > LARGEST_SINGLE
        self._float = np.float64 if wide else np.float32
        self._row_of_band = {int(band): row for row, band in enumerate(coded)}
        tensors = weights.unpack(section, weights.shapes(self._architecture, len(coded)), bits)
        self._embeddings = tensors.pop("embeddings")
        self._arrays = tensors

    def decode(self, point, rows, cols, check=None):
        """See `BandDecoder.decode`. The embedding, the minimum and the range of a wavelength
        between two bands lie on the line between theirs, the latter in the units of the nearer band."""
        mix = ((point.lower_band, 1 - point.fraction), (point.upper_band, point.fraction))
        factors, shifts = self._units.into(*self._units.of_point(point))
        minimum = sum(share * (self._minimum[band] * factors[band] + shifts[band]) for band, share in mix)
        span = sum(share * self._range[band] * factors[band] for band, share in mix)
        if span == 0:
            return np.full((len(rows), len(cols)), minimum, dtype=self._float)
        values = self.run(self._embedding(mix), rows, cols, check)
        return values.astype(self._float) * self._float(span) + self._float(minimum)

    def run(self, embedding, rows, cols, check=None):
        """Decode one embedding, (16, h, w), at rows x cols: float32 in [0, 1]."""
        return numpy_network.decode(self._architecture, self._arrays, embedding, rows, cols, check)

    def _embedding(self, mix):
        # A constant band has no embedding: the other's stands for both, its own range being zero.
        known = [(self._row_of_band[b], s) for b, s in mix if b in self._row_of_band and s > 0]
        if not known:
            known = [(self._row_of_band[b], 1.0) for b, s in mix if b in self._row_of_band]
        total = sum(share for _, share in known)
        return sum(self._embeddings[row] * np.float32(share / total) for row, share in known)


def _check(header, architecture, bits):
    description = header.description
    rows, cols = architecture.frame
    if rows < description.n_rows or cols < description.n_cols:
        raise FormatError(
            f"The file's network paints {rows}x{cols} pixels, fewer than the scene's "
            f"{description.n_rows}x{description.n_cols}. The file is damaged."
        )
    if not isinstance(bits, int) or not 4 <= bits <= 16:
        raise FormatError(f"The file claims {bits} bits a weight; 4 to 16 can be.")
