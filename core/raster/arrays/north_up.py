"""Which way an array's rows and columns run on the ground, told by the latitudes and longitudes of its pixels.

Products' own papers name the axes otherwise than their files have them; what the file says of each pixel's place
settles it.
"""

from dataclasses import dataclass

import numpy as np

from ...scene.description import GroundControlPoint

_POINTS_A_SIDE = 11


@dataclass(frozen=True)
class Turn:
    """How a plane, (first axis, second axis), becomes rows from north to south and columns from west to east.

    swapped: whether its second axis makes the rows; then, of what came of that: flipped_rows, flipped_cols.
    """

    swapped: bool = False
    flipped_rows: bool = False
    flipped_cols: bool = False

    def turned(self, plane):
        """An array whose last two axes are the plane's, turned; a view."""
        if self.swapped:
            plane = plane.swapaxes(-1, -2)
        return plane[..., :: -1 if self.flipped_rows else 1, :: -1 if self.flipped_cols else 1]

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
    with np.errstate(invalid="ignore"):
        east = longitudes * np.cos(np.deg2rad(latitudes))
    # Degrees of a great circle from pixel to pixel: along the first axis, along the second.
    north = [_step(latitudes, axis) for axis in (0, 1)]
    east = [_step(east, axis) for axis in (0, 1)]
    if not np.isfinite(north + east).all():
        return Turn()
    swapped = abs(north[1]) * abs(east[0]) > abs(north[0]) * abs(east[1])
    rows, cols = (1, 0) if swapped else (0, 1)
    return Turn(swapped, flipped_rows=north[rows] > 0, flipped_cols=east[cols] < 0)


def control_points(latitudes, longitudes):
    """GroundControlPoints of pixels' centres, some across and down: degrees, each (rows, cols), NaN where unknown."""
    rows, cols = (np.unique(np.linspace(0, n - 1, _POINTS_A_SIDE).round().astype(int)) for n in latitudes.shape)
    return tuple(
        GroundControlPoint(float(col) + 0.5, float(row) + 0.5, float(longitudes[row, col]), float(latitudes[row, col]))
        for row in rows for col in cols
        if np.isfinite(latitudes[row, col]) and np.isfinite(longitudes[row, col])
    )


def known_places(latitudes, longitudes):
    """Copies of degrees with NaN where either is no place on earth, or both are 0, which stands for none."""
    with np.errstate(invalid="ignore"):
        known = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180) & ((latitudes != 0) | (longitudes != 0))
    return np.where(known, latitudes, np.nan), np.where(known, longitudes, np.nan)


def _step(values, axis):
    """Mean difference of neighbours along an axis, NaN where none are known."""
    steps = np.diff(values, axis=axis)
    known = np.isfinite(steps)
    return float(steps[known].mean()) if known.any() else np.nan
