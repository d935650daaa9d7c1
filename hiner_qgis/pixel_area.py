"""How much ground a raster's pixel covers, where its coordinate reference system tells."""

from qgis.core import QgsCsException, QgsDistanceArea, QgsGeometry, QgsPointXY

from .parameters.reprojection import crs_of

# UTM stretches areas by 0.2 % in its zone, Web Mercator by 170 % in Berlin; pixels in degrees differ from row to row.
_STRETCH = 0.01


def pixel_area(description, transform_context):
    """Square metres that each pixel of a SceneDescription covers: of its plane, where that is true to the ground in
    metres, else on the ellipsoid. None where it lies nowhere on earth, and where its pixels cover different areas.
    """
    crs, geotransform = crs_of(description.georeference.crs_wkt), description.georeference.geotransform
    measure = QgsDistanceArea()
    if not crs.isValid() or geotransform is None or not measure.setEllipsoid(crs.ellipsoidAcronym()):
        return None
    measure.setSourceCrs(crs, transform_context)
    corners = [(row, col) for row in (0, description.n_rows - 1) for col in (0, description.n_cols - 1)]
    try:
        areas = [measure.measureArea(_pixel(geotransform, row, col)) for row, col in corners]
    except QgsCsException:
        return None
    _, across_x, down_x, _, across_y, down_y = geotransform
    middle, plane = sum(areas) / len(areas), abs(across_x * down_y - down_x * across_y)
    # Where one is NaN, neither holds.
    if all(abs(area - plane) < _STRETCH * plane for area in areas):
        return plane
    return middle if all(abs(area - middle) < _STRETCH * middle for area in areas) else None


def _pixel(geotransform, row, col):
    x, across_x, down_x, y, across_y, down_y = geotransform
    corners = ((row, col), (row, col + 1), (row + 1, col + 1), (row + 1, col))
    return QgsGeometry.fromPolygonXY([
        [QgsPointXY(x + c * across_x + r * down_x, y + c * across_y + r * down_y) for r, c in corners]
    ])
