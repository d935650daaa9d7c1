"""One detector's array: which of its axes the bands are, and which of its bands a scene takes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..gdal_access import DTYPES, gdal
from .array_file import read_array, shape_of


@dataclass(frozen=True)
class ArrayPart:
    """array: GDAL's, of three dimensions. band_axis: which of them the bands are; the other two make its plane.

    bands: those of its bands that the scene takes, in the scene's order.
    """

    array: Any
    band_axis: int
    bands: tuple

    @property
    def plane(self):
        """(first, second): sizes of the plane's axes."""
        return self._plane_of(shape_of(self.array))

    @property
    def stored(self):
        """(bands, first, second) that the file stores together, 0 for an axis where it does not tell."""
        sizes = tuple(self.array.GetBlockSize())
        return (sizes[self.band_axis], *self._plane_of(sizes))

    @property
    def dtype(self):
        """NumPy's name of the samples' type; raises ValueError where no scene may have it."""
        kind = self.array.GetDataType()
        if kind.GetClass() != gdal.GEDTC_NUMERIC or kind.GetNumericDataType() not in DTYPES:
            raise ValueError(f"{self.array.GetFullName()} is of a type that no scene may have")
        return DTYPES[kind.GetNumericDataType()]

    def planes(self, positions, starts, counts, dtype):
        """Yield a window of the plane, (first, second), of each of the positions in `bands`; raises ValueError."""
        numbers = [self.bands[position] for position in positions]
        first, last = min(numbers), max(numbers)
        starts, counts = list(starts), list(counts)
        starts.insert(self.band_axis, first)
        counts.insert(self.band_axis, last - first + 1)
        block = np.moveaxis(read_array(self.array, dtype, starts, counts), self.band_axis, 0)
        for number in numbers:
            yield block[number - first]

    def _plane_of(self, sizes):
        return tuple(sizes[:self.band_axis] + sizes[self.band_axis + 1:])
