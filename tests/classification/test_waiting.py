"""Work that is left behind on a cancel does not crash the program that ends before it."""

import subprocess
import sys
import time

import pytest

from hiner.core.classification.svm.waiting import waited_for
from hiner.core.errors import Cancelled

LEFT = """
import runpy, sys, time
waited_for = runpy.run_path(sys.argv[1])["waited_for"]
started = time.monotonic()

def work():
    time.sleep(1.0)
    print("work ended", flush=True)

def check():
    if time.monotonic() - started > 0.2:
        raise KeyError

try:
    waited_for(work, check)
except KeyError:
    print("left", flush=True)
"""


def test_a_program_ends_after_the_work_that_it_left_behind(checkout):
    program = [sys.executable, "-c", LEFT, str(checkout / "core" / "classification" / "svm" / "waiting.py")]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout.split("\n")[:2] == ["left", "work ended"]


def test_what_comes_of_the_work_is_returned_and_what_it_raises_is_raised():
    assert waited_for(lambda: 7, lambda: None) == 7
    with pytest.raises(ZeroDivisionError):
        waited_for(lambda: 1 / 0, lambda: None)


def test_a_cancel_waits_for_nothing():
    started = time.monotonic()

    def check():
        if time.monotonic() - started > 0.2:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        waited_for(lambda: time.sleep(1.5), check)
    assert time.monotonic() - started < 1
