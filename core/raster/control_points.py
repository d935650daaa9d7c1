"""Where the pixels of a scene with ground control points lie on the map: thin plate splines through them, GDAL's."""

import math
from threading import Lock

import numpy as np

from ..errors import ParameterError
from .gdal_access import errors, gdal, reason

# Splines through more take long to find and say no more of a scene: of more, so many are taken evenly.
_MOST = 400
_EVERY = 16  # pixels of a picture; between them places lie on a line, as near as can be seen


class ControlPointPlace:
    """points: GroundControlPoints. Columns and rows are floats, whole at pixels' corners.

    Raises `ParameterError` where the points place no scene: fewer than three, or all on a line.
    """

    is_turned, is_straight, is_flat = True, False, False

    def __init__(self, points):
        points = list(dict.fromkeys(points))
        points = [points[n] for n in np.linspace(0, len(points) - 1, min(len(points), _MOST)).astype(int)]
        for side in ("column", "row"), ("x", "y"):
            places = np.array([[getattr(point, name) for name in side] for point in points])
            if len(places) < 3 or np.linalg.matrix_rank(places - places.mean(axis=0)) < 2:
                raise ParameterError("its ground control points are too few, or lie on a line.")
        # GDAL's transformers are no thread's but one at a time.
        self._lock, self._transformer = Lock(), _transformer(points)

    def to_pixels(self, xs, ys):
        """Columns and rows of places on the map, arrays that broadcast; NaN where there is none."""
        return self._moved(xs, ys, to_pixels=True)

    def to_map(self, cols, rows):
        """Places on the map, xs and ys, of columns and rows, arrays that broadcast; NaN where there is none."""
        return self._moved(cols, rows, to_pixels=False)

    def to_pixels_of_picture(self, xs, ys):
        """As `to_pixels`, (height, width) each, for a picture's xs, (1, width), and ys, (height, 1): quickly."""
        (nodes_x, right), (nodes_y, down) = _nodes(xs.ravel()), _nodes(ys.ravel())
        sides = self.to_pixels(nodes_x[None, :], nodes_y[:, None])
        return tuple(_between(_between(side, right).T, down).T for side in sides)

    def pixel_size(self, col, row):
        """(width, height) of the pixel at a place in the scene, in units of the map."""
        xs, ys = self.to_map([col, col + 1, col], [row, row, row + 1])
        return math.hypot(xs[1] - xs[0], ys[1] - ys[0]), math.hypot(xs[2] - xs[0], ys[2] - ys[0])

    def _moved(self, first, second, to_pixels):
        first, second = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(second, np.float64))
        known = np.isfinite(first) & np.isfinite(second)
        out = np.full((2, *first.shape), np.nan)
        if known.any():
            with self._lock, errors():
                places, found = self._transformer.TransformPoints(
                    int(to_pixels), np.stack([first[known], second[known]], axis=1).tolist()
                )
                places = np.array(places)[:, :2].T
                places[:, ~np.array(found, dtype=bool)] = np.nan
                out[:, known] = places
        return out[0], out[1]


def _transformer(points):
    transformer = None
    with errors() as texts:
        dataset = gdal.GetDriverByName("MEM").Create("", 1, 1, 0)
        dataset.SetGCPs([gdal.GCP(p.x, p.y, 0.0, p.column, p.row) for p in points], "")
        transformer = gdal.Transformer(dataset, None, ["METHOD=GCP_TPS"])
    if transformer is None:
        raise ParameterError(f"its ground control points place nothing.{reason(texts)}")
    return transformer


def _nodes(values):
    """Every sixteenth of values, the last among them, and where between them each value lies, in nodes."""
    places = np.unique(np.append(np.arange(0, len(values), _EVERY), len(values) - 1))
    return values[places], np.interp(np.arange(len(values)), places, np.arange(len(places)))


def _between(values, at):
    """Values along the last axis, (..., n), at positions between them, linearly: (..., len(at))."""
    low = np.clip(at.astype(int), 0, max(0, values.shape[-1] - 2))
    high = np.minimum(low + 1, values.shape[-1] - 1)
    share = at - low
    return values[..., low] * (1 - share) + values[..., high] * share
