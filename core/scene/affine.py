"""Where the pixels of a scene with a geotransform lie on the map."""

import math

import numpy as np

# Without a place, QGIS shows a raster with one unit a pixel, rows counting down.
UNPLACED = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


class AffinePlace:
    """geotransform: in GDAL's order. Columns and rows are floats, whole at pixels' corners."""

    def __init__(self, geotransform):
        self._transform = geotransform
        _, dx, rx, _, ry, dy = geotransform
        self._determinant = dx * dy - rx * ry
        self.is_flat = self._determinant == 0
        self.is_turned, self.is_straight = rx != 0 or ry != 0, True

    def to_pixels(self, xs, ys):
        """Columns and rows of places on the map, arrays that broadcast."""
        x0, dx, rx, y0, ry, dy = self._transform
        xs, ys = np.asarray(xs, dtype=np.float64) - x0, np.asarray(ys, dtype=np.float64) - y0
        if not self.is_turned:
            return xs / dx, ys / dy
        return (dy * xs - rx * ys) / self._determinant, (dx * ys - ry * xs) / self._determinant

    # Cheap enough for each pixel; and what is straight on the map is straight in pixels.
    to_pixels_of_picture = ring_to_pixels = to_pixels

    def to_map(self, cols, rows):
        """Places on the map, xs and ys, of columns and rows, arrays that broadcast."""
        x0, dx, rx, y0, ry, dy = self._transform
        cols, rows = np.asarray(cols), np.asarray(rows)
        return x0 + cols * dx + rows * rx, y0 + cols * ry + rows * dy

    def pixel_size(self):
        """(width, height) of a pixel, in units of the map."""
        _, dx, rx, _, ry, dy = self._transform
        return math.hypot(dx, ry), math.hypot(rx, dy)
