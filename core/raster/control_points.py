"""Where the pixels of a scene with ground control points lie on the map: thin plate splines through them, GDAL's."""

from threading import Lock

import numpy as np

from ..errors import ParameterError
from ..scene.outline import bounds_of, densified, outline
from .gdal_access import errors, gdal, reason

# Splines through more take long to find and say no more of a scene: of more, one is taken of each cell of a lattice.
_CELLS_A_SIDE = 20
_EVERY = 16  # pixels of a picture; between them places lie on a line, as near as can be seen
_APART = 0.5  # pixels that a spline may miss its own points by
_ALONG = 16.0  # pixels of an edge of a polygon that count as straight
_PLACES = 5  # along a side, of which the middle pixel's size is taken
_NO_SPLINE = "its ground control points place nothing."


class ControlPointPlace:
    """points: GroundControlPoints. shape: (rows, cols) of the scene. in_degrees: whether xs are longitudes.

    bounds: (xmin, ymin, xmax, ymax) of the scene on the map; beyond them nothing lies in the scene.
    Columns and rows are floats, whole at pixels' corners. Raises `ParameterError` where the points place no scene.
    """

    is_turned, is_straight = True, False

    def __init__(self, points, shape, in_degrees=False):
        pixels, places = _chosen(points)
        if len(pixels) < 3 or any(np.linalg.matrix_rank(side - side.mean(axis=0)) < 2 for side in (pixels, places)):
            raise ParameterError("its ground control points are too few, or lie on a line.")
        self._shape, self._in_degrees = shape, in_degrees
        self._splines = _Splines(pixels, places)
        self._check(pixels, places)
        self.bounds = bounds_of(*self.to_map(*outline(0, 0, *shape[::-1])))
        # What lies beyond is further off by so many pixels a unit of the map: splines may come back there.
        self._per_unit = np.linalg.lstsq(places - places.mean(axis=0), pixels - pixels.mean(axis=0), rcond=None)[0]

    def to_pixels(self, xs, ys):
        """Columns and rows of places on the map, arrays that broadcast; NaN where there is none."""
        xs, ys = np.broadcast_arrays(np.asarray(xs, np.float64), np.asarray(ys, np.float64))
        xmin, ymin, xmax, ymax = self.bounds
        if self._in_degrees:
            middle = (xmin + xmax) / 2
            xs = middle + (xs - middle + 180) % 360 - 180
        near_x, near_y = np.clip(xs, xmin, xmax), np.clip(ys, ymin, ymax)
        cols, rows = self._splines.to_pixels(near_x, near_y)
        beyond = np.stack([xs - near_x, ys - near_y], axis=-1) @ self._per_unit
        return cols + beyond[..., 0], rows + beyond[..., 1]

    def to_map(self, cols, rows):
        """Places on the map, xs and ys, of columns and rows, arrays that broadcast; NaN where there is none."""
        xs, ys = self._splines.to_map(cols, rows)
        # There and back are splines of their own: one step towards the place that leads back.
        missed = self._splines.to_map(*self._splines.to_pixels(xs, ys))
        return 2 * xs - missed[0], 2 * ys - missed[1]

    def to_pixels_of_picture(self, xs, ys):
        """As `to_pixels`, (height, width) each, for a picture's xs, (1, width), and ys, (height, 1): quickly."""
        (nodes_x, right), (nodes_y, down) = _nodes(xs.ravel()), _nodes(ys.ravel())
        sides = self.to_pixels(nodes_x[None, :], nodes_y[:, None])
        return tuple(_between(_between(side, right).T, down).T for side in sides)

    def ring_to_pixels(self, xs, ys):
        """Columns and rows along a ring of places, (n,) each: more than its corners, its edges are bent."""
        cols, rows = self.to_pixels(xs, ys)
        return self.to_pixels(*densified(xs, ys, np.hypot(np.diff(cols), np.diff(rows)) / _ALONG))

    def pixel_size(self):
        """(width, height) of a pixel, in units of the map, the middle one of some all over the scene."""
        rows, cols = (np.linspace(0, n, _PLACES) for n in self._shape)
        rows, cols = (side.ravel() for side in np.meshgrid(rows, cols))
        here, right, below = (self.to_map(cols + c, rows + r) for c, r in ((0, 0), (1, 0), (0, 1)))
        sizes = (np.hypot(*np.subtract(other, here)) for other in (right, below))
        return tuple(float(np.nanmedian(size)) for size in sizes)

    def _check(self, pixels, places):
        """Raise ParameterError where GDAL took the points for something else than they are."""
        cols, rows = self._splines.to_pixels(*places.T)
        back = self._splines.to_pixels(*self._splines.to_map(*pixels.T))
        for found in ((cols, rows), back):
            if not np.abs(np.stack(found, axis=1) - pixels).max() <= _APART:
                raise ParameterError(_NO_SPLINE)


class _Splines:
    """GDAL's splines between pixels and places, (n, 2) each, of points that are no line.

    Either side is turned onto its main axes before: GDAL takes long slanting strips for lines.
    """

    def __init__(self, pixels, places):
        self._pixels, self._places = _MainAxes(pixels), _MainAxes(places)
        self._lock = Lock()  # GDAL's transformers are no thread's but one at a time
        self._transformer = None
        pairs = zip(self._pixels.turned(pixels).tolist(), self._places.turned(places).tolist())
        with errors() as texts:
            dataset = gdal.GetDriverByName("MEM").Create("", 1, 1, 0)
            dataset.SetGCPs([gdal.GCP(x, y, 0.0, col, row) for (col, row), (x, y) in pairs], "")
            self._transformer = gdal.Transformer(dataset, None, ["METHOD=GCP_TPS"])
        if self._transformer is None:
            raise ParameterError(_NO_SPLINE + reason(texts))

    def to_pixels(self, xs, ys):
        return self._moved(xs, ys, True, self._places, self._pixels)

    def to_map(self, cols, rows):
        return self._moved(cols, rows, False, self._pixels, self._places)

    def _moved(self, first, second, to_pixels, own, other):
        first, second = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(second, np.float64))
        known = np.isfinite(first) & np.isfinite(second)
        out = np.full((*first.shape, 2), np.nan)
        if known.any():
            asked = own.turned(np.stack([first[known], second[known]], axis=1)).tolist()
            with self._lock, errors():
                places, found = self._transformer.TransformPoints(int(to_pixels), asked)
            places = other.back(np.array(places)[:, :2])
            places[~np.array(found, dtype=bool)] = np.nan
            out[known] = places
        return out[..., 0], out[..., 1]


class _MainAxes:
    """Points, (n, 2), from their middle, along the line that they lie nearest to and across it."""

    def __init__(self, points):
        self._middle = points.mean(axis=0)
        self._axes = np.linalg.svd(points - self._middle, full_matrices=False)[2].T

    def turned(self, points):
        return (points - self._middle) @ self._axes

    def back(self, points):
        return points @ self._axes.T + self._middle


def _chosen(points):
    """(pixels, places), (n, 2) each, of points that say no other of a place or a pixel, a lattice's worth at most."""
    by_pixel = {(point.column, point.row): point for point in reversed(points)}
    points = list({(point.x, point.y): point for point in by_pixel.values()}.values())
    pixels = np.array([(point.column, point.row) for point in points], dtype=np.float64).reshape(-1, 2)
    places = np.array([(point.x, point.y) for point in points], dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(np.hstack([pixels, places])).all():
        raise ParameterError(_NO_SPLINE)
    if len(points) > _CELLS_A_SIDE**2:
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        at = (pixels - low) / np.maximum(high - low, 1e-9) * _CELLS_A_SIDE
        cell = np.minimum(at.astype(int), _CELLS_A_SIDE - 1)
        nearest_first = np.argsort(np.square(at - cell - 0.5).sum(axis=1), kind="stable")
        _, first = np.unique((cell @ [_CELLS_A_SIDE, 1])[nearest_first], return_index=True)
        pixels, places = pixels[nearest_first[first]], places[nearest_first[first]]
    return pixels, places


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
