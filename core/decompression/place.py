"""A window of a scene from an extent, and the georeference that the window has."""

import math
from dataclasses import replace

import numpy as np

from ..errors import ParameterError
from ..raster.place import shown_place
from ..scene.outline import bounds_of, outline


def window_of(description, extent):
    """The smallest window (row, col, n_rows, n_cols) of whole pixels that covers an extent.

    extent: (xmin, ymin, xmax, ymax) in the scene's CRS, or in pixels (y downwards negative, as QGIS
    shows a raster without a place) where it has neither geotransform nor ground control points; None
    the whole scene. Raises ParameterError for an extent beside the scene.
    """
    if extent is None:
        return 0, 0, description.n_rows, description.n_cols
    shown = shown_place(description)
    if shown.why_not:
        raise ParameterError(f"The scene has no place: {shown.why_not} Give no extent.")
    cols, rows = _covered(shown.place, extent, (description.n_rows, description.n_cols))
    first_col, last_col = _inside(cols, description.n_cols)
    first_row, last_row = _inside(rows, description.n_rows)
    if last_col <= first_col or last_row <= first_row:
        raise ParameterError(
            f"The extent {_box(extent)} does not touch the scene, which "
            f"{_whereabouts(description, shown)}."
        )
    return first_row, first_col, last_row - first_row, last_col - first_col


def georeference_of(georeference, window):
    """The georeference of a window: its origin, its control points and its RPCs moved."""
    row, col = window[:2]
    transform = georeference.geotransform
    if transform is not None:
        x0, dx, rx, y0, ry, dy = transform
        transform = (x0 + col * dx + row * rx, dx, rx, y0 + col * ry + row * dy, ry, dy)
    gcps = tuple(replace(p, column=p.column - col, row=p.row - row) for p in georeference.gcps)
    rpc = georeference.rpc and georeference.rpc.moved(row, col)
    return replace(georeference, geotransform=transform, gcps=gcps, rpc=rpc)


def _covered(place, extent, shape):
    """Columns and rows, as floats, between which an extent lies; of none where it lies beside the scene."""
    if place.is_straight:
        xmin, ymin, xmax, ymax = extent
        return place.to_pixels([xmin, xmin, xmax, xmax], [ymin, ymax, ymin, ymax])
    # Edges are bent; far from a scene's points nothing is known of them.
    edge = outline(0, 0, *shape[::-1])
    xs, ys = place.to_map(*edge)
    low, high = np.maximum(extent[:2], place.bounds[:2]), np.minimum(extent[2:], place.bounds[2:])
    if (low >= high).any():
        return np.zeros(1), np.zeros(1)
    within = (xs >= low[0]) & (xs <= high[0]) & (ys >= low[1]) & (ys <= high[1])
    around = place.to_pixels(*outline(*low, *high))
    return tuple(np.concatenate([side, own[within]]) for side, own in zip(around, edge))


def _whereabouts(description, shown):
    """Where a scene lies, in the coordinates that an extent is given in."""
    n_rows, n_cols = description.n_rows, description.n_cols
    if not shown.is_placed:
        return (
            f"has no geotransform: its extent counts pixels, x as columns 0..{n_cols}, y as rows 0..-{n_rows} "
            "(downwards negative)"
        )
    where = f"lies within {_box(bounds_of(*shown.place.to_map(*outline(0, 0, n_cols, n_rows))))}"
    has_crs = bool(description.georeference.crs_wkt)
    return where + (" in its own CRS" if has_crs else "; it has no CRS, so that coordinates count as they are")


def _box(extent):
    xmin, ymin, xmax, ymax = (f"{value:.10g}" for value in extent)
    return f"x {xmin}..{xmax}, y {ymin}..{ymax}"


def _inside(positions, length):
    """First pixel and one past the last, within the scene; a thousandth of a pixel is no pixel."""
    first, last = math.floor(min(positions) + 1e-3), math.ceil(max(positions) - 1e-3)
    return max(0, first), min(length, last)
