"""Memory that one step of a training frees, kept for the next."""

import numpy as np

# glibc learns from no block of 32 MiB or more, what it adds to a block included.
_BLOCK = 2**25 - 2**13


def keep_freed_memory():
    """Let this process keep up to 64 MiB that it frees, instead of giving them back to the system.

    glibc keeps twice the largest block that it ever got back, which a step's tensors of one or two MiB leave at
    little; and a page that has been given back is cleared by the system when it is next touched, thousands at each
    step. A block of the largest size that it learns from, never touched, teaches it what a program that handles
    rasters has taught it long since. Other allocators have other ways, and lose nothing.

    Source: GNU C Library, mallopt(3), M_MMAP_THRESHOLD: the threshold is dynamic, and M_TRIM_THRESHOLD follows.
    """
    np.empty(_BLOCK, np.uint8)
