"""Products of matrices by a real BLAS, inside QGIS too.

QGIS on Linux brings GSL, whose reference code has the names by which NumPy calls its BLAS: of two libraries the first
that was loaded is called, and NumPy multiplies at a tenth of its speed. SciPy calls the same BLAS by Fortran's names,
which GSL has not, and lends its pointers to other code (`scipy.linalg.cython_blas`).
"""

import ctypes
from functools import lru_cache
from pathlib import Path

import numpy as np

_MAPS = Path("/proc/self/maps")
_SHADOW = "libgslcblas"
_NAMES = {np.dtype(np.float32): "sgemm", np.dtype(np.float64): "dgemm"}


def product(left, right):
    """left @ right of matrices (n, m) and (m, k)."""
    multiply = _fortran().get(left.dtype)
    if multiply is None or right.dtype != left.dtype or not (left.size and right.size):
        return left @ right
    out = np.empty((len(left), right.shape[1]), left.dtype)
    # Rows are Fortran's columns: it multiplies right^T by left^T, and finds out^T.
    (first, first_is, first_apart), (second, second_is, second_apart) = _as_it_lies(right), _as_it_lies(left)
    sizes = [ctypes.c_int(n) for n in (right.shape[1], len(left), len(right))]
    one, zero = np.ones(1, left.dtype), np.zeros(1, left.dtype)
    apart = [ctypes.c_int(n) for n in (first_apart, second_apart, right.shape[1])]
    # Unlike SciPy's own call this one leaves the interpreter to other threads.
    multiply(
        first_is, second_is, *(ctypes.byref(n) for n in sizes), one.ctypes.data, first.ctypes.data, ctypes.byref(apart[0]),
        second.ctypes.data, ctypes.byref(apart[1]), zero.ctypes.data, out.ctypes.data, ctypes.byref(apart[2]),
    )  # fmt: skip
    return out


def is_shadowed():
    """Whether another library may stand in for NumPy's BLAS."""
    return bool(_fortran())


def _as_it_lies(matrix):
    """(the matrix or a copy, b'N' where its rows lie in a row, b'T' where its columns do, from one to the next)."""
    for axis, kind in ((0, b"N"), (1, b"T")):
        apart = _apart(matrix, axis)
        if apart:
            return matrix, kind, apart
    matrix = np.ascontiguousarray(matrix)
    return matrix, b"N", matrix.shape[1]


def _apart(matrix, axis):
    """Numbers from one row (axis 0) or column (axis 1) to the next, 0 where the numbers in it do not lie in a row."""
    apart, step = matrix.strides[axis], matrix.strides[1 - axis]
    inside = step == matrix.itemsize and apart >= matrix.shape[1 - axis] * step and apart % step == 0
    return apart // step if inside and apart // step < 2**31 else 0


@lru_cache(maxsize=1)
def _fortran():
    """{type of floats: BLAS's product}, empty where NumPy's own is as fast, or the only one."""
    if not _has_shadow():
        return {}
    try:
        from scipy.linalg import cython_blas

        return {kind: _function(cython_blas.__pyx_capi__[name]) for kind, name in _NAMES.items()}
    except (ImportError, AttributeError, KeyError, ValueError):
        # No SciPy, or one that was built for another NumPy.
        return {}


def _function(capsule):
    """The C function that a capsule of Cython's holds; its 13 arguments are addresses."""
    name_of, pointer_of = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name_of.restype, name_of.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    pointer = pointer_of(capsule, name_of(capsule))
    return ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, *[ctypes.c_void_p] * 11)(pointer)


def _has_shadow():
    try:
        return _SHADOW in _MAPS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        # Elsewhere than on Linux a library's names are its own.
        return False
