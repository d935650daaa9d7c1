"""Points along the edges of rectangles and rings, of which control points and projections make bent lines."""

import numpy as np

_ALONG_AN_EDGE = 33
_MOST_ALONG = 1000


def outline(xmin, ymin, xmax, ymax):
    """(xs, ys), (n,) each: points along the four edges, the corners among them."""
    across, down = np.linspace(xmin, xmax, _ALONG_AN_EDGE), np.linspace(ymin, ymax, _ALONG_AN_EDGE)
    xs = np.concatenate([across, across, np.full_like(down, xmin), np.full_like(down, xmax)])
    ys = np.concatenate([np.full_like(across, ymin), np.full_like(across, ymax), down, down])
    return xs, ys


def bounds_of(xs, ys):
    """(xmin, ymin, xmax, ymax) of points; those without a place, NaN, are left out."""
    known = np.isfinite(xs) & np.isfinite(ys)
    xs, ys = xs[known], ys[known]
    return tuple(float(bound) for bound in (xs.min(), ys.min(), xs.max(), ys.max()))


def densified(xs, ys, lengths):
    """(xs, ys) of a line, (n,) each, with points between its own: one for each unit of its edges' lengths, (n - 1,)."""
    pieces = np.clip(np.ceil(np.nan_to_num(lengths, nan=1.0, posinf=1.0)), 1, _MOST_ALONG).astype(int)
    at = np.concatenate([edge + np.arange(count) / count for edge, count in enumerate(pieces)] + [[len(pieces)]])
    return tuple(np.interp(at, np.arange(len(pieces) + 1), values) for values in (xs, ys))
