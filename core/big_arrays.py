"""Large arrays in memory of their own, which goes back to the system once nothing refers to them.

The C library keeps what is freed in pieces of up to 32 MiB, for each thread: coding a scene, that came to more than
what was in use.
"""

import math
import mmap

import numpy as np

LARGE = 1 << 18
"""Bytes from which on an array has memory of its own."""
# Not shared with processes that this one may start; Windows has no such choice, and needs none.
_OWN = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}


def big_zeros(shape, dtype):
    """Zeros of a shape, as of `numpy.zeros`; raises MemoryError."""
    n = math.prod(shape)
    n_bytes = n * np.dtype(dtype).itemsize
    if n_bytes < LARGE:
        return np.zeros(shape, dtype)
    try:
        memory = mmap.mmap(-1, n_bytes, **_OWN)
    except OSError as error:
        raise MemoryError(f"There are no {n_bytes >> 20} MiB of memory left.") from error
    return np.frombuffer(memory, dtype, n).reshape(shape)
