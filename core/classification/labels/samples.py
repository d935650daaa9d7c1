"""Labelled pixels: where they lie, which class they have, which polygon they come from."""

from dataclasses import dataclass, replace

import numpy as np

from ...errors import ParameterError
from .class_colours import class_colours

FEWEST = 10
# A classifier's file holds the table of what is mistaken for what, a number for each two classes; the header
# of one with twice as many would be longer than any that is read.
MOST_CLASSES = 1000
UNGROUPED = -1


@dataclass(frozen=True)
class LandCover:
    """One class: the value it has in rasters, its name, its colour as #rrggbb."""

    value: int
    name: str
    colour: str


@dataclass(frozen=True)
class Samples:
    """Labelled pixels of one image.

    rows, cols, classes, groups: (n,) integers; `classes` are places in `table`, `groups` tell
    polygons apart, -1 for none. table: the LandCover classes. notes: what a user should know.
    """

    rows: np.ndarray
    cols: np.ndarray
    classes: np.ndarray
    groups: np.ndarray
    table: tuple[LandCover, ...]
    notes: tuple[str, ...] = ()

    def __len__(self):
        return len(self.rows)

    def select(self, kept, *notes):
        """Some of the pixels, a bool or integer array, with further notes."""
        return replace(
            self, rows=self.rows[kept], cols=self.cols[kept], classes=self.classes[kept],
            groups=self.groups[kept], notes=self.notes + notes,
        )

    def counts(self):
        """Pixels of each class, (classes,)."""
        return np.bincount(self.classes, minlength=len(self.table))


def class_table(values, names=None, colours=None):
    """LandCover classes for raster values; names and colours by value where known."""
    names, colours = names or {}, colours or {}
    titles = [str(names.get(value) or f"Class {value}") for value in values]
    return tuple(
        LandCover(int(value), title, colours.get(value) or colour)
        for value, title, colour in zip(values, titles, class_colours(titles))
    )


def samples_of_raster(labels, unlabelled=(0,), names=None, colours=None, table=None, groups=None):
    """Samples of a label raster on the image's pixels, (rows, cols) of integers.

    unlabelled: values that are no class. names, colours: {value: text}. table: the classes of
    another Samples, whose values then count; others are left out with a note. groups: (rows, cols)
    polygon numbers.
    Raises ParameterError for labels that are no integers and where none is left.
    """
    labels = np.asarray(labels)
    if labels.dtype.kind == "f" and np.all((labels == np.rint(labels)) | ~np.isfinite(labels)):
        labels = np.where(np.isfinite(labels), labels, unlabelled[0] if unlabelled else 0).astype(np.int64)
    if labels.dtype.kind not in "iu":
        raise ParameterError(
            f"The labels are of type {labels.dtype} with fractions; classes are whole numbers."
        )
    rows, cols = np.nonzero(~np.isin(labels, list(unlabelled)))
    numbers = labels[rows, cols].astype(np.int64)
    of_groups = np.full(len(rows), UNGROUPED) if groups is None else np.asarray(groups)[rows, cols]
    return samples_of_pixels(
        rows, cols, numbers, labels.shape, of_groups, names, colours, table
    )


def samples_of_pixels(rows, cols, values, shape, groups=None, names=None, colours=None, table=None):
    """Samples of labelled pixels in any order, (n,) integers each; the rest as `samples_of_raster`.

    shape: (rows, cols) of the image. Pixels outside it are left out; one that is labelled twice
    alike counts once, one labelled with two classes not at all: all with a note.
    Raises ParameterError where none is left.
    """
    rows, cols = np.asarray(rows, dtype=np.int64), np.asarray(cols, dtype=np.int64)
    values = np.asarray(values, dtype=np.int64)
    groups = np.full(len(rows), UNGROUPED) if groups is None else np.asarray(groups, dtype=np.int64)
    if len(rows) == 0:
        raise ParameterError("There are no labelled pixels: no sample lies on the image.")
    notes = []
    inside = (rows >= 0) & (rows < shape[0]) & (cols >= 0) & (cols < shape[1])
    if not inside.any():
        raise ParameterError(
            "All samples lie outside the image. Choose samples that overlap it, and check that "
            "both have the right coordinate reference system."
        )
    _note(notes, ~inside, "lie outside the image and are left out")
    if table is None:
        table = class_table(np.unique(values[inside]).tolist(), names, colours)
    of_value = {entry.value: place for place, entry in enumerate(table)}
    classes = np.array([of_value.get(value, -1) for value in values.tolist()])
    _note(notes, inside & (classes < 0), "are of classes that were not trained and are left out")
    kept = np.flatnonzero(inside & (classes >= 0))
    if kept.size == 0:
        raise ParameterError("No sample is of a class that was trained.")
    samples = Samples(rows[kept], cols[kept], classes[kept], groups[kept], table, tuple(notes))
    return _once_each(samples, shape)


def without_invalid(samples, valid, path="The image"):
    """The samples on valid pixels, (n,) bool each, with a note of how many were dropped.

    path: the image's, for the error.

    Raises ParameterError where none is left.
    """
    if not np.any(valid):
        raise ParameterError(
            f"{path}: has no data under any of the {len(samples)} labelled pixels to train on. Choose samples "
            "where the image has data."
        )
    dropped = int(np.count_nonzero(~valid))
    notes = (f"{dropped} labelled pixels lie where the image has no data and are left out.",)
    return samples.select(np.flatnonzero(valid), *(notes if dropped else ()))


def check_trainable(samples):
    """Raise ParameterError unless two classes at least have pixels and classes are no more than `MOST_CLASSES`.

    Returns what to warn of, texts.
    """
    check_not_too_many(len(samples.table), "The samples have", "a classifier learns")
    counts = samples.counts()
    present = np.count_nonzero(counts)
    if present < 2:
        name = samples.table[int(np.argmax(counts))].name
        raise ParameterError(
            f"All training pixels are of one class ({name}); a classifier needs two at least."
        )
    return few_pixels(samples)


def check_not_too_many(n_classes, who_has, what_takes):
    """Raise ParameterError for more classes than `MOST_CLASSES`.

    who_has, what_takes: words before the two numbers, as 'The samples have' and 'a classifier learns'.
    """
    if n_classes > MOST_CLASSES:
        raise ParameterError(
            f"{who_has} {n_classes:,} classes; {what_takes} {MOST_CLASSES:,} at most. Check that their values are "
            "classes, not a measured quantity or a number for each feature."
        )


def few_pixels(samples, fewest=FEWEST):
    """A text for each class with fewer pixels than `fewest`; such classes are kept."""
    return [
        f"The class '{entry.name}' has {count} training pixels only, fewer than {fewest}."
        for entry, count in zip(samples.table, samples.counts().tolist()) if count < fewest
    ]


def _once_each(samples, shape):
    """Leave one sample a pixel, in the image's order; none where classes contradict."""
    flat = samples.rows * np.int64(shape[1]) + samples.cols
    _, first, place = np.unique(flat, return_index=True, return_inverse=True)
    least = np.full(len(first), np.iinfo(np.int64).max)
    most = np.full(len(first), -1)
    np.minimum.at(least, place.ravel(), samples.classes)
    np.maximum.at(most, place.ravel(), samples.classes)
    agreed = least == most
    if not agreed.any():
        raise ParameterError("Every labelled pixel has several classes; check the samples.")
    notes = []
    _note(notes, ~agreed, "are labelled with several classes and are left out")
    return samples.select(first[agreed], *notes)


def _note(notes, which, text):
    count = int(np.count_nonzero(which))
    if count:
        notes.append(f"{count} labelled pixels {text}.")
