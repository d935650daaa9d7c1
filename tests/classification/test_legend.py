"""Which classes of two sources are the same, and what they are called."""

import time

import pytest

from hiner.core.classification.labels.legend import Label, legend_of
from hiner.core.errors import ParameterError

FOREST, URBAN, WATER = Label(1, "Forest"), Label(2, "Urban"), Label(3, "Water")


def names_of(legend, labels):
    """{label's key: name of the class it is matched with, or None}"""
    names = {entry.value: entry.name for entry in legend.table}
    return {key: names.get(value) for key, value in legend.matched(labels).items()}


def test_names_decide_where_both_sides_have_them_and_numbers_are_shifted():
    others = [Label(1, "Bare"), Label(2, "Forest"), Label(3, "Urban"), Label(4, "Water")]
    found = names_of(legend_of([FOREST, URBAN, WATER]), others)
    assert found == {1: None, 2: "Forest", 3: "Urban", 4: "Water"}


def test_numbers_decide_where_one_side_has_no_names():
    assert names_of(legend_of([FOREST, URBAN]), [Label(1), Label(2)]) == {1: "Forest", 2: "Urban"}
    assert names_of(legend_of([Label(1), Label(2)]), [URBAN, FOREST]) == {2: "Class 2", 1: "Class 1"}


def test_numbers_that_a_legend_made_up_for_texts_mean_nothing_to_others():
    with pytest.raises(ParameterError, match="None of the classes Class 1, Class 2 is one of Water, Forest"):
        legend_of([Label("Water"), Label("Forest")]).matched([Label(1), Label(2)])


def test_codes_in_a_text_field_are_numbers_and_stay_what_they_are():
    legend = legend_of([Label("211"), Label("112")])
    assert [(entry.value, entry.name) for entry in legend.table] == [(112, "112"), (211, "211")]
    assert names_of(legend_of([Label(112), Label(211)]), legend.labels) == {"112": "Class 112", "211": "Class 211"}
    assert legend.matched([Label(211, "Arable land"), Label(7)]) == {211: 211, 7: None}


def test_a_style_that_only_repeats_the_numbers_names_nothing():
    assert names_of(legend_of([FOREST, URBAN]), [Label(2, "2")]) == {2: "Urban"}
    assert legend_of([Label(2, "2")]).table[0].name == "Class 2"


def test_upper_and_lower_case_are_the_same_unless_both_occur():
    assert names_of(legend_of([FOREST]), [Label("FOREST")]) == {"FOREST": "Forest"}
    both = legend_of([Label("forest"), Label("Forest")])
    assert names_of(both, both.labels) == {"forest": "forest", "Forest": "Forest"}
    with pytest.raises(ParameterError, match="FOREST"):
        both.matched([Label("FOREST")])


def test_labels_of_one_name_are_one_class():
    legend = legend_of([Label(4, "Forest", "#00ff00"), Label(2, "Forest", "#008800"), WATER])
    assert [(entry.value, entry.name, entry.colour) for entry in legend.table][0] == (2, "Forest", "#008800")
    assert legend.keys == {2: 2, 4: 2, 3: 3}
    assert legend.matched([Label(9, "Forest")]) == {9: 2}


@pytest.mark.parametrize("texts", [["a", "b", "a "], ["1", "01"], ["²", "1"], ["-", "--1"], ["1.5", "2"]])
def test_texts_that_are_no_plain_numbers_count_from_one(texts):
    legend = legend_of(map(Label, texts))
    assert [entry.value for entry in legend.table] == list(range(1, len(texts) + 1))
    assert [entry.name for entry in legend.table] == texts


def test_numbers_that_no_map_can_hold_count_from_one():
    legend = legend_of([Label(-1), Label(70000)])
    assert legend.keys == {-1: 1, 70000: 2}
    assert [entry.name for entry in legend.table] == ["Class -1", "Class 70000"]


def test_a_name_that_was_made_of_the_number_is_none():
    made = legend_of([Label(1), Label(2)])
    as_written = legend_of([Label(entry.value, entry.name) for entry in made.table])
    assert as_written.matched([FOREST, URBAN]) == {1: 1, 2: 2}
    assert legend_of([FOREST, Label(2, "Class 2")]).matched([FOREST, Label(2, "Water")]) == {1: 1, 2: 2}


def test_thousands_of_classes_are_matched_at_once():
    labels = [Label(number, f"field {number}") for number in range(20000)]
    legend, started = legend_of(labels), time.perf_counter()
    assert legend.matched(labels) == {number: number for number in range(20000)}
    assert time.perf_counter() - started < 2
