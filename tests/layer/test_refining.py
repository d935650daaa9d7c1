"""Decoding in the background ends: when it is cancelled, when nobody looks, and with less memory than the map shows."""

import gc
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest
from waiting import wait_for

pytest.importorskip("qgis.core")

from hiner.core import parallel
from hiner.hiner_qgis.layer import made, refining, tiles
from hiner.hiner_qgis.layer.cache import TileCache

ROWS, COLS = 1080, 1920


class File:
    """An OpenFile whose decoder has nothing at hand, like that of the method `hiner`."""

    identity = "file"
    hnr = SimpleNamespace(
        description=SimpleNamespace(n_rows=ROWS, n_cols=COLS),
        decoder=SimpleNamespace(first_reduction=4, is_at_hand=lambda *window: False),
    )


@pytest.fixture
def refiner(qgis):
    refiner = refining.Refiner()
    yield refiner
    refiner.stop()
    wait_for(qgis, lambda: qgis.taskManager().countActiveTasks() == 0)


def draw(reader, refiner):
    """What a map of three bands at full resolution asks for."""
    for number in range(3):
        band = tiles.Band((number,), lambda window, shape, check: np.ones(shape, "f4"))
        reader.read(band, np.arange(ROWS)[:, None], np.arange(COLS)[None], 1.0, lambda: None, refiner)


def noted(order, name, after=None):
    """What makes a wish true: notes its name, once that event is set."""

    def make(check):
        assert after is None or after.wait(10)
        order.append(name)

    return make


def fulfil(refiner):
    """Do what the task does; how many wishes there were."""
    count, (_, wishes) = 0, refiner.wishes.take()
    while wishes:
        for opened, key, make in wishes:
            make(lambda: None)
            refiner.fulfilled(opened, key)
        count, (_, wishes) = count + len(wishes), refiner.wishes.take()
    return count


def test_a_cancelled_task_is_the_last_whatever_was_wished(qgis, refiner):
    opened, started, begun = File(), threading.Event(), []

    def endless(check):
        started.set()
        while True:
            check()
            time.sleep(0.005)

    qgis.taskManager().taskAdded.connect(begun.append)
    for number in range(20):
        refiner.want(opened, number, number, endless, number % 2)
    wait_for(qgis, started.is_set)
    qgis.taskManager().cancelAll()
    wait_for(qgis, lambda: qgis.taskManager().countActiveTasks() == 0)
    for _ in range(20):
        qgis.processEvents()
        time.sleep(0.005)
    qgis.taskManager().taskAdded.disconnect(begun.append)
    assert len(begun) == 1
    assert len(refiner.wishes) == 0
    done = threading.Event()
    refiner.want(opened, "later", "later", lambda check: done.set(), 0)
    wait_for(qgis, done.is_set)


def test_a_cancelled_task_draws_nothing_more(qgis, refiner, monkeypatch):
    """A map that is drawn wishes again, and the task would be back."""
    opened, shown, waiting = File(), [], threading.Event()
    monkeypatch.setattr(refiner, "show", shown.append)
    # Nothing is shown before, however slow the machine is.
    monkeypatch.setattr(refining, "_SECONDS", 60)

    def endless(check):
        waiting.set()
        while True:
            check()
            time.sleep(0.005)

    refiner.want(opened, "endless", "endless", endless, 1)
    refiner.want(opened, "made", "made", lambda check: None, 0)
    wait_for(qgis, lambda: waiting.is_set() and refiner.has_made(opened, "made"))
    qgis.taskManager().cancelAll()
    wait_for(qgis, lambda: qgis.taskManager().countActiveTasks() == 0)
    assert shown == []


def test_a_place_is_left_when_all_its_bands_are_made(qgis, refiner, monkeypatch):
    """QGIS asks band by band: while the first is decoded the others are wished for, and other places too."""
    monkeypatch.setattr(parallel, "threads", lambda: 1)
    opened, wanted, order = File(), threading.Event(), []
    refiner.want(opened, "here", "red", noted(order, "red", after=wanted), 0)
    wait_for(qgis, lambda: not len(refiner.wishes))
    for band in ("green", "blue"):
        refiner.want(opened, "here", band, noted(order, band), 0)
    refiner.want(opened, "here", "sharp", noted(order, "sharp"), 1)
    wanted.set()
    wait_for(qgis, lambda: len(order) == 4)
    assert order == ["red", "green", "blue", "sharp"]


def test_no_scene_is_decoded_beside_a_sketch(qgis, refiner, monkeypatch):
    """Other sketches will be wished for in a moment; they would wait for the scene."""
    monkeypatch.setattr(parallel, "threads", lambda: 2)
    opened, enough, order = File(), threading.Event(), []
    refiner.want(opened, "here", "scene", noted(order, "scene"), 1)
    refiner.want(opened, "here", "sketch", noted(order, "sketch", after=enough), 0)
    wait_for(qgis, lambda: len(refiner.wishes) == 1)
    refiner.want(opened, "there", "another", noted(order, "another sketch"), 0)
    enough.set()
    wait_for(qgis, lambda: len(order) == 3)
    assert sorted(order[:2]) == ["another sketch", "sketch"]


def test_what_is_made_is_shown_while_the_next_takes_long(qgis, refiner, monkeypatch):
    monkeypatch.setattr(refining, "_SECONDS", 0.2)
    monkeypatch.setattr(parallel, "threads", lambda: 1)
    opened, shown, enough = File(), [], threading.Event()
    monkeypatch.setattr(refiner, "show", shown.append)
    refiner.want(opened, "long", "long", lambda check: enough.wait(10), 1)
    refiner.want(opened, "made", "made", lambda check: None, 0)
    wait_for(qgis, lambda: shown)
    assert not enough.is_set() and shown[0] == {opened}
    enough.set()


@pytest.mark.parametrize("cores", [1, 2])
def test_no_more_wishes_at_once_than_threads(qgis, refiner, monkeypatch, cores):
    monkeypatch.setattr(parallel, "threads", lambda: cores)
    opened, lock, at_once, most = File(), threading.Lock(), [0], []

    def make(check):
        with lock:
            at_once[0] += 1
            most.append(at_once[0])
        time.sleep(0.05)
        with lock:
            at_once[0] -= 1

    for number in range(6):
        refiner.want(opened, number, number, make, 1)
    wait_for(qgis, lambda: all(refiner.has_made(opened, number) for number in range(6)))
    assert max(most) == cores


def test_wishes_come_true_where_no_thread_is_left(qgis, refiner, monkeypatch):
    opened, told = File(), []
    monkeypatch.setattr(refining, "report", told.append)

    class NoThreads(refining.ThreadPoolExecutor):
        def submit(self, *call):
            raise RuntimeError("can't start new thread")

    monkeypatch.setattr(refining, "ThreadPoolExecutor", NoThreads)
    for number in range(6):
        refiner.want(opened, number, number, lambda check: None, number % 2)
    wait_for(qgis, lambda: all(refiner.has_made(opened, number) for number in range(6)))
    assert told == []


def test_two_wishes_are_fulfilled_at_once(qgis, refiner, monkeypatch):
    """What one tile waits for leaves other cores idle."""
    monkeypatch.setattr(parallel, "threads", lambda: 2)
    opened, both, met = File(), threading.Barrier(2), []

    def meet(check):
        both.wait(10)
        met.append(True)

    for number in range(4):
        refiner.want(opened, number, number, meet, 1)
    wait_for(qgis, lambda: len(met) == 4)
    wait_for(qgis, lambda: all(refiner.has_made(opened, number) for number in range(4)))


@pytest.mark.parametrize("cores", [1, 2, 64])
def test_a_map_is_drawn_while_wishes_are_fulfilled(qgis, refiner, monkeypatch, cores):
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    monkeypatch.setattr(parallel, "threads", lambda: 8)
    opened, tiles, drawn, started = File(), TileCache(), threading.Event(), []

    def make():
        started.append(True)
        assert drawn.wait(10)
        return np.zeros(1)

    for number in range(4):
        refiner.want(opened, number, number, lambda check, number=number: tiles.get(number, make, check), 1)
    wait_for(qgis, lambda: len(started) == refining.AT_ONCE)
    until = time.monotonic() + 5

    def in_time():
        assert time.monotonic() < until

    tiles.get("sketch", lambda: np.zeros(1), in_time)
    drawn.set()
    wait_for(qgis, lambda: len(started) == 4)


def test_an_error_in_a_wish_is_told_and_the_others_come_true(qgis, refiner, monkeypatch):
    opened, told = File(), []
    monkeypatch.setattr(refining, "report", told.append)

    def fail(check):
        raise OSError("the disk is gone")

    refiner.want(opened, "good", "good", lambda check: None, 1)
    refiner.want(opened, "bad", "bad", fail, 0)
    wait_for(qgis, lambda: refiner.has_made(opened, "good") and told)
    assert told == ["OSError: the disk is gone"]
    assert not refiner.has_made(opened, "bad")


def test_qgis_may_be_closed_without_a_question(refiner):
    from qgis.core import QgsTask

    flags = refining._Refining(refiner).flags()
    assert flags & QgsTask.Flag.CanCancel
    assert flags & QgsTask.Flag.CancelWithoutPrompt


def test_what_a_closed_layer_wished_is_not_decoded(refiner):
    opened = File()
    reader = tiles.TileReader(opened, TileCache())
    draw(reader, refiner)
    assert len(refiner.wishes) > 0
    del opened, reader
    gc.collect()
    assert refiner.wishes.take() == (None, [])


@pytest.mark.parametrize("mib", [1, 16, 256])
def test_the_repaints_of_a_map_end_however_little_is_kept(refiner, mib):
    opened = File()
    reader = tiles.TileReader(opened, TileCache(mib << 20))
    wishes = []
    while not wishes or wishes[-1]:
        draw(reader, refiner)
        wishes.append(fulfil(refiner))
        assert len(wishes) < 4
    # A sketch and the tile itself of each of 5 x 8 tiles in three bands.
    assert sum(wishes) == 2 * 5 * 8 * 3


def test_a_look_long_after_starts_with_a_sketch_again(refiner, monkeypatch):
    opened, clock = File(), [0.0]
    monkeypatch.setattr(made, "monotonic", lambda: clock[0])
    reader = tiles.TileReader(opened, TileCache(1 << 20))
    draw(reader, refiner)
    fulfil(refiner)
    clock[0] += 3600
    draw(reader, refiner)
    assert len(refiner.wishes) > 0


def test_a_file_that_is_opened_anew_is_sketched_anew(refiner):
    opened = File()
    reader = tiles.TileReader(opened, TileCache(1 << 20))
    draw(reader, refiner)
    fulfil(refiner)
    draw(reader, refiner)
    assert len(refiner.wishes) == 0
    del opened, reader
    gc.collect()
    opened = File()
    draw(tiles.TileReader(opened, TileCache(1 << 20)), refiner)
    assert len(refiner.wishes) > 0
