"""The cache makes each tile once, keeps to its memory, and lets go when told to."""

import threading
import time

import numpy as np
import pytest

pytest.importorskip("qgis.core")

from hiner.core.errors import Cancelled
from hiner.hiner_qgis.layer.cache import TileCache


def _go_on():
    pass


def _tile(n_bytes=100):
    return np.zeros(n_bytes, "u1")


def test_many_threads_make_each_tile_once():
    cache, made, lock, got = TileCache(), [], threading.Lock(), []

    def make(key):
        with lock:
            made.append(key)
        time.sleep(0.02)
        return np.full(4, key)

    def work(shift):
        for i in range(8):
            key = (i + shift) % 8
            got.append((key, cache.get(key, lambda: make(key), _go_on)[0]))

    threads = [threading.Thread(target=work, args=(shift,)) for shift in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == list(range(8))
    assert len(got) == 160 and all(key == value for key, value in got)


def test_memory_stays_within_the_limit_and_the_oldest_goes_first():
    cache = TileCache(limit=350)
    for key in "abc":
        cache.get(key, _tile, _go_on)
    cache.peek("a")
    cache.get("d", _tile, _go_on)
    assert cache.n_bytes == 300
    assert [key for key in "abcd" if cache.peek(key) is not None] == ["a", "c", "d"]
    cache.set_limit(120)
    assert cache.n_bytes == 100
    cache.clear()
    assert cache.n_bytes == 0


def test_a_tile_larger_than_the_limit_is_given_but_not_kept():
    cache = TileCache(limit=50)
    assert cache.get("a", _tile, _go_on).size == 100
    assert cache.n_bytes == 0 and cache.peek("a") is None


def test_a_cancelled_thread_stops_waiting_and_the_other_goes_on():
    cache, release, started = TileCache(), threading.Event(), threading.Event()

    def slow():
        started.set()
        release.wait(10)
        return _tile()

    maker = threading.Thread(target=cache.get, args=("a", slow, _go_on))
    maker.start()
    started.wait(10)

    def stop():
        raise Cancelled("stop")

    begin = time.monotonic()
    with pytest.raises(Cancelled):
        cache.get("a", _tile, stop)
    assert time.monotonic() - begin < 0.2
    release.set()
    maker.join()
    assert cache.peek("a") is not None


def test_who_waits_for_a_cancelled_thread_makes_the_tile_itself():
    cache, started, cancel, got = TileCache(), threading.Event(), threading.Event(), []

    def cancelled():
        started.set()
        cancel.wait(10)
        raise Cancelled("stop")

    def first():
        with pytest.raises(Cancelled):
            cache.get("a", cancelled, _go_on)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    started.wait(10)
    threads.append(threading.Thread(target=lambda: got.append(cache.get("a", _tile, _go_on))))
    threads[1].start()
    time.sleep(0.05)
    cancel.set()
    for thread in threads:
        thread.join()
    assert len(got) == 1 and cache.peek("a") is not None


def test_only_so_many_tiles_are_made_at_a_time():
    cache, now, most, lock = TileCache(workers=2), [0], [0], threading.Lock()

    def make():
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return _tile()

    threads = [threading.Thread(target=cache.get, args=(key, make, _go_on)) for key in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 2


def test_tiles_cannot_be_written_to():
    with pytest.raises(ValueError):
        TileCache().get("a", _tile, _go_on)[0] = 1
