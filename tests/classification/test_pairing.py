"""A report says what decided which class is which: names, or numbers that may mean something else."""

from hiner.core.classification.labels.legend import Label, legend_of
from hiner.core.classification.labels.pairing import pairing_notes

NAMED = [Label(1, "lake"), Label(2, "soil"), Label(3, "wood")]
BARE = [Label(3), Label(1), Label(2)]


def notes(mapped, reference):
    return pairing_notes(legend_of(mapped), reference, "map", "reference")


def test_numbers_of_a_reference_without_names_are_listed_with_what_they_were_taken_for():
    (note,) = notes(NAMED, BARE)
    assert note.startswith(
        "The reference has no names for its classes: they are matched by number, 3 = wood, 1 = lake, 2 = soil. "
    )


def test_numbers_of_a_map_without_names_are_listed_too():
    (note,) = notes(BARE, NAMED)
    assert "The map has no names for its classes: they are matched by number, 1 = lake, 2 = soil, 3 = wood." in note


def test_names_are_no_reason_to_look_twice():
    assert notes(NAMED, [Label("WOOD"), Label(7, "Lake")]) == ["The classes are matched by name."]


def test_numbers_that_neither_side_names_are_told_without_a_list():
    said = "The classes are matched by number, neither side has names for them."
    assert notes([Label(1, "Class 1"), Label(2)], [Label("1"), Label(2, "2")]) == [said]


def test_some_by_name_and_some_by_number_are_told_apart():
    first, second = notes(NAMED, [Label(9, "wood"), Label(1)])
    assert "no names for some of its classes" in first and "matched by number, 1 = lake." in first
    assert second == "The other classes are matched by name."


def test_a_long_list_ends_in_how_many_more_there_are():
    (note,) = notes([Label(n, f"kind {n}") for n in range(300)], [Label(n) for n in range(300)])
    assert "11 = kind 11 and 288 more" in note
