"""Where an image's pixels lie on the map."""

import numpy as np

from ...errors import ParameterError

# Without a place, QGIS shows a raster with one unit a pixel, rows counting down.
_UNPLACED = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


class Grid:
    """The pixels of a SceneDescription on the map.

    shape: (rows, cols). crs_wkt: '' where none is known. is_placed: whether it has a geotransform.
    Raises ParameterError for an image that has ground control points only.
    """

    def __init__(self, description):
        place = description.georeference
        if place.geotransform is None and place.gcps:
            raise ParameterError(
                f"{description.source}: is placed by ground control points only, so that no label can be "
                "found on it. Warp it first (in QGIS: Raster, Projections, Warp)."
            )
        self.shape = description.n_rows, description.n_cols
        self.crs_wkt, self.is_placed = place.crs_wkt, place.geotransform is not None
        self._transform = place.geotransform or _UNPLACED
        _, dx, rx, _, ry, dy = self._transform
        self._determinant = dx * dy - rx * ry
        if self._determinant == 0:
            raise ParameterError(f"{description.source}: its geotransform puts all pixels on a line.")

    def pixels(self, xs, ys):
        """Columns and rows, as floats, of places on the map, (n,) each; pixel 0 is from 0 to 1."""
        x0, dx, rx, y0, ry, dy = self._transform
        xs, ys = np.asarray(xs, dtype=np.float64) - x0, np.asarray(ys, dtype=np.float64) - y0
        return (dy * xs - rx * ys) / self._determinant, (dx * ys - ry * xs) / self._determinant

    def centres(self, rows, cols):
        """Places on the map of pixels' centres, (n,) xs and ys."""
        x0, dx, rx, y0, ry, dy = self._transform
        rows, cols = np.asarray(rows) + 0.5, np.asarray(cols) + 0.5
        return x0 + cols * dx + rows * rx, y0 + cols * ry + rows * dy
