"""A map of classes against labelled samples."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..errors import ParameterError
from .accuracy import Accuracy, accuracy_of
from .labels.legend import Label, legend_of, listed
from .labels.pairing import pairing_notes
from .labels.samples import check_not_too_many

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
    Classes are matched as `Legend.matched` does, and the notes say how; one that the map does not have counts
    as missed. A label without a name is no class of the map unless its value occurs: a file's palette has 256.
    Raises ParameterError where nothing can be compared and for more classes than a matrix is made of, RasterError.
    """
    wanted = legend_of(reference_labels.values())
    samples = samples_for(wanted)
    values, valid = values_at(source, samples.rows, samples.cols, check)
    if not valid.any():
        raise ParameterError(
            f"{source.description.source}: has no class at any of the {len(samples)} reference pixels."
        )
    notes = list(samples.notes)
    if not valid.all():
        notes.append(f"{int((~valid).sum())} reference pixels lie where the map has no class and do not count.")
    values, reference = values[valid], samples.classes[valid]
    legend = _legend_of_map(map_labels, set(values.tolist()))
    try:
        table, place = _common(legend, wanted, notes)
        notes = [*pairing_notes(legend, wanted.labels, "map", "reference"), *notes]
    except ParameterError as error:
        raise ParameterError(f"{source.description.source}: cannot be compared with the reference: {error}") from error
    of_value = {entry.value: n for n, entry in enumerate(legend.table)}
    predicted = np.array([of_value[legend.keys[value]] for value in values.tolist()])
    reference = place[reference]
    used = np.unique(np.concatenate([reference, predicted]))
    check_not_too_many(
        len(used), f"{source.description.source}: map and reference have", "a comparison takes"
    )
    missing = np.setdiff1d(np.arange(len(legend.table)), reference)
    if missing.size:
        names = listed(table[n].name for n in missing)
        notes.append(f"The reference lacks these classes of the map: {names}. AA is the mean over the other classes.")
    return _compared(reference, predicted, used, table, notes)


def _legend_of_map(labels, values):
    """The Legend of the classes that have a name or occur among the values."""
    known = [label for value, label in labels.items() if label.name or value in values]
    return legend_of([*known, *map(Label, sorted(values - set(labels)))])


def _common(legend, wanted, notes):
    """(the map's classes and those that only the reference has, place of each reference class in them)."""
    matched, meant = legend.matched(wanted.labels), {}
    for label in wanted.labels:
        # Labels of one title are one class: the first that the map knows tells which.
        if meant.get(wanted.keys[label.key]) is None:
            meant[wanted.keys[label.key]] = matched[label.key]
    of_value = {entry.value: n for n, entry in enumerate(legend.table)}
    table, place = list(legend.table), []
    for entry in wanted.table:
        if meant[entry.value] is None:
            table.append(entry)
        place.append(of_value.get(meant[entry.value], len(table) - 1))
    for n in sorted(n for n, count in Counter(place).items() if count > 1):
        names = ", ".join(f"'{entry.name}'" for entry, other in zip(wanted.table, place) if other == n)
        notes.append(f"The reference's classes {names} count as one, the map's '{table[n].name}'.")
    return tuple(table), np.array(place)


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
        strip = source.read([0], top, 0, bottom - top + 1, description.n_cols)
        found, known = (of[0][rows[here] - top, cols[here]] for of in (strip, source.valid(strip, top, 0)))
        if np.any(found[known] != np.rint(found[known])):
            raise ParameterError(f"{description.source}: is no map of classes, its values have fractions.")
        valid[here] = known
        values[here[known]] = found[known].astype(np.int64)
    return values, valid


def _compared(reference, predicted, used, table, notes):
    """Only the classes that occur, `used`, are counted: a palette may name hundreds."""
    trained = set(np.unique(predicted).tolist())
    missed = [table[n].name for n in np.unique(reference).tolist() if n not in trained]
    if missed:
        notes.append(f"The map has none of these classes at the reference pixels: {listed(missed)}.")
    accuracy = accuracy_of(
        np.searchsorted(used, reference), np.searchsorted(used, predicted), len(used)
    )
    return Assessment(accuracy, tuple(table[n] for n in used), tuple(notes))
