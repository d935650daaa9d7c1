"""Pixels of points and polygons: those that a point lies in, those whose centre a polygon covers."""

import numpy as np


def pixels_of_points(cols, rows):
    """(rows, cols) integers of the pixels in which points lie, floats as from `Grid.pixels`; NaN is outside."""
    # Far outside, a float may exceed any integer; what is outside is outside all the same.
    places = [np.nan_to_num(np.clip(values, -(2.0**52), 2.0**52), nan=-1) for values in (rows, cols)]
    return tuple(np.floor(values).astype(np.int64) for values in places)


def pixels_of_polygon(rings, shape):
    """(rows, cols) integers, (n,) each, of the pixels whose centres lie inside a polygon.

    rings: (n, 2) arrays of column and row, as floats, the outer one and its holes in any order,
    closed or not. shape: (rows, cols) of the image, beyond which nothing is returned.
    A centre is inside where a line along its row has crossed the rings an odd number of times.
    """
    rows, crossings = _crossings(rings, shape[0])
    order = np.lexsort((crossings, rows))
    rows, crossings = rows[order], crossings[order]
    # Rings are closed: each row has an even number of crossings.
    first = np.clip(np.ceil(crossings[::2] - 0.5), 0, shape[1]).astype(np.int64)
    stop = np.clip(np.ceil(crossings[1::2] - 0.5), 0, shape[1]).astype(np.int64)
    return _runs(rows[::2], first, stop)


def _crossings(rings, n_rows):
    """Where the rings' edges cross the rows' centre lines: (rows, columns as floats)."""
    starts = np.concatenate([np.asarray(ring, dtype=np.float64).reshape(-1, 2) for ring in rings])
    stops = np.concatenate([np.roll(np.asarray(ring).reshape(-1, 2), -1, axis=0) for ring in rings])
    upper, lower = np.minimum(starts[:, 1], stops[:, 1]), np.maximum(starts[:, 1], stops[:, 1])
    # Half open, so that a corner on a centre line counts for one of its two edges.
    first = np.clip(np.ceil(upper - 0.5), 0, n_rows).astype(np.int64)
    stop = np.clip(np.ceil(lower - 0.5), 0, n_rows).astype(np.int64)
    edge, rows = _spread(first, stop)
    (x0, y0), (x1, y1) = starts[edge].T, stops[edge].T
    return rows, x0 + (rows + 0.5 - y0) / (y1 - y0) * (x1 - x0)


def _runs(rows, first, stop):
    run, cols = _spread(first, stop)
    return rows[run], cols


def _spread(first, stop):
    """Which range, and which number of it, for all numbers of the ranges first to stop - 1."""
    counts = np.maximum(stop - first, 0)
    which = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return which, first[which] + np.arange(len(which)) - before[which]
