"""Products of matrices by a real BLAS, inside QGIS too.

QGIS on Linux brings GSL, whose reference code for small machines has the names by which NumPy calls its BLAS: of two
libraries the first that was loaded is called, and NumPy multiplies at a tenth of its speed. SciPy calls the same BLAS
by its Fortran names, which GSL has not.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np

_MAPS = Path("/proc/self/maps")
_SHADOW = "libgslcblas"


def product(left, right):
    """left @ right of matrices (n, m) and (m, k), float32 or float64, both of one kind."""
    multiply = _fortran().get(left.dtype.char)
    if multiply is None or right.dtype != left.dtype or not (left.size and right.size):
        return left @ right
    # Fortran's columns are rows here: right^T left^T is the transposed product, and nothing is copied.
    return multiply(1.0, right.T, left.T).T


def is_shadowed():
    """Whether another library may stand in for NumPy's BLAS."""
    return bool(_fortran())


@lru_cache(maxsize=1)
def _fortran():
    """{kind of float: SciPy's product}, empty where NumPy's own is as fast, or the only one."""
    if not _has_shadow():
        return {}
    try:
        from scipy.linalg import blas
    except ImportError:
        return {}
    return {np.dtype(np.float32).char: blas.sgemm, np.dtype(np.float64).char: blas.dgemm}


def _has_shadow():
    try:
        return _SHADOW in _MAPS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        # Elsewhere than on Linux a library's names are its own.
        return False
