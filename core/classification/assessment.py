"""A map of classes against labelled samples."""

from dataclasses import dataclass

import numpy as np

from ..errors import ParameterError
from ..scene.validity import valid_samples
from .accuracy import Accuracy, accuracy_of
from .legend import Label, Legend, legend_of

_STRIP_PIXELS = 2**22


@dataclass(frozen=True)
class Assessment:
    """accuracy: Accuracy over `table`, the LandCover classes that the map or the samples have there.

    notes: what a user should know, texts.
    """

    accuracy: Accuracy
    table: tuple
    notes: tuple


def assess(source, map_labels, reference_labels, samples_for, check=None):
    """Compare the first band of a RasterSource with samples (Assessment).

    map_labels: {value: Label} of what the map says of its classes; reference_labels: {key: Label}
    of the samples; samples_for: a function from a Legend to the Samples on the map's pixels.
    Classes are matched by name, then by number; one that the map does not have counts as missed.
    Raises ParameterError where nothing can be compared, RasterError.
    """
    whole = legend_of(map_labels.values()) if map_labels else Legend(())
    legend = Legend(whole.table).joined(reference_labels.values())
    samples = samples_for(legend)
    mapped, valid = values_at(source, samples.rows, samples.cols, check)
    if not valid.any():
        raise ParameterError(
            f"{source.description.source}: has no class at any of the {len(samples)} reference pixels."
        )
    notes = list(samples.notes)
    if not valid.all():
        notes.append(f"{int((~valid).sum())} reference pixels lie where the map has no class and do not count.")
    reference, mapped = samples.classes[valid], mapped[valid]
    legend = legend.joined([Label(value) for value in np.unique(mapped).tolist()])
    place = {entry.value: n for n, entry in enumerate(legend.table)}
    predicted = np.array([place[value] for value in mapped.tolist()])
    return _compared(reference, predicted, legend.table, notes)


def values_at(source, rows, cols, check=None):
    """(values, valid) of a raster's first band at pixels, (n,) int64 and bool; valid is not nodata.

    Raises ParameterError for a map with fractions.
    """
    description = source.description
    values, valid = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
    step = max(1, _STRIP_PIXELS // description.n_cols)
    for start in range(0, description.n_rows, step):
        if check is not None:
            check()
        here = np.flatnonzero((rows >= start) & (rows < start + step))
        if not here.size:
            continue
        top, bottom = int(rows[here].min()), int(rows[here].max())
        strip = source.read([0], top, 0, bottom - top + 1, description.n_cols)[0]
        found = strip[rows[here] - top, cols[here]]
        known = valid_samples(found, description.nodata)
        if np.any(found[known] != np.rint(found[known])):
            raise ParameterError(f"{description.source}: is no map of classes, its values have fractions.")
        valid[here] = known
        values[here[known]] = found[known].astype(np.int64)
    return values, valid


def _compared(reference, predicted, table, notes):
    """Only the classes that occur are counted: a palette may name hundreds."""
    used = np.unique(np.concatenate([reference, predicted]))
    trained = set(np.unique(predicted).tolist())
    missed = [table[n].name for n in np.unique(reference).tolist() if n not in trained]
    if missed:
        notes.append(f"The map has none of these classes at the reference pixels: {', '.join(missed)}.")
    accuracy = accuracy_of(
        np.searchsorted(used, reference), np.searchsorted(used, predicted), len(used)
    )
    return Assessment(accuracy, tuple(table[n] for n in used), tuple(notes))
