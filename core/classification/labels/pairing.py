"""How the classes of two sources were paired, in words: numbers of two sources may mean different classes."""

from .legend import listed


def pairing_notes(legend, labels, own, other):
    """Texts on what decided which class of a Legend each Label of another source is.

    own, other: what the two sources are called, such as 'map' and 'reference'. Numbers that met while one of the
    sources has a name for them are listed, for a user to look over.
    """
    labels, meant = list(labels), legend.matched(labels)
    names = {entry.value: entry.name for entry in legend.table}
    has_name = {legend.keys[label.key] for label in legend.labels if label.spoken}
    alike, only_own, only_other, neither = [], [], [], []
    for label in labels:
        value = meant[label.key]
        if value is None:
            continue
        if label.spoken:
            same = label.title.casefold() == names[value].casefold()
            (alike if same else only_other).append(f"{label.number} = {label.title}")
        else:
            (only_own if value in has_name else neither).append(f"{label.number} = {names[value]}")
    notes = [
        f"The {nameless} has no names for {'its' if len(pairs) == len(labels) else 'some of its'} classes: they are "
        f"matched by number, {listed(pairs)}. Look whether the numbers mean the same in the {own} and in the {other}."
        for nameless, pairs in ((other, only_own), (own, only_other)) if pairs
    ]
    which = "The other classes" if notes else "The classes"
    for how, pairs in (("name", alike), ("number, neither side has names for them", neither)):
        if pairs:
            notes.append(f"{which} are matched by {how}.")
            which = "The other classes"
    return notes
