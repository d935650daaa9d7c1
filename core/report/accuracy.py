"""The report of `hiner:accuracy`: how well a map agrees with a reference."""

import os

from . import parts
from .class_plots import MOST_DRAWN, confusion_plot
from .class_tables import accuracy_cards, class_table, interval_facts
from .comparison import plots_missing
from .html import page


def accuracy_html(assessment, map_name, reference_name):
    """Return a report on an Assessment as HTML, a str."""
    accuracy, table = assessment.accuracy, assessment.table
    missing = plots_missing()
    return page(
        f"Accuracy of {os.path.basename(map_name)}",
        f"Against {reference_name}",
        missing,
        parts.section("Figures", accuracy_cards(accuracy), *interval_facts(accuracy), *noted(assessment.notes)),
        parts.section("Classes", class_table(accuracy, table)),
        confusion_section(accuracy, table) if missing is None else None,
    )


def confusion_section(accuracy, table):
    """The confusion matrix as a picture, of no more than `MOST_DRAWN` classes."""
    if len(table) > MOST_DRAWN:
        drawn = parts.explained(
            f"It is not drawn: it has {len(table):,} classes, and {MOST_DRAWN} at most are. The table (CSV) of "
            "hiner:accuracy holds every cell."
        )
    else:
        drawn = _confusion(accuracy, [entry.name for entry in table])
    return parts.section("Confusion matrix", drawn)


def _confusion(accuracy, names):
    return parts.plot(
        confusion_plot(accuracy.matrix, names),
        f"Confusion matrix of {len(names)} classes, {accuracy.n_pixels} pixels",
        "Pixels; a row for each class of the reference, a column for each of the map. The darker, the larger "
        "the share of the row: what is dark beside the diagonal is mistaken often.",
        "own-size",
    )


def noted(notes):
    """What a user should know, each a paragraph in small print."""
    return [parts.explained(note) for note in notes]
