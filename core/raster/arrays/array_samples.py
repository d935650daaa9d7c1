"""The samples of a scene that lies in one or more arrays, one per detector."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...errors import RasterError
from ..facts import RasterFacts
from ..gdal_access import DTYPES, GDAL_TYPES, gdal
from ..windows import windows
from .array_file import read_array
from .north_up import Turn


@dataclass(frozen=True)
class ArrayPart:
    """One detector's array and what of it the scene takes.

    array: GDAL's, of three dimensions. band_axis: which of them the bands are. bands: the array's bands in the
    scene's order.
    """

    array: Any
    band_axis: int
    bands: tuple

    @property
    def plane(self):
        """(first, second): sizes of the axes that are not the bands'."""
        sizes = [dimension.GetSize() for dimension in self.array.GetDimensions()]
        return tuple(sizes[:self.band_axis] + sizes[self.band_axis + 1:])

    @property
    def dtype(self):
        """NumPy's name of the samples' type; raises ValueError where no scene may have it."""
        kind = self.array.GetDataType()
        if kind.GetClass() != gdal.GEDTC_NUMERIC or kind.GetNumericDataType() not in DTYPES:
            raise ValueError(f"{self.array.GetFullName()} is of a type that no scene may have")
        return DTYPES[kind.GetNumericDataType()]

    def read(self, bands, starts, counts, dtype):
        """Samples of positions in `bands`, (len, first, second), of a window of the plane."""
        numbers = [self.bands[band] for band in bands]
        first, last = min(numbers), max(numbers)
        starts, counts = list(starts), list(counts)
        starts.insert(self.band_axis, first)
        counts.insert(self.band_axis, last - first + 1)
        block = read_array(self.array, dtype, GDAL_TYPES[dtype], starts, counts)
        return np.moveaxis(block, self.band_axis, 0)[[number - first for number in numbers]]


@dataclass(frozen=True)
class ArraySamples:
    """Bands of all parts, one after the other, as rows from north to south.

    masking: the part of which a pixel has data where any band is not 0; None where every pixel has.
    """

    path: str
    facts: RasterFacts
    parts: tuple
    turn: Turn
    masking: Any = None

    def windows(self, description):
        """Yield the `Window`s in which to read the scene of a SceneDescription once and quickly."""
        stored = self.parts[0].array.GetBlockSize()
        lines = max(1, stored[0 if self.parts[0].band_axis else 1])
        if not self.turn.swapped:
            yield from windows(description, lines, pixel_interleaved=True)
            return
        # The file's lines are columns here.
        turned = replace(description, n_rows=description.n_cols, n_cols=description.n_rows)
        for window in windows(turned, lines, pixel_interleaved=True):
            yield window._replace(
                row=window.col, col=window.row, n_rows=window.n_cols, n_cols=window.n_rows
            )

    def read(self, bands, row, col, n_rows, n_cols, dtype):
        """Samples of 0-based bands in a window, (bands, n_rows, n_cols); raises RasterError."""
        out = np.empty((len(bands), n_rows, n_cols), dtype)
        first = 0
        for part in self.parts:
            places = [place for place, band in enumerate(bands) if first <= band < first + len(part.bands)]
            if places:
                own = [bands[place] - first for place in places]
                out[places] = self._read_part(part, own, (row, col), (n_rows, n_cols), dtype)
            first += len(part.bands)
        return out

    def mask(self, row, col, n_rows, n_cols):
        """Which pixels of a window have data, (n_rows, n_cols) bool; raises RasterError."""
        part = self.masking
        return self._read_part(part, range(len(part.bands)), (row, col), (n_rows, n_cols), part.dtype).any(axis=0)

    def close(self):
        """Nothing is held open but by the arrays."""

    def _read_part(self, part, bands, start, count, dtype):
        starts, counts = self.turn.source_of(start, count, (self.facts.n_rows, self.facts.n_cols))
        try:
            return self.turn.turned(part.read(bands, starts, counts, dtype))
        except ValueError as error:
            raise RasterError(f"{self.path}: {error}") from error
