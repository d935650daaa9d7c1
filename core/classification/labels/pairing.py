"""How the classes of two sources were paired, in words: numbers of two sources may mean different classes."""

from dataclasses import dataclass, field

from .legend import listed


def pairing_notes(legend, labels, own, other):
    """Texts on what decided which class of a Legend each Label of another source is.

    own, other: what the two sources are called, such as 'map' and 'reference'. Numbers that met while one of the
    sources has a name for them are listed, for a user to look over.
    """
    pairs = _pairs(legend, labels)
    notes = _number_notes(pairs, own, other)
    which = "The other classes" if notes else "The classes"
    for how, met in (("name", pairs.alike), ("number, neither side has names for them", pairs.neither)):
        if met:
            notes.append(f"{which} are matched by {how}.")
            which = "The other classes"
    return notes


def number_notes(legend, labels, own, other):
    """Of `pairing_notes` those that a user should look over: numbers that one of the sources alone has names for."""
    return _number_notes(_pairs(legend, labels), own, other)


def _number_notes(pairs, own, other):
    return [
        f"The {nameless} has no names for {'its' if len(met) == pairs.n_labels else 'some of its'} classes: they are "
        f"matched by number, {listed(met)}. Look whether the numbers mean the same in the {own} and in the {other}."
        for nameless, met in ((other, pairs.only_own), (own, pairs.only_other)) if met
    ]


@dataclass
class _Pairs:
    """Classes that met, in words, by which of the two sources has names for them; n_labels: of how many."""

    n_labels: int
    alike: list = field(default_factory=list)
    only_own: list = field(default_factory=list)
    only_other: list = field(default_factory=list)
    neither: list = field(default_factory=list)


def _pairs(legend, labels):
    labels = list(labels)
    pairs, meant = _Pairs(len(labels)), legend.matched(labels)
    names = {entry.value: entry.name for entry in legend.table}
    has_name = {legend.keys[label.key] for label in legend.labels if label.spoken}
    for label in labels:
        value = meant[label.key]
        if value is None:
            continue
        if label.spoken:
            same = label.title.casefold() == names[value].casefold()
            (pairs.alike if same else pairs.only_other).append(f"{label.number} = {label.title}")
        else:
            (pairs.only_own if value in has_name else pairs.neither).append(f"{label.number} = {names[value]}")
    return pairs
