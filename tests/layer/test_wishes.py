"""What maps wish for: the newest place first, a place's bands together, nothing of files that are closed."""

import gc

import pytest

pytest.importorskip("qgis.core")

from hiner.hiner_qgis.layer import wishes as module
from hiner.hiner_qgis.layer.wishes import Wishes


class File:
    """An OpenFile."""


def of_three_bands(opened, wishes, turn):
    """As QGIS asks: all places of one band, then of the next."""
    for band in "rgb":
        for place in range(4):
            wishes.add(opened, place, (band, place, turn), None, turn)


def next_keys(wishes):
    _, taken = wishes.take()
    return keys(taken)


def keys(taken):
    return [key for _, key, _ in taken]


def test_the_bands_of_a_place_come_together_and_sketches_first():
    opened, wishes = File(), Wishes()
    of_three_bands(opened, wishes, 1)
    of_three_bands(opened, wishes, 0)
    assert len(wishes) == 24
    for turn in (0, 1):
        for place in (3, 2, 1, 0):
            assert next_keys(wishes) == [(band, place, turn) for band in "rgb"]
    assert wishes.take() == (None, [])
    assert len(wishes) == 0


def test_the_newest_place_comes_first_and_a_wish_is_one_however_often_it_is_told():
    opened, wishes = File(), Wishes()
    for place in (1, 2, 3, 1):
        wishes.add(opened, place, place, None, 1)
    assert [next_keys(wishes) for _ in range(4)] == [[1], [3], [2], []]


def test_what_is_added_to_a_place_that_was_taken_can_be_had_at_once():
    opened, wishes = File(), Wishes()
    wishes.add(opened, "here", "red", None, 0)
    place, taken = wishes.take()
    for key, at in (("green", "here"), ("red of another", "there"), ("blue", "here")):
        wishes.add(opened, at, key, None, 0)
    wishes.add(opened, "here", "sharp", None, 1)
    assert keys(taken) == ["red"]
    assert keys(wishes.more_of(place)) == ["green", "blue"]
    assert wishes.more_of(place) == []
    assert [next_keys(wishes), next_keys(wishes)] == [["red of another"], ["sharp"]]


def test_later_turns_may_be_left_for_later():
    opened, wishes = File(), Wishes()
    for turn in (1, 0):
        wishes.add(opened, "here", turn, None, turn)
    assert [keys(wishes.take(0)[1]) for _ in range(2)] == [[0], []]
    assert next_keys(wishes) == [1]


def test_wishes_of_a_closed_file_are_dropped():
    closed, opened, wishes = File(), File(), Wishes()
    wishes.add(opened, "here", "kept", None, 1)
    wishes.add(closed, "here", "dropped", None, 1)
    wishes.add(closed, "there", "dropped too", None, 0)
    del closed
    gc.collect()
    assert next_keys(wishes) == ["kept"]
    assert wishes.take() == (None, [])


def test_the_oldest_places_are_forgotten(monkeypatch):
    monkeypatch.setattr(module, "_MOST_PLACES", 3)
    opened, wishes = File(), Wishes()
    for place in range(5):
        wishes.add(opened, place, place, None, 1)
    assert [next_keys(wishes) for _ in range(4)] == [[4], [3], [2], []]
    wishes.add(opened, 5, 5, None, 0)
    wishes.clear()
    assert wishes.take() == (None, [])
