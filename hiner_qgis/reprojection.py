"""Places from one coordinate reference system to another, many at a time."""

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsLineString,
)

from ..core.errors import ParameterError

# A line's WKB: byte order, type, number of points; then its points.
_HEADER_BYTES = 9


def transform_between(source, target, context):
    """The QgsCoordinateTransform between two systems; None where one is unknown or both are one."""
    if not source.isValid() or not target.isValid() or source == target:
        return None
    return QgsCoordinateTransform(source, target, context.transformContext())


def crs_of(wkt):
    """A QgsCoordinateReferenceSystem of WKT, an invalid one of ''."""
    return QgsCoordinateReferenceSystem.fromWkt(wkt) if wkt else QgsCoordinateReferenceSystem()


def reproject(transform, xs, ys):
    """xs, ys, (n,) float64 each, in the other system; None transforms nothing.

    Raises `ParameterError` for places that have none there.
    """
    if transform is None or not len(xs):
        return xs, ys
    line = QgsLineString(np.asarray(xs, dtype=float).tolist(), np.asarray(ys, dtype=float).tolist())
    try:
        line.transform(transform)
    except QgsCsException as error:
        raise ParameterError(
            f"The labels cannot be brought to the image's coordinate reference system ({error})."
        ) from error
    points = np.frombuffer(bytes(line.asWkb()), dtype="<f8", offset=_HEADER_BYTES).reshape(-1, 2)
    return points[:, 0], points[:, 1]
