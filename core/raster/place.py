"""Where a scene lies on the map, whichever way its file says it."""

from ..errors import ParameterError
from ..scene.affine import UNPLACED, AffinePlace


def place_of(georeference):
    """The AffinePlace or ControlPointPlace of a Georeference, None where it has neither.

    Raises `ParameterError` where it has ground control points alone that place nothing.
    """
    if georeference.geotransform is not None:
        return AffinePlace(georeference.geotransform)
    if not georeference.gcps:
        return None
    # Only these need GDAL.
    from .control_points import ControlPointPlace

    return ControlPointPlace(georeference.gcps)


def shown_place(georeference):
    """(place, whether it is one): as `place_of`, but a scene without any, or with one that places nothing, lies on its
    pixels as QGIS shows it: a unit of the map each, rows counting down.
    """
    try:
        place = place_of(georeference)
    except ParameterError:
        place = None
    if place is None or place.is_flat:
        return AffinePlace(UNPLACED), False
    return place, True
