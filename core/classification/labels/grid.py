"""Where an image's pixels lie on the map."""

import numpy as np

from ...errors import ParameterError
from ...raster.place import place_of
from ...scene.affine import UNPLACED, AffinePlace


class Grid:
    """The pixels of a SceneDescription on the map.

    shape: (rows, cols). crs_wkt: '' where none is known. is_placed: whether it has a geotransform or
    ground control points. Raises ParameterError for an image whose place is none.
    """

    def __init__(self, description):
        try:
            place = place_of(description)
        except ParameterError as error:
            raise ParameterError(f"{description.source}: {error} Give it a place first.") from error
        self._georeference = description.georeference
        self.shape = description.n_rows, description.n_cols
        self.crs_wkt, self.is_placed = self._georeference.crs_wkt, place is not None
        self._place = place or AffinePlace(UNPLACED)

    def is_same_swath(self, other):
        """Whether both are of the same ground control points, pixel on pixel."""
        own, their = self._georeference, other._georeference
        by_points = own.geotransform is None and their.geotransform is None and bool(own.gcps)
        return by_points and self.shape == other.shape and own.gcps == their.gcps and own.crs_wkt == their.crs_wkt

    def pixels(self, xs, ys):
        """Columns and rows, as floats, of places on the map, (n,) each; pixel 0 is from 0 to 1."""
        return self._place.to_pixels(xs, ys)

    def ring_pixels(self, xs, ys):
        """Columns and rows, as floats, along a ring of places on the map, (n,) each."""
        return self._place.ring_to_pixels(xs, ys)

    def centres(self, rows, cols):
        """Places on the map of pixels' centres, (n,) xs and ys."""
        return self._place.to_map(np.asarray(cols) + 0.5, np.asarray(rows) + 0.5)
