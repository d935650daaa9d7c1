"""Samples of points and polygons."""

from typing import NamedTuple

import numpy as np

from ...errors import ParameterError
from .samples import UNGROUPED, samples_of_pixels
from .shape_pixels import pixels_of_points, pixels_of_polygon


class Shape(NamedTuple):
    """A labelled feature in the image's CRS.

    key: that of its Label. points: (n, 2) x and y; polygons: lists of rings, (n, 2) each. NaN where a
    place has none in that CRS: such points, and polygons with such a corner, lie outside the image.
    """

    key: object
    points: np.ndarray
    polygons: tuple


def samples_of_shapes(shapes, labels, legend, grid, check=None):
    """Samples of Shapes on the pixels of a Grid.

    labels: the Labels by their keys; legend: the Legend whose classes count. Each feature with
    polygons is a group of its own. `check` is called for each shape and may raise.
    Raises ParameterError where no sample is left, or none is of a class of the Legend.
    """
    parts, small, outside, unknown = [], 0, 0, 0
    values = legend.matched(labels.values())
    for number, shape in enumerate(shapes):
        if check is not None:
            check()
        if values[shape.key] is None:
            unknown += 1
            continue
        rows, cols, is_small = _pixels(shape, grid)
        small += is_small
        outside += not len(rows) and not is_small
        group = number if shape.polygons else UNGROUPED
        parts.append((rows, cols, np.full(len(rows), values[shape.key]), np.full(len(rows), group)))
    notes = _notes(small, outside, unknown)
    if not any(len(part[0]) for part in parts):
        raise ParameterError(
            "All samples lie outside the image. Choose samples that overlap it, and check that both have "
            "the right coordinate reference system." if not small else
            "No polygon covers the centre of any pixel. Choose larger polygons, or points."
        )
    rows, cols, numbers, groups = (np.concatenate(columns) for columns in zip(*parts))
    samples = samples_of_pixels(rows, cols, numbers, grid.shape, groups, table=legend.table)
    return samples.select(slice(None), *notes)


def _pixels(shape, grid):
    """(rows, cols, whether it has polygons on the image that cover no pixel's centre)."""
    cols, rows = grid.pixels(*np.asarray(shape.points, dtype=np.float64).reshape(-1, 2).T)
    found, touches = [pixels_of_points(cols, rows)], False
    for rings in shape.polygons:
        if not all(np.isfinite(ring).all() for ring in rings):
            continue
        placed = [np.stack(grid.ring_pixels(*np.asarray(ring, dtype=np.float64).T), axis=1) for ring in rings]
        touches = touches or _overlaps(np.concatenate(placed), grid.shape)
        found.append(pixels_of_polygon(placed, grid.shape))
    rows, cols = (np.concatenate(columns) for columns in zip(*found))
    return rows, cols, touches and not len(rows)


def _overlaps(places, shape):
    low, high = places.min(axis=0), places.max(axis=0)
    return bool((high > 0).all() and low[0] < shape[1] and low[1] < shape[0])


def _notes(small, outside, unknown):
    notes = []
    if outside:
        notes.append(f"{outside} polygons lie outside the image and are left out.")
    if small:
        notes.append(f"{small} polygons cover no pixel's centre and label nothing.")
    if unknown:
        notes.append(f"{unknown} features are of classes that were not trained and are left out.")
    return notes
