"""Work goes to processes beside this one, and is done here where there are none, or where they fail."""

import os
import signal
import subprocess
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


def stopped(pool, arguments):
    """The pool's process, which will take the next job and get no further."""
    pool.call("choose_in_tile", arguments)
    process = pool._idle[0]._process
    os.kill(process.pid, signal.SIGSTOP)
    return process


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


def test_a_job_that_fails_is_done_here_and_costs_no_process(pool):
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)
    process = pool._idle[0]._process
    damaged = {"data": bytes(40), "n_planes": 2, "filled": [np.ones((2, 3), bool)], "rows": 32, "cols": 32}
    for _ in range(3):
        with pytest.raises(FormatError):
            pool.call("decode_tile", {**damaged, "n_lanes": 8, "wanted": 0, "model": context_model().number})
    assert pool._idle[0]._process is process
    assert same(pool.call("choose_in_tile", arguments), wanted)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signals")
def test_a_process_that_dies_at_work_loses_nothing(pool):
    arguments, wanted = choosing()
    victim = stopped(pool, arguments)
    threading.Timer(0.3, victim.kill).start()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 0


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signals")
def test_cancel_is_heard_at_once_and_ends_the_process(pool):
    arguments, wanted = choosing()
    victim = stopped(pool, arguments)
    deadline = time.monotonic() + 0.2

    def check():
        if time.monotonic() > deadline:
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        pool.call("choose_in_tile", arguments, check)
    assert time.monotonic() - deadline < 0.5
    assert victim.poll() is not None
    assert same(pool.call("choose_in_tile", arguments), wanted)


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


def test_what_is_at_work_when_the_pool_is_closed_ends_after_it(pool):
    """The plugin is switched off, or replaced by a newer one."""
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments, lambda: None)
    worker = pool._take(None)
    pool.close()
    pool._give_back(worker)
    assert pool.n_idle == 0
    assert not worker.is_alive
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")
def test_a_fork_has_processes_of_its_own(pool):
    arguments, _ = choosing()
    parallel.mapped(lambda _: pool.call("choose_in_tile", arguments), range(2))
    busy = pool._take(None), pool._take(None)
    pool.forget_all()
    assert pool.n_idle == 0
    pool.call("choose_in_tile", arguments)
    assert pool.n_idle == 1
    for worker in busy:
        worker.end()


def test_a_shortage_that_passes_does_not_bar_processes(pool, monkeypatch):
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)
    pool.close()
    failing = 2 * [BlockingIOError("no more processes")]
    popen = subprocess.Popen

    def start(*arguments, **options):
        if failing:
            raise failing.pop()
        return popen(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    for n_idle in (0, 0, 1):
        assert same(pool.call("choose_in_tile", arguments), wanted)
        assert pool.n_idle == n_idle


def test_without_threads_to_wait_in_the_work_is_done_here(pool, monkeypatch):
    arguments, wanted = choosing()
    pool.call("choose_in_tile", arguments)

    def start(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    assert same(pool.call("choose_in_tile", arguments), wanted)


@pytest.mark.skipif(os.name == "nt", reason="a shell's script")
def test_cancel_is_heard_though_a_wrapper_runs_the_program(tmp_path):
    """What is called Python may be a script; its child would hold the pipes when it is gone."""
    wrapper = tmp_path / "python3"
    wrapper.write_text("#!/bin/sh\nsleep 20\n")
    wrapper.chmod(0o755)
    deadline = time.monotonic() + 0.3

    def check():
        if time.monotonic() > deadline:
            raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        Pool(lambda: [str(wrapper)]).call("choose_in_tile", choosing()[0], check)
    assert time.monotonic() - deadline < 1


def test_odd_entries_of_the_path_are_left_out(pool, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [*sys.path, tmp_path, None, "relative", str(tmp_path / "Überblick")])
    arguments, wanted = choosing()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1


def test_only_programs_called_python_are_started(monkeypatch, tmp_path):
    """Inside QGIS on Windows and macOS `sys.executable` is QGIS: it would open another window."""
    bundle = tmp_path / "MacOS"
    bundle.mkdir()
    qgis = bundle / "qgis-bin.exe"
    qgis.write_bytes(b"")
    monkeypatch.setattr(sys, "executable", str(qgis))
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    assert interpreter.interpreters() == []
    beside = bundle / "python3"
    beside.write_bytes(b"")
    assert interpreter.interpreters() == [str(beside)]
    own = tmp_path / "bin" / "python3"
    own.parent.mkdir()
    own.write_bytes(b"")
    if os.name != "nt":
        assert interpreter.interpreters() == [str(own), str(beside)]
    monkeypatch.setattr(sys, "executable", None)
    assert str(beside) not in interpreter.interpreters()


def test_the_next_program_is_tried_where_one_is_no_python_of_ours():
    """On the PATH inside QGIS stands, say, a newer Python than QGIS's."""
    pool = Pool(lambda: ["/nowhere/python3", os.devnull, sys.executable])
    arguments, wanted = choosing()
    assert same(pool.call("choose_in_tile", arguments), wanted)
    assert pool.n_idle == 1
    assert pool._works == [sys.executable]
    pool.close()
