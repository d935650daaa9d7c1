"""Independent parts of a work in threads: NumPy's loops and BLAS run without the interpreter's lock."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

MOST = 8
"""Threads beyond this wait for memory and for each other."""
_wished = [0]
_here = threading.local()


def set_threads(wished):
    """How many threads work at once from here on; 0: as many as there are processors, up to 8."""
    _wished[0] = max(int(wished), 0)


def threads():
    """How many threads work at once."""
    return _wished[0] or min(usable_cores(), MOST)


def usable_cores():
    """Cores that this process may run on: fewer than the machine's in a container."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def mapped(function, items, report=None):
    """[function(item) for item in items], several at once; raises what the first to fail raised.

    Those that have not begun then do not begin; those that have are waited for. Parts of a part are worked on one
    after the other. report: called in this thread with the share that is done, now and then.
    """
    items = list(items)
    n_threads = min(threads(), len(items))
    if n_threads < 2 or getattr(_here, "is_a_part", False):
        return _all((function(item) for item in items), len(items), report)
    with ThreadPoolExecutor(n_threads, initializer=_be_a_part) as pool:
        futures = [pool.submit(function, item) for item in items]
        try:
            return _all((future.result() for future in futures), len(items), report)
        finally:
            for future in futures:
                future.cancel()


def _all(results, n, report):
    out = []
    for result in results:
        out.append(result)
        if report:
            report(len(out) / n)
    return out


def _be_a_part():
    _here.is_a_part = True
