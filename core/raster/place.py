"""Where a scene lies on the map, whichever way its file says it."""

from typing import Any, NamedTuple

from ..errors import ParameterError
from ..scene.affine import UNPLACED, AffinePlace

# As WKT of either edition names systems of longitudes and latitudes.
_IN_DEGREES = ("GEOGCRS", "GEOGCS")


class ShownPlace(NamedTuple):
    """place: an AffinePlace or ControlPointPlace. is_placed: whether the scene has one; else pixels are units of the
    map, rows counting down, as QGIS shows such rasters. why_not: why what the file says places nothing, a text.
    """

    place: Any
    is_placed: bool = True
    why_not: str = ""


def place_of(description):
    """The AffinePlace or ControlPointPlace of a SceneDescription, None where its georeference has neither.

    Raises `ParameterError` where it has ground control points alone that place nothing, or a geotransform
    that puts all pixels on a line.
    """
    georeference = description.georeference
    if georeference.geotransform is not None:
        place = AffinePlace(georeference.geotransform)
        if place.is_flat:
            raise ParameterError("its geotransform puts all pixels on a line.")
        return place
    if not georeference.gcps:
        return None
    # Only these need GDAL.
    from .control_points import ControlPointPlace

    in_degrees = georeference.crs_wkt.upper().startswith(_IN_DEGREES)
    return ControlPointPlace(georeference.gcps, (description.n_rows, description.n_cols), in_degrees)


def shown_place(description):
    """The ShownPlace of a SceneDescription."""
    why_not = ""
    try:
        place = place_of(description)
    except ParameterError as error:
        place, why_not = None, str(error)
    return ShownPlace(AffinePlace(UNPLACED), False, why_not) if place is None else ShownPlace(place)
