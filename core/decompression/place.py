"""A window of a scene from an extent, and the georeference that the window has."""

import math
from dataclasses import replace

from ..errors import ParameterError


def window_of(description, extent):
    """The smallest window (row, col, n_rows, n_cols) of whole pixels that covers an extent.

    extent: (xmin, ymin, xmax, ymax) in the scene's CRS, or in pixels (y downwards negative, as QGIS
    shows a raster without a place) where it has no geotransform; None the whole scene.
    Raises ParameterError for an extent beside the scene.
    """
    if extent is None:
        return 0, 0, description.n_rows, description.n_cols
    xmin, ymin, xmax, ymax = extent
    corners = [_pixel(description, x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
    first_col, last_col = _inside([c for c, _ in corners], description.n_cols)
    first_row, last_row = _inside([r for _, r in corners], description.n_rows)
    if last_col <= first_col or last_row <= first_row:
        raise ParameterError(
            f"The extent {_box(extent)} does not touch the scene, which {_whereabouts(description)}."
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


def _whereabouts(description):
    """Where a scene lies, in the coordinates that an extent is given in."""
    place, n_rows, n_cols = description.georeference, description.n_rows, description.n_cols
    if place.geotransform is None:
        return (
            f"has no geotransform: its extent counts pixels, x as columns 0..{n_cols}, y as rows 0..-{n_rows} "
            "(downwards negative)"
        )
    x0, dx, rx, y0, ry, dy = place.geotransform
    corners = [(col, row) for col in (0, n_cols) for row in (0, n_rows)]
    xs, ys = zip(*((x0 + col * dx + row * rx, y0 + col * ry + row * dy) for col, row in corners))
    where = f"lies within {_box((min(xs), min(ys), max(xs), max(ys)))}"
    return where + (" in its own CRS" if place.crs_wkt else "; it has no CRS, so that coordinates count as they are")


def _box(extent):
    xmin, ymin, xmax, ymax = (f"{value:.10g}" for value in extent)
    return f"x {xmin}..{xmax}, y {ymin}..{ymax}"


def _pixel(description, x, y):
    """Column and row, as floats, of a place."""
    transform = description.georeference.geotransform
    if transform is None:
        return x, -y
    x0, dx, rx, y0, ry, dy = transform
    determinant = dx * dy - rx * ry
    if determinant == 0:
        raise ParameterError("The scene's geotransform cannot be inverted; give no extent.")
    return (
        (dy * (x - x0) - rx * (y - y0)) / determinant,
        (dx * (y - y0) - ry * (x - x0)) / determinant,
    )


def _inside(positions, length):
    """First pixel and one past the last, within the scene; a thousandth of a pixel is no pixel."""
    first, last = math.floor(min(positions) + 1e-3), math.ceil(max(positions) - 1e-3)
    return max(0, first), min(length, last)
