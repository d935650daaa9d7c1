"""Labels of a raster, brought to the pixels of an image: the label under each pixel's centre."""

import numpy as np

from ...errors import ParameterError
from .grid import Grid
from .samples import samples_of_pixels

UNLABELLED = 0
_STRIP_PIXELS = 2**20
_OTHER_SIZE = (
    "{path}: has no georeference and {theirs} pixels (rows x columns), the image has {own}. Give labels "
    "of the same size, or with a georeference."
)


def labels_under(image, source, to_labels=None, check=None):
    """Labels under the centres of an image's pixels: (rows, cols, values), (n,) integers each.

    image: its SceneDescription. source: the label raster, a RasterSource of which the first band
    counts. to_labels: (xs, ys) in the image's CRS to those in the labels', arrays, NaN where there is
    none; None where they are the same. Pixels under no label, under 0 or under nodata are left out.
    Raises ParameterError for labels with fractions.
    """
    own = Grid(image)
    theirs = _aligned(own, Grid(source.description), source.description)
    step = max(1, _STRIP_PIXELS // own.shape[1])
    found = []
    for start in range(0, own.shape[0], step):
        if check is not None:
            check()
        rows, cols = np.mgrid[start:min(start + step, own.shape[0]), :own.shape[1]].reshape(2, -1)
        if theirs is None:
            places = rows, cols
        else:
            xs, ys = own.centres(rows, cols)
            places = _pixels(theirs, *(to_labels(xs, ys) if to_labels else (xs, ys)))
        kept, values = _values(source, *places)
        found.append((rows[kept], cols[kept], values))
    return tuple(np.concatenate(columns) for columns in zip(*found))


def samples_of_labels(found, labels, legend, shape):
    """Samples of what `labels_under` found; labels: Labels by their keys; legend: the Legend that counts.

    Raises ParameterError where no sample is left, or none is of a class of the Legend.
    """
    rows, cols, values = found
    if not len(rows):
        raise ParameterError(
            "No labelled pixel of the raster lies on the image. Choose samples that overlap it, and "
            "check that both have the right coordinate reference system."
        )
    keys, place = np.unique(values, return_inverse=True)
    meant = legend.matched(labels.values())
    # -1 is the value of no class: samples of it are left out, with a note.
    numbers = [meant[key] for key in keys.tolist()]
    numbers = np.array([-1 if number is None else number for number in numbers])
    return samples_of_pixels(rows, cols, numbers[place.ravel()], shape, table=legend.table)


def _aligned(own, theirs, description):
    """The labels' Grid, or None where they lie pixel on pixel without one."""
    if own.is_placed and theirs.is_placed:
        return theirs
    if own.shape == theirs.shape:
        return None
    sizes = [" x ".join(map(str, grid.shape)) for grid in (theirs, own)]
    raise ParameterError(_OTHER_SIZE.format(path=description.source, theirs=sizes[0], own=sizes[1]))


def _pixels(grid, xs, ys):
    cols, rows = grid.pixels(xs, ys)
    # What cannot be reprojected is NaN; it lies on no label.
    return tuple(
        np.floor(np.nan_to_num(np.clip(values, -1, 2.0**40), nan=-1)).astype(np.int64)
        for values in (rows, cols)
    )


def _values(source, rows, cols):
    """(places among the given pixels that have a label, their labels)."""
    description = source.description
    inside = np.flatnonzero(
        (rows >= 0) & (rows < description.n_rows) & (cols >= 0) & (cols < description.n_cols)
    )
    if not inside.size:
        return inside, np.empty(0, dtype=np.int64)
    rows, cols = rows[inside], cols[inside]
    top, left = int(rows.min()), int(cols.min())
    window = source.read([0], top, left, int(rows.max()) - top + 1, int(cols.max()) - left + 1)
    values, valid = (of[0][rows - top, cols - left] for of in (window, source.valid(window, top, left)))
    valid &= values != UNLABELLED
    values = values[valid]
    if np.any(values != np.rint(values)):
        raise ParameterError(f"{description.source}: has labels with fractions; classes are whole numbers.")
    return inside[valid], values.astype(np.int64)
