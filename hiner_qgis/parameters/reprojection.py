"""Places from one coordinate reference system to another, many at a time."""

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsLineString,
)

from ...core.errors import ParameterError

# A line's WKB: byte order, type, number of points; then its points.
_HEADER_BYTES = 9


def crs_of(wkt):
    """A QgsCoordinateReferenceSystem of WKT, an invalid one of ''."""
    return QgsCoordinateReferenceSystem.fromWkt(wkt) if wkt else QgsCoordinateReferenceSystem()


class Reprojection:
    """Brings places from one system to another; where one is unknown or both are one, they stay.

    is_guess: whether only one of the systems is known, and places are taken as they are.
    A place that has none in the other system becomes NaN there, as on the far side of the earth.
    """

    def __init__(self, source, target, context):
        self._transform = None
        if source.isValid() and target.isValid() and source != target:
            self._transform = QgsCoordinateTransform(source, target, context.transformContext())
        # One side alone without a system: nobody knows whether its coordinates are the other's.
        self.is_guess = source.isValid() != target.isValid()
        self._n_asked = self._n_placed = 0
        self._error = "no place has one there"

    def __call__(self, xs, ys):
        """xs, ys, (n,) float64 each, in the other system."""
        if self._transform is None or not len(xs):
            return xs, ys
        places = self._transformed(np.stack([xs, ys], axis=1).astype(np.float64))
        self._n_asked += len(places)
        self._n_placed += int(np.isfinite(places[:, 0]).sum())
        return places[:, 0], places[:, 1]

    def check(self):
        """Raise ParameterError where none of the places so far has one in the other system."""
        if self._n_asked and not self._n_placed:
            raise ParameterError(
                f"The labels cannot be brought to the image's coordinate reference system ({self._error}). Check "
                "that both have the right one."
            )

    def _transformed(self, places):
        line = QgsLineString(places[:, 0].tolist(), places[:, 1].tolist())
        try:
            line.transform(self._transform)
        except QgsCsException as error:
            self._error = str(error)
            if len(places) == 1:
                return np.full((1, 2), np.nan)
            # One place that fails must not take the others with it.
            half = len(places) // 2
            return np.concatenate([self._transformed(places[:half]), self._transformed(places[half:])])
        found = np.frombuffer(bytes(line.asWkb()), dtype="<f8", offset=_HEADER_BYTES).reshape(-1, 2)
        return np.where(np.isfinite(found).all(axis=1, keepdims=True), found, np.nan)
