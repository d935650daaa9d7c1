"""Classes as a source of labels names them, the numbers that they get in a map, and which are the same."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Union

from ...errors import ParameterError
from .samples import class_table

# 65535 is kept for pixels without a class.
LARGEST_VALUE = 65534
_NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class Label:
    """A class of a layer: what marks it (a whole number or a text), its name and colour, '' unknown."""

    key: Union[int, str]
    name: str = ""
    colour: str = ""

    @property
    def number(self):
        """The whole number that marks it, also where a text field holds one; None for other texts."""
        if isinstance(self.key, str):
            return int(self.key) if _NUMBER.fullmatch(self.key) else None
        return self.key

    @property
    def spoken(self):
        """What it is called in words, '' where it has a number alone, or what `title` makes of one."""
        if self.name and self.name not in (str(self.key), _unnamed(self.key)):
            return self.name
        return self.key if self.number is None else ""

    @property
    def title(self):
        """The name to show."""
        return self.spoken or (self.key if isinstance(self.key, str) else _unnamed(self.key))


def _unnamed(number):
    return f"Class {number}"


@dataclass(frozen=True)
class Legend:
    """The classes of a source: labels of one title are one class.

    table: LandCover classes. labels: the Labels they were made of. keys: {label's key: its class's value}.
    """

    table: tuple
    labels: tuple = ()
    keys: dict = None

    def matched(self, labels):
        """{key: value of the class that is meant, or None} for the Labels of another source.

        Classes that have names on both sides are the same where the names are, in upper or lower
        case; where one side has none, the number decides.
        Raises ParameterError, which lists both, where no class is meant by any label.
        """
        labels, index = list(labels), _Index(self)
        found = {label.key: index.value_of(label) for label in labels}
        if labels and all(value is None for value in found.values()):
            raise ParameterError(
                f"None of the classes {listed(label.title for label in labels)} is one of "
                f"{listed(entry.name for entry in self.table)}. Classes are the same where their names are, "
                "or, where one side has no names, where their numbers are."
            )
        return found


class _Index:
    """Where a Legend's classes are found by name and by number."""

    def __init__(self, legend):
        self._legend = legend
        self._exact = {entry.name: entry.value for entry in legend.table}
        self._alike = {}
        for entry in legend.table:
            self._alike.setdefault(entry.name.casefold(), []).append(entry.value)
        self._numbered = {}
        for own in legend.labels:
            self._numbered.setdefault(own.number, []).append(own)

    def value_of(self, label):
        if label.title in self._exact:
            return self._exact[label.title]
        alike = self._alike.get(label.title.casefold(), ())
        if len(alike) == 1:
            return alike[0]
        if label.number is not None:
            for own in self._numbered.get(label.number, ()):
                if not (own.spoken and label.spoken):
                    return self._legend.keys[own.key]
        return None


def legend_of(labels):
    """The Legend of a layer's Labels, in their order.

    Whole numbers stay what they are where a map can hold them, the smallest of those that share a
    title; other texts and numbers count from 1.
    Raises ParameterError for more classes than a map can hold.
    """
    labels = tuple(labels)
    numbers = [label.number for label in labels]
    distinct = max(Counter(numbers).values(), default=1) == 1
    if distinct and all(number is not None and 0 <= number <= LARGEST_VALUE for number in numbers):
        labels = tuple(sorted(labels, key=lambda label: label.number))
        values = {}
        for label in labels:
            values.setdefault(label.title, label.number)
    else:
        titles = dict.fromkeys(label.title for label in labels)
        values = {title: place for place, title in enumerate(titles, start=1)}
    if len(values) > LARGEST_VALUE:
        raise ParameterError(f"The samples have {len(values)} classes; a map holds {LARGEST_VALUE} at most.")
    colours = {values[label.title]: label.colour for label in reversed(labels) if label.colour}
    table = class_table(values.values(), {value: title for title, value in values.items()}, colours)
    return Legend(table, labels, {label.key: values[label.title] for label in labels})


def listed(titles, most=12):
    """Texts as one, with how many more there are than `most`."""
    titles = list(titles)
    return ", ".join(titles[:most]) + (f" and {len(titles) - most} more" if len(titles) > most else "")
