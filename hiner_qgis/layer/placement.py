"""Where a scene lies on the map, and which of its pixels lie under the pixels of a picture."""

import math

import numpy as np
from qgis.core import QgsRectangle


class Placement:
    """The geotransform of a scene; without one, pixels are units of the map, rows counting down.

    size: (columns, rows) of the layer's grid, which for a turned scene is that of its bounding box.
    """

    def __init__(self, description):
        self._shape = description.n_rows, description.n_cols
        transform = description.georeference.geotransform
        if transform is not None and _determinant(transform) == 0:
            transform = None
        self.is_placed = transform is not None
        self._transform = transform or (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
        _, dx, rx, _, ry, dy = self._transform
        self.is_turned = rx != 0 or ry != 0
        self.pixel_size = math.hypot(dx, ry), math.hypot(rx, dy)
        corners = [self._place(c, r) for c in (0, self._shape[1]) for r in (0, self._shape[0])]
        xs, ys = zip(*corners)
        self._bounds = min(xs), min(ys), max(xs), max(ys)
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
        ys = extent.yMaximum() - (np.arange(height)[:, None] + 0.5) * (extent.height() / height)
        x0, dx, rx, y0, ry, dy = self._transform
        if not self.is_turned:
            return _floor((ys - y0) / dy), _floor((xs[None, :] - x0) / dx)
        determinant = _determinant(self._transform)
        cols = (dy * (xs - x0) - rx * (ys - y0)) / determinant
        rows = (dx * (ys - y0) - ry * (xs - x0)) / determinant
        return _floor(rows), _floor(cols)

    def to_pixels(self, xs, ys):
        """Places on the map in pixels of the scene: (rows, cols), float, whole at pixels' corners."""
        x0, dx, rx, y0, ry, dy = self._transform
        xs, ys = np.asarray(xs, dtype=np.float64) - x0, np.asarray(ys, dtype=np.float64) - y0
        determinant = _determinant(self._transform)
        return (dx * ys - ry * xs) / determinant, (dy * xs - rx * ys) / determinant

    def to_map(self, row, col):
        """The place (x, y) on the map of a position in pixels."""
        return self._place(col, row)

    def inside(self, rows, cols):
        """Whether the rows, and whether the columns, lie in the scene (bool arrays)."""
        return (rows >= 0) & (rows < self._shape[0]), (cols >= 0) & (cols < self._shape[1])

    def reduction(self, extent, width, height):
        """How many pixels of the scene a pixel of the picture spans, along its shorter side."""
        return min(
            extent.width() / width / self.pixel_size[0],
            extent.height() / height / self.pixel_size[1],
        )

    def _place(self, col, row):
        x0, dx, rx, y0, ry, dy = self._transform
        return x0 + col * dx + row * rx, y0 + col * ry + row * dy

    def _size(self):
        if not self.is_turned:
            return self._shape[1], self._shape[0]
        xmin, ymin, xmax, ymax = self._bounds
        return (
            math.ceil((xmax - xmin) / self.pixel_size[0]),
            math.ceil((ymax - ymin) / self.pixel_size[1]),
        )


def _determinant(transform):
    _, dx, rx, _, ry, dy = transform
    return dx * dy - rx * ry


def _floor(values):
    # Far outside, a float may exceed any integer; what is outside is outside all the same.
    return np.floor(np.clip(values, -(2.0**52), 2.0**52)).astype(np.int64)
