"""What a process frees stays with it: the next that is asked for need not be cleared by the system."""

import platform
import subprocess
import sys

import pytest

from hiner.core.training import kept_memory

PROGRAM = """
import contextlib, importlib.util, resource, sys, threading
import numpy as np
if sys.argv[2] == "kept":
    spec = importlib.util.spec_from_file_location("kept_memory", sys.argv[1])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    kept = module.freed_memory_kept()
else:
    kept = contextlib.nullcontext()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def step():
    tensors = [np.ones(2**20, np.uint8) for _ in range(20)]
def memory():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
with kept:
    for _ in range(3):
        step()
    before = faults()
    for _ in range(10):
        step()
    faults = faults() - before
    for _ in range(4):
        thread = threading.Thread(target=step)
        thread.start()
        thread.join()
    within = memory()
print(faults, within - memory())
"""


def ten_steps(how):
    """(pages of 4 KiB that the system had to give for what touched 20 MiB each, KiB given back in the end)"""
    run = [sys.executable, "-c", PROGRAM, kept_memory.__file__, how]
    return map(int, subprocess.run(run, capture_output=True, check=True, text=True).stdout.split())


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator than glibc's")
def test_freed_memory_is_used_again_and_given_back_in_the_end():
    (kept, given_back), (as_it_was, _) = ten_steps("kept"), ten_steps("as it was")
    assert kept < 0.05 * as_it_was
    assert given_back > 15 * 1024
