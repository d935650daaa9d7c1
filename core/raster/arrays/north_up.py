"""Which way an array's rows and columns run on the ground, told by the latitudes and longitudes of its pixels.

Products' own papers name the axes otherwise than their files have them; what the file says of each pixel's place
settles it.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Turn:
    """How a plane, (first axis, second axis), becomes rows from north to south and columns from west to east.

    swapped: whether its second axis makes the rows; then, of what came of that: flipped_rows, flipped_cols.
    """

    swapped: bool = False
    flipped_rows: bool = False
    flipped_cols: bool = False

    def turned(self, plane):
        """A plane, turned; a view."""
        plane = plane.T if self.swapped else plane
        return plane[:: -1 if self.flipped_rows else 1, :: -1 if self.flipped_cols else 1]

    def source_of(self, start, count, size):
        """(starts, counts) in the plane of a window; all pairs: start, count of (row, col), size of (rows, cols)."""
        flipped = self.flipped_rows, self.flipped_cols
        starts = [n - at - of if back else at for at, of, n, back in zip(start, count, size, flipped)]
        counts = list(count)
        return (starts[::-1], counts[::-1]) if self.swapped else (starts, counts)


def turn_of(latitudes, longitudes):
    """The Turn of a plane by its pixels' places in degrees, each (first, second); NaN where unknown.

    Where too little is known the plane stays as it is.
    """
    known = np.isfinite(latitudes)
    if not known.any():
        return Turn()
    # Degrees of a great circle from pixel to pixel: along the first axis, along the second.
    breadth = np.cos(np.deg2rad(latitudes[known].mean()))
    north = [_step(np.diff(latitudes, axis=axis)) for axis in (0, 1)]
    east = [breadth * _step(wrapped(np.diff(longitudes, axis=axis))) for axis in (0, 1)]
    if not np.isfinite(north + east).all():
        return Turn()
    swapped = abs(north[1]) * abs(east[0]) > abs(north[0]) * abs(east[1])
    rows, cols = (1, 0) if swapped else (0, 1)
    return Turn(swapped, flipped_rows=north[rows] > 0, flipped_cols=east[cols] < 0)


def wrapped(degrees):
    """Differences of longitudes, from -180 up to 180: the shorter way round."""
    return (degrees + 180) % 360 - 180


def _step(steps):
    """Mean of those that are known, NaN where none are."""
    known = np.isfinite(steps)
    return float(steps[known].mean()) if known.any() else np.nan
