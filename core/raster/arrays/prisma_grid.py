"""The grid of PRISMA's level 2D: north up, pixels of 30 m, placed by the corners and EPSG code that the file states."""

from ...scene.description import Georeference
from ..gdal_access import crs_of_epsg
from .swath import swath_place

_PIXEL_M = 30.0
# So far corners may be from where whole pixels end; further off they are those of something else.
_TOLERANCE_M = 5.0


def grid_place(file, latitudes, longitudes):
    """(Georeference, texts to tell) of a geocoded product's ArrayFile.

    latitudes, longitudes: its pixels' places in degrees, (rows, cols), for control points where its corners are none
    of its grid. Raises ValueError with what the file lacks.
    """
    n_rows, n_cols = latitudes.shape
    left, _ = _edges(file, "easting", n_cols)
    _, top = _edges(file, "northing", n_rows)
    if left is None or top is None:
        place, notes = swath_place(latitudes, longitudes)
        return place, ("The product's corners are not those of a grid of 30 m pixels: they are not used.", *notes)
    code = file.number("Epsg_Code")
    crs = crs_of_epsg(code)
    notes = () if crs else (f"GDAL knows no EPSG code {code:g}: the scene has no coordinate reference system.",)
    return Georeference(crs, (left, _PIXEL_M, 0.0, top, 0.0, -_PIXEL_M)), notes


def _edges(file, axis, n_pixels):
    """(least, greatest) coordinate of the grid's edges along 'easting' or 'northing', (None, None) where none fits.

    The corners may be those of the outermost pixels or their centres: the pixels' size tells.
    """
    values = [file.number(f"Product_{corner}corner_{axis}") for corner in ("UL", "UR", "LL", "LR")]
    least, greatest = min(values), max(values)
    for n_between, beyond in ((n_pixels, 0.0), (n_pixels - 1, _PIXEL_M / 2)):
        if abs(greatest - least - n_between * _PIXEL_M) <= _TOLERANCE_M:
            return least - beyond, greatest + beyond
    return None, None
