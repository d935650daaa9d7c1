"""Accuracies as tables: for people, and as CSV for programs."""

import csv
import io
import math

from . import parts
from .numbers import DASH, decimal

COLUMNS = ("figure", "class", "of_class", "value", "low", "high")


def accuracy_cards(accuracy):
    """Headline figures of an Accuracy."""
    return parts.cards(
        [
            ("Overall accuracy (OA)", percent(accuracy.overall), "%"),
            ("Average accuracy (AA)", percent(accuracy.average), "%"),
            ("Kappa", decimal(accuracy.kappa, 3), ""),
            ("Pixels compared", f"{accuracy.n_pixels:,}", ""),
        ]
    )


def interval_facts(accuracy):
    """The headline figures' confidence intervals, and what they mean."""
    rows = [
        ("OA, 95 %", f"{span(accuracy.overall_interval)} %"),
        ("AA, 95 %", f"{span(accuracy.average_interval)} %"),
    ]
    if not math.isnan(accuracy.kappa):
        low, high = accuracy.kappa_interval
        rows.append(("Kappa, 95 %", f"{decimal(low, 3)} to {decimal(high, 3)}"))
    note = parts.explained(
        "OA: share of pixels that are right. AA: mean of the classes' producer's accuracies. Kappa: agreement "
        "beyond chance. The intervals (Wilson's, carried over to AA, kappa and F1) take every "
        "pixel as drawn by itself; pixels of one field resemble each other, so that the true uncertainty is larger."
    )
    return [parts.facts(rows), note]


def class_table(accuracy, table, n_train=None):
    """A row for each LandCover class in its colour; n_train: training pixels of each, or None."""
    columns = ["Class", "Training", "Test" if n_train is not None else "Reference"]
    columns += ["Map", "Producer's (%), 95 %", "User's (%), 95 %", "F1 (%), 95 %"]
    rows = []
    sums, mapped = accuracy.matrix.sum(axis=1), accuracy.matrix.sum(axis=0)
    for n, entry in enumerate(table):
        cells = [parts.swatch(entry.colour, entry.name), "" if n_train is None else f"{n_train[n]:,}"]
        cells += [f"{sums[n]:,}", f"{mapped[n]:,}"]
        for shares, intervals in (
            (accuracy.producers, accuracy.producers_intervals), (accuracy.users, accuracy.users_intervals),
            (accuracy.f1, accuracy.f1_intervals),
        ):
            cells.append(_with_interval(shares[n], (intervals[0][n], intervals[1][n])))
        rows.append((cells, True))
    if n_train is None:
        columns.pop(1)
        rows = [([cells[0], *cells[2:]], used) for cells, used in rows]
    caption = (
        "Pixels of each class, and its accuracies. Producer's accuracy: share of the class's reference pixels that "
        "the map has right. User's accuracy: share of the map's pixels of the class that are right. F1: their "
        "harmonic mean."
    )
    return parts.table(caption, columns, rows, class_="classes")


def count_table(table, n_train):
    """Training pixels of each class, where nothing was tested."""
    rows = [([parts.swatch(e.colour, e.name), f"{n:,}"], True) for e, n in zip(table, n_train)]
    return parts.table("Classes that the classifier knows.", ["Class", "Training pixels"], rows, class_="classes")


def percent(share, digits=1):
    """A share as a percentage without its sign; a dash for NaN."""
    return decimal(100 * share, digits)


def span(interval):
    """An interval of shares as text, in %."""
    low, high = interval
    return DASH if math.isnan(low) else f"{percent(low)} to {percent(high)}"


def _with_interval(share, interval):
    return DASH if math.isnan(share) else f"{percent(share)} ({percent(interval[0])}\u2013{percent(interval[1])})"


def accuracy_csv(accuracy, table):
    """All figures of an Accuracy as CSV text, a line each; undefined ones are empty.

    Columns are `COLUMNS`: `value` with its 95 % interval from `low` to `high`; accuracies are shares.
    Of the confusion matrix's cells (`pixels`), `class` is the reference's and `of_class` the map's.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    lines = [
        ("overall_accuracy", "", "", accuracy.overall, *accuracy.overall_interval),
        ("average_accuracy", "", "", accuracy.average, *accuracy.average_interval),
        ("kappa", "", "", accuracy.kappa, *accuracy.kappa_interval),
        ("compared_pixels", "", "", accuracy.n_pixels, "", ""),
    ]
    per_class = (
        ("producers_accuracy", accuracy.producers, accuracy.producers_intervals),
        ("users_accuracy", accuracy.users, accuracy.users_intervals),
        ("f1", accuracy.f1, accuracy.f1_intervals),
    )
    for figure, shares, (low, high) in per_class:
        lines += [(figure, entry.name, "", *row) for entry, *row in zip(table, shares, low, high)]
    for entry, row in zip(table, accuracy.matrix):
        lines += [("pixels", entry.name, other.name, int(n), "", "") for other, n in zip(table, row)]
    for line in lines:
        writer.writerow([_cell(value) for value in line])
    return text.getvalue()


def _cell(value):
    if isinstance(value, (str, int)):
        return value
    return "" if math.isnan(value) else repr(float(value))
