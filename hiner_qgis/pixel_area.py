"""How much ground a raster's pixel covers, where its coordinate reference system tells."""

from qgis.core import Qgis, QgsUnitTypes

from .parameters.reprojection import crs_of

# QGIS 3.30 moved the units.
_METRES = Qgis.DistanceUnit.Meters if hasattr(Qgis, "DistanceUnit") else QgsUnitTypes.DistanceUnit.DistanceMeters


def pixel_area(georeference):
    """Square metres in the plane of a projected system; None in degrees, and where the place is not known."""
    crs = crs_of(georeference.crs_wkt)
    if not crs.isValid() or crs.isGeographic() or georeference.geotransform is None:
        return None
    _, across_x, down_x, _, across_y, down_y = georeference.geotransform
    metres = QgsUnitTypes.fromUnitToUnitFactor(crs.mapUnits(), _METRES)
    return abs(across_x * down_y - down_x * across_y) * metres**2
