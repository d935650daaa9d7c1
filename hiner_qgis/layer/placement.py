"""Where a scene lies on the map, and which of its pixels lie under the pixels of a picture."""

import math

import numpy as np
from qgis.core import QgsRectangle

from ...core.raster.place import shown_place
from ...core.scene.outline import bounds_of, outline

# Control points far off could ask for more pixels around a scene than anybody can hold.
_MOST_AROUND = 4


class Placement:
    """The place of a scene by its geotransform or its ground control points; without one, pixels are
    units of the map, rows counting down.

    size: (columns, rows) of the layer's grid, which for a turned or bent scene is that of its bounding box.
    why_not: why what the file says of its place is none, a text; empty where nothing is wrong.
    """

    def __init__(self, description):
        self._shape = description.n_rows, description.n_cols
        self._place, self.is_placed, self.why_not = shown_place(description)
        self.is_turned = self._place.is_turned
        self.pixel_size = self._place.pixel_size()
        self._bounds = bounds_of(*self._place.to_map(*outline(0, 0, self._shape[1], self._shape[0])))
        self.size = self._size()

    @property
    def extent(self):
        """The bounding box (QgsRectangle)."""
        return QgsRectangle(*self._bounds)

    def pixels(self, extent, width, height):
        """Rows and columns of the scene under the centres of a picture's pixels.

        Returns integer arrays that broadcast to (height, width): (height, 1) and (1, width), or
        both (height, width) where the scene is turned. Outside the scene they lie outside its range.
        """
        xs = extent.xMinimum() + (np.arange(width) + 0.5) * (extent.width() / width)
        ys = extent.yMaximum() - (np.arange(height) + 0.5) * (extent.height() / height)
        cols, rows = self._place.to_pixels_of_picture(xs[None, :], ys[:, None])
        return _floor(rows), _floor(cols)

    def to_pixels(self, xs, ys):
        """Places on the map in pixels of the scene: (rows, cols), float, whole at pixels' corners."""
        cols, rows = self._place.to_pixels(xs, ys)
        return rows, cols

    def ring_to_pixels(self, xs, ys):
        """Rows and columns, float, along a ring of places on the map, (n,) each."""
        cols, rows = self._place.ring_to_pixels(xs, ys)
        return rows, cols

    def to_map(self, row, col):
        """The place (x, y) on the map of a position in pixels."""
        x, y = self._place.to_map(col, row)
        return float(x), float(y)

    def inside(self, rows, cols):
        """Whether the rows, and whether the columns, lie in the scene (bool arrays)."""
        return (rows >= 0) & (rows < self._shape[0]), (cols >= 0) & (cols < self._shape[1])

    def reduction(self, extent, width, height):
        """How many pixels of the scene a pixel of the picture spans, along its shorter side."""
        return min(
            extent.width() / width / self.pixel_size[0],
            extent.height() / height / self.pixel_size[1],
        )

    def _size(self):
        if not self.is_turned:
            return self._shape[1], self._shape[0]
        xmin, ymin, xmax, ymax = self._bounds
        most = _MOST_AROUND * sum(self._shape)
        sides = (xmax - xmin) / self.pixel_size[0], (ymax - ymin) / self.pixel_size[1]
        # What rounding adds is no pixel.
        return tuple(max(1, math.ceil(min(side, most) - 1e-3)) for side in sides)


def _floor(values):
    # Far outside, a float may exceed any integer; what is outside is outside all the same. NaN: no place.
    return np.floor(np.nan_to_num(np.clip(values, -(2.0**52), 2.0**52), nan=-1)).astype(np.int64)
