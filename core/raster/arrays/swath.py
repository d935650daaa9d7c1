"""The place of a scene that lies as its sensor saw it: ground control points out of its pixels' own places."""

import numpy as np

from ...scene.description import Georeference, GroundControlPoint
from ..gdal_access import crs_of_epsg
from .north_up import wrapped

_POINTS_A_SIDE = 11
_GEOGRAPHIC = 4326


def pixel_places(file, names, shape):
    """Latitudes and longitudes of a plane's pixels, degrees, (first, second), NaN where unknown.

    file: ArrayFile. names: full names of the two arrays. Raises ValueError where they are not of the plane's shape.
    """
    latitudes, longitudes = (file.values(name, shape) for name in names)
    with np.errstate(invalid="ignore"):
        known = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)
    # Files without a place for a pixel have both 0.
    known &= (latitudes != 0) | (longitudes != 0)
    return np.where(known, latitudes, np.nan), np.where(known, longitudes, np.nan)


def swath_place(latitudes, longitudes):
    """(Georeference, texts to tell) of a swath by its pixels' places, degrees, each (rows, cols), NaN where unknown."""
    points = _control_points(latitudes, longitudes)
    if not points:
        return Georeference(), ("The product tells no pixel's place: decoded rasters will have none.",)
    note = (
        f"The scene lies as the sensor saw it: its place is kept as {len(points)} ground control points, by which its "
        "layers lie on the map. To lay a decoded raster on a grid, warp it by them (gdalwarp -tps)."
    )
    return Georeference(crs_of_epsg(_GEOGRAPHIC), None, points), (note,)


def _control_points(latitudes, longitudes):
    rows, cols = (np.unique(np.linspace(0, n - 1, _POINTS_A_SIDE).round().astype(int)) for n in latitudes.shape)
    places = [
        (row, col) for row in rows for col in cols if np.isfinite(latitudes[row, col] + longitudes[row, col])
    ]
    if not places:
        return ()
    # Across the 180th meridian they go on beyond 180 degrees: no map is warped around the whole earth.
    first = longitudes[places[0]]
    return tuple(
        GroundControlPoint(
            float(col) + 0.5, float(row) + 0.5,
            float(first + wrapped(longitudes[row, col] - first)), float(latitudes[row, col]),
        )
        for row, col in places
    )
