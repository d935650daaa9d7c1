"""Labels of a raster, brought to the pixels of an image: the label under each pixel's centre."""

from dataclasses import dataclass

import numpy as np

from ...errors import ParameterError
from .grid import Grid
from .label_lookup import LabelLookup
from .legend import Label, listed
from .samples import samples_of_pixels

_STRIP_PIXELS = 2**20
_ROUNDING = 1e-6
_FAR = 2.0**40  # pixels; integers hold it
_OTHER_SIZE = (
    "{path}: has no georeference and {theirs} pixels (rows x columns), the image has {own}. Give labels "
    "of the same size, or with a georeference."
)


@dataclass(frozen=True)
class FoundLabels:
    """Labels under an image's pixels.

    rows, cols, values: (n,) integers. labels: {value: Label} of those that occur. by_place: whether they were
    found by their place on the map, not pixel on pixel. notes: what a user should know, texts.
    """

    rows: np.ndarray
    cols: np.ndarray
    values: np.ndarray
    labels: dict
    by_place: bool
    notes: tuple


def labels_under(image, source, named=None, to_labels=None, check=None):
    """The FoundLabels under the centres of an image's pixels.

    image: its SceneDescription. source: the label raster, a RasterSource of which the first band
    counts. named: {value: Label} of what the raster says of its classes. to_labels: (xs, ys) in the image's CRS to
    those in the labels', arrays, NaN where there is none; None where they are the same. Pixels under no label are
    left out; `LabelLookup` says what is one.
    Raises ParameterError for labels with fractions.
    """
    own, named = Grid(image), named or {}
    theirs = _aligned(own, Grid(source.description), source.description)
    lookup, step = LabelLookup(source, named), max(1, _STRIP_PIXELS // own.shape[1])
    found = []
    for start in range(0, own.shape[0], step):
        if check is not None:
            check()
        rows, cols = np.mgrid[start:min(start + step, own.shape[0]), :own.shape[1]].reshape(2, -1)
        places = (rows, cols) if theirs is None else _pixels(*_places(own, theirs, to_labels, rows, cols))
        kept, values = lookup.at(*places, check)
        found.append((rows[kept], cols[kept], values))
    rows, cols, values = (np.concatenate(columns) for columns in zip(*found))
    labels = {value: named.get(value) or Label(value) for value in np.unique(values).tolist()}
    notes = lookup.notes()
    if theirs is not None and labels:
        notes += _notes_beside(lookup.beside(_covered(own, theirs, to_labels), check), labels, named)
    return FoundLabels(rows, cols, values, labels, theirs is not None, notes)


def samples_of_labels(found, legend, shape):
    """Samples of FoundLabels with their notes; legend: the Legend that counts.

    Raises ParameterError where no sample is left, or none is of a class of the Legend.
    """
    if not len(found.rows):
        raise ParameterError(
            "No labelled pixel of the raster lies on the image. Choose samples that overlap it, and "
            "check that both have the right coordinate reference system."
        )
    keys, place = np.unique(found.values, return_inverse=True)
    meant = legend.matched(found.labels.values())
    # -1 is the value of no class: samples of it are left out, with a note.
    numbers = [meant[key] for key in keys.tolist()]
    numbers = np.array([-1 if number is None else number for number in numbers])
    samples = samples_of_pixels(found.rows, found.cols, numbers[place.ravel()], shape, table=legend.table)
    return samples.select(slice(None), *found.notes)


def _aligned(own, theirs, description):
    """The labels' Grid, or None where they lie pixel on pixel without one."""
    if own.is_placed and theirs.is_placed and not own.is_same_swath(theirs):
        return theirs
    if own.shape == theirs.shape:
        return None
    sizes = [" x ".join(map(str, grid.shape)) for grid in (theirs, own)]
    raise ParameterError(_OTHER_SIZE.format(path=description.source, theirs=sizes[0], own=sizes[1]))


def _places(own, theirs, to_labels, rows, cols):
    """(rows, cols) in the labels, floats, of the centres of an image's pixels."""
    xs, ys = own.centres(rows, cols)
    cols, rows = theirs.pixels(*(to_labels(xs, ys) if to_labels else (xs, ys)))
    return rows, cols


def _covered(own, theirs, to_labels):
    """(top, left, bottom, right) of the window of the labels around an image's outline."""
    down, across = (np.arange(n + 1) - 0.5 for n in own.shape)
    rows = np.concatenate([down, down, np.full(len(across), down[0]), np.full(len(across), down[-1])])
    cols = np.concatenate([np.full(len(down), across[0]), np.full(len(down), across[-1]), across, across])
    places = np.stack(_places(own, theirs, to_labels, rows, cols))
    places = np.clip(places[:, np.isfinite(places).all(axis=0)], -1, _FAR)
    if not places.size:
        return 0, 0, *theirs.shape
    # A pixel that is covered by the rounding of its edge alone lies beside.
    first, stop = np.floor(places.min(axis=1) + _ROUNDING), np.ceil(places.max(axis=1) - _ROUNDING)
    return (*first.astype(np.int64).tolist(), *stop.astype(np.int64).tolist())


def _pixels(rows, cols):
    # What cannot be reprojected is NaN; it lies on no label.
    return tuple(
        np.floor(np.nan_to_num(np.clip(values, -1, _FAR), nan=-1)).astype(np.int64)
        for values in (rows, cols)
    )


def _notes_beside(beside, labels, named):
    if beside is None:
        return (
            "The raster of labels reaches far beyond the image: what it labels there is left out and was not counted.",
        )
    if not beside:
        return ()
    lost = [(named.get(value) or Label(value)).title for value in sorted(set(beside) - set(labels))]
    only = f" These classes lie there alone: {listed(lost)}." if lost else ""
    return (f"{sum(beside.values())} pixels of the raster of labels lie beside the image and are left out.{only}",)
