"""Work goes to processes beside this one, and is done here where there are none, or where they fail."""

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from hiner.core import parallel
from hiner.core.errors import Cancelled, FormatError
from hiner.core.methods.latent.shipped import context_model
from hiner.core.processes import interpreter, jobs
from hiner.core.processes.pool import Pool


@pytest.fixture(autouse=True)
def two_threads():
    parallel.set_threads(2)
    yield
    parallel.set_threads(0)


@pytest.fixture
def pool():
    pool = Pool()
    yield pool
    pool.close()


def choosing(n_planes=3, side=64, seed=0):
    """Arguments of a job, and what it gives."""
    random = np.random.default_rng(seed)
    scaled = [[random.laplace(size=(n_planes, side, side)).astype(np.float32) * 2 for _ in range(3)]]
    integers = [[np.rint(band).astype(np.int16) for band in bands] for bands in scaled]
    arguments = {"scaled": scaled, "integers": integers, "filled": [np.ones((n_planes, 3), bool)], "model": 1}
    return arguments, jobs.job("choose_in_tile")(**arguments)


def same(found, wanted):
    pairs = zip(found, wanted)
    return all(np.array_equal(one, other) for bands, others in pairs for one, other in zip(bands, others))


def test_another_process_gives_the_same(pool):
    arguments, wanted = choosing()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1


def test_several_threads_have_a_process_each(pool):
    arguments, wanted = choosing()
    found = parallel.mapped(lambda _: pool.call("choose_in_tile", arguments), range(6))
    assert all(same(one, wanted) for one in found)
    assert pool.n_idle == 2


def test_one_thread_needs_no_process(pool):
    parallel.set_threads(1)
    arguments, wanted = choosing()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 0


@pytest.mark.parametrize("program", [None, "/nowhere/python", os.devnull, "echo"])
def test_without_a_python_program_the_work_is_done_here(tmp_path, program):
    if program == "echo":
        # Answers, but is no Python of ours.
        program = tmp_path / "python"
        program.write_text("#!/bin/sh\necho '{\"\": [[\"python\", [2, 7, 18]]]}'\nsleep 5\n")
        program.chmod(0o755)
    pool = Pool(lambda: [str(program)] if program else [])
    arguments, wanted = choosing()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 0
    started = time.monotonic()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert time.monotonic() - started < 1


def test_a_process_that_is_gone_is_replaced(pool):
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)
    pool._idle[0]._process.kill()
    pool._idle[0]._process.wait()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signals")
def test_a_process_that_dies_at_work_loses_nothing(pool):
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)
    victim = pool._idle[0]._process
    os.kill(victim.pid, signal.SIGSTOP)
    threading.Timer(0.3, victim.kill).start()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signals")
def test_cancel_is_heard_at_once_and_ends_the_process(pool):
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)
    victim = pool._idle[0]._process
    os.kill(victim.pid, signal.SIGSTOP)
    deadline = time.monotonic() + 0.2

    def check():
        if time.monotonic() > deadline:
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        pool.call("choose_in_tile", arguments, check)
    assert time.monotonic() - deadline < 0.5
    assert victim.poll() is not None
    assert same(pool.call("choose_in_tile", arguments), wanted)


def test_errors_are_those_of_the_work_itself(pool):
    damaged = {"data": bytes(40), "n_planes": 2, "filled": [np.ones((2, 3), bool)], "rows": 32, "cols": 32}
    with pytest.raises(FormatError):
        pool.call("decode_tile", {**damaged, "n_lanes": 8, "wanted": 0, "model": context_model().number})


def test_processes_without_work_end_after_a_while():
    pool = Pool(idle_seconds=0.3)
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)
    process = pool._idle[0]._process
    process.wait(timeout=10)
    assert pool.n_idle == 0
    assert same(pool.call("choose_in_tile", arguments), wanted)
    pool.close()


def test_they_end_with_this_process(pool):
    """Their input ends then."""
    arguments, _ = choosing()
    pool.call("choose_in_tile", arguments)
    process = pool._idle[0]._process
    process.stdin.close()
    assert process.wait(timeout=10) == 0


def test_only_programs_called_python_are_started(monkeypatch, tmp_path):
    """Inside QGIS on Windows `sys.executable` is QGIS: it would open another window."""
    qgis = tmp_path / "qgis-bin.exe"
    qgis.write_bytes(b"")
    monkeypatch.setattr(sys, "executable", str(qgis))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    assert interpreter.interpreters() == []
    own = tmp_path / "bin" / "python3"
    own.parent.mkdir()
    own.write_bytes(b"")
    assert interpreter.interpreters() == [str(own)]
    monkeypatch.setattr(sys, "executable", None)
    assert interpreter.interpreters() == [str(own)]


def test_the_next_program_is_tried_where_one_is_no_python_of_ours():
    """On the PATH inside QGIS stands, say, a newer Python than QGIS's."""
    pool = Pool(lambda: ["/nowhere/python3", os.devnull, sys.executable])
    arguments, wanted = choosing()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1
    assert pool._works == [sys.executable]
    pool.close()
