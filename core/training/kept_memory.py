"""Memory that one step of a training frees, kept for the next."""

import contextlib
import ctypes
import sys

import numpy as np

# glibc learns from no block of 32 MiB or more, what it adds to a block included.
_BLOCK = 2**25 - 2**13


@contextlib.contextmanager
def freed_memory_kept():
    """Let each thread keep up to 64 MiB that it frees, and give them back to the system at the end.

    glibc keeps twice the largest block that it ever got back, which a step's tensors of one or two MiB leave at
    little; and a page that has been given back is cleared by the system when it is next touched, thousands at each
    step. A block of the largest size that it learns from, never touched, teaches it what a program that handles
    rasters has taught it long since. Other allocators have other ways, and lose nothing.

    Source: GNU C Library, mallopt(3), M_MMAP_THRESHOLD: the threshold is dynamic, and M_TRIM_THRESHOLD follows.
    """
    np.empty(_BLOCK, np.uint8)
    try:
        yield
    finally:
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform.startswith("linux") else None
        if trim is not None:
            trim(0)
