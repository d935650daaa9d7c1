"""Classes as a source of labels names them, and the numbers that they get in a map."""

from dataclasses import dataclass, field
from typing import Union

from ..errors import ParameterError
from .samples import class_table

# 65535 is kept for pixels without a class.
LARGEST_VALUE = 65534


@dataclass(frozen=True)
class Label:
    """A class of a layer: what marks it (a whole number or a text), its name and colour, '' unknown."""

    key: Union[int, str]
    name: str = ""
    colour: str = ""

    @property
    def title(self):
        """The name to show."""
        return self.name or (self.key if isinstance(self.key, str) else f"Class {self.key}")


@dataclass(frozen=True)
class Legend:
    """LandCover classes, and which label stands for which: keys is {label's key: value}."""

    table: tuple
    keys: dict = field(default_factory=dict)

    def value_of(self, label):
        """The value of a Label: by its key, else by its name, else as the number itself; or None."""
        if label.key in self.keys:
            return self.keys[label.key]
        names = {entry.name.strip().casefold(): entry.value for entry in self.table}
        for name in (label.title, str(label.key)):
            if name.strip().casefold() in names:
                return names[name.strip().casefold()]
        values = {entry.value for entry in self.table}
        return label.key if label.key in values else None

    def joined(self, labels):
        """The legend with those labels added, each with the next free value, that it lacks."""
        missing = [label for label in labels if self.value_of(label) is None]
        if not missing:
            return self
        used = {entry.value for entry in self.table}
        added = {}
        for label in missing:
            wished = label.key if isinstance(label.key, int) and label.key not in used else None
            value = max(used, default=0) + 1 if wished is None or wished < 0 else wished
            used.add(value)
            added[label.key] = value
        entries = _entries({added[label.key]: label for label in missing}, len(self.table))
        return Legend((*self.table, *entries), {**self.keys, **added})


def legend_of(labels):
    """The Legend of a layer's Labels, in their order.

    Whole numbers stay what they are where a map can hold them; texts and others count from 1.
    Raises ParameterError for more classes than a map can hold.
    """
    labels = list(labels)
    if len(labels) > LARGEST_VALUE:
        raise ParameterError(f"The samples have {len(labels)} classes; a map holds {LARGEST_VALUE} at most.")
    if all(isinstance(label.key, int) and 0 <= label.key <= LARGEST_VALUE for label in labels):
        labels = sorted(labels, key=lambda label: label.key)
        values = [label.key for label in labels]
    else:
        values = list(range(1, len(labels) + 1))
    table = _entries(dict(zip(values, labels)))
    return Legend(table, {label.key: value for value, label in zip(values, labels)})


def _entries(labels, place=0):
    """LandCover classes of {value: Label}; place: how many classes have had a colour before."""
    names = {value: label.title for value, label in labels.items()}
    colours = {value: label.colour for value, label in labels.items() if label.colour}
    # Made beside as many others, so that colours of a legend's parts differ.
    whole = class_table([*range(-place, 0), *labels], names, colours)
    return whole[place:]
