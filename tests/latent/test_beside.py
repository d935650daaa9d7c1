"""A scene of several tiles is coded and decoded in several processes, to the same bytes and samples as in one."""

import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from hiner.core import parallel
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent import tile_jobs
from hiner.core.methods.latent.planes import SKETCH_LEVEL
from hiner.core.processes import pool
from hiner.core.simple import compress_array


@pytest.fixture(scope="module")
def cube():
    """Two tiles of correlated bands with noise, (bands, rows, cols) int16."""
    random = np.random.default_rng(3)
    fields = np.cumsum(np.cumsum(random.normal(size=(8, 90, 330)), 1), 2)
    fields *= 300 / fields.std((1, 2))[:, None, None]
    bands = random.uniform(-1, 1, (24, 8)) @ fields.reshape(8, -1)
    return np.rint(bands + 20 * random.normal(size=bands.shape)).astype(np.int16).reshape(24, 90, 330)


@pytest.fixture
def calls(monkeypatch):
    """Names of the jobs that processes beside this one did."""
    own, names = pool.Pool(), []
    monkeypatch.setattr(tile_jobs, "WORTH", 1)
    monkeypatch.setattr(tile_jobs, "SHARED", own)
    monkeypatch.setattr(own, "call", lambda name, *rest: names.append(name) or pool.Pool.call(own, name, *rest))
    yield names
    own.close()
    parallel.set_threads(0)


def test_bytes_and_samples_are_the_same(tmp_path, cube, calls):
    parallel.set_threads(1)
    compress_array(cube, tmp_path / "alone.hnr", rate=0.4)
    alone = HnrFile(tmp_path / "alone.hnr").read_bands(range(24))
    parallel.set_threads(2)
    calls.clear()
    compress_array(cube, tmp_path / "beside.hnr", rate=0.4)
    assert set(calls) == {"choose_in_tile", "encode_tile", "decode_tile"}
    assert tile_jobs.SHARED.n_idle == 2
    assert (tmp_path / "beside.hnr").read_bytes() == (tmp_path / "alone.hnr").read_bytes()
    assert np.array_equal(HnrFile(tmp_path / "beside.hnr").read_bands(range(24)), alone)


def test_levels_that_another_process_decoded_are_gone_on_from(tmp_path, cube, calls):
    """A coarse picture first, then a finer, then the scene itself, of one file that stays open."""
    compress_array(cube, tmp_path / "a.hnr", rate=0.4)
    parallel.set_threads(1)
    wanted = [read(HnrFile(tmp_path / "a.hnr"), step) for step in (2, 1)]
    parallel.set_threads(2)
    calls.clear()
    hnr = HnrFile(tmp_path / "a.hnr")
    assert np.array_equal(read(hnr, 2), wanted[0])
    assert np.array_equal(read(hnr, 1), wanted[1])
    assert np.array_equal(read(hnr, 2), wanted[0])
    assert calls == 4 * ["decode_tile"]


def test_a_sketch_made_here_does_not_keep_the_scene_from_other_processes(tmp_path, cube, calls, monkeypatch):
    compress_array(cube, tmp_path / "a.hnr", rate=0.4)
    whole = read(HnrFile(tmp_path / "a.hnr"), 1)
    calls.clear()
    hnr = HnrFile(tmp_path / "a.hnr")
    monkeypatch.setattr(tile_jobs, "WORTH", 10**9)
    sketch = read(hnr, 4)
    assert calls == []
    monkeypatch.setattr(tile_jobs, "WORTH", 1)
    assert np.array_equal(read(hnr, 1), whole)
    assert calls == 2 * ["decode_tile"]
    assert np.array_equal(read(hnr, 4), sketch)


def test_a_tile_beside_another_that_is_being_decoded_goes_to_another_process(tmp_path, cube, calls):
    compress_array(cube, tmp_path / "a.hnr", rate=0.4)
    calls.clear()
    alone, beside = (HnrFile(tmp_path / "a.hnr").decoder._planes for _ in range(2))
    alone._decode_all({0: 0}, None)
    assert calls == []
    with while_decoded(beside, 1):
        decoded = beside._decode_all({0: 0}, None)[0]
    assert calls == ["decode_tile"]
    for mine, expected in zip(decoded.details, alone._decoders[0].details):
        assert all(np.array_equal(a, b) for a, b in zip(mine, expected))


@pytest.mark.parametrize("number", [0, 1])
def test_a_sketch_waits_for_no_tile_that_is_being_decoded(tmp_path, cube, calls, number):
    compress_array(cube, tmp_path / "a.hnr", rate=0.4)
    alone, beside = (HnrFile(tmp_path / "a.hnr").decoder._planes for _ in range(2))
    expected = alone.tile(number, SKETCH_LEVEL)
    with while_decoded(beside, number):
        sketch = beside.tile(number, SKETCH_LEVEL, end_after(30))
    assert np.array_equal(sketch, expected)
    assert np.array_equal(beside.tile(number), alone.tile(number))


def test_sketches_are_made_here_and_each_once(tmp_path, cube, calls, monkeypatch):
    """Two threads want sketches that need the same tiles: one waits for the other's, and none goes to a process."""
    compress_array(cube, tmp_path / "a.hnr", rate=0.4)
    planes = HnrFile(tmp_path / "a.hnr").decoder._planes
    calls.clear()
    begun, lock = [], threading.Lock()
    decode = tile_jobs.decode_here

    def slowly(decoder, level, check=None):
        if not decoder.is_decoded(level):
            with lock:
                begun.append(decoder)
            time.sleep(0.2)
        decode(decoder, level, check)

    monkeypatch.setattr(tile_jobs, "decode_here", slowly)
    threads = [threading.Thread(target=planes.tile, args=(number, SKETCH_LEVEL)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(begun) == len(set(begun)) == 2
    assert calls == []


@contextmanager
def while_decoded(planes, number):
    """While another thread is in the midst of decoding a tile."""
    busy, done = threading.Event(), threading.Event()

    def stand_still():
        busy.set()
        assert done.wait(60)

    thread = threading.Thread(target=planes._decode_all, args=({number: 0}, stand_still))
    thread.start()
    assert busy.wait(60)
    try:
        yield
    finally:
        done.set()
        thread.join()


def end_after(seconds):
    until = time.monotonic() + seconds

    def check():
        assert time.monotonic() < until, "it waits"

    return check


def read(hnr, step):
    shape = -(-hnr.description.n_rows // step), -(-hnr.description.n_cols // step)
    return hnr.read_bands([3], shape=shape, coarse=True)


def test_a_single_tile_stays_in_this_process(tmp_path, cube, calls):
    compress_array(cube[:, :200, :200].copy(), tmp_path / "a.hnr", rate=0.4)
    HnrFile(tmp_path / "a.hnr").read_bands([0])
    assert calls == []
    assert tile_jobs.SHARED.n_idle == 0
