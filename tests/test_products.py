"""Products are NumPy's, whichever library makes them."""

import sys

import numpy as np
import pytest

from hiner.core import products


@pytest.fixture(params=["as it is", "beside GSL", "without SciPy"])
def library(request, monkeypatch, tmp_path):
    maps = tmp_path / "maps"
    maps.write_text("7f 7f r-xp 00 08:01 1 /usr/lib/libgslcblas.so.0.0.0\n" if request.param != "as it is" else "")
    monkeypatch.setattr(products, "_MAPS", maps)
    if request.param == "without SciPy":
        monkeypatch.setitem(sys.modules, "scipy.linalg", None)
    products._fortran.cache_clear()
    yield request.param
    products._fortran.cache_clear()


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 5), (1, 7, 900), (32, 31, 4096), (5, 0, 2), (0, 3, 2)])
def test_products_are_numpys(library, kind, shape):
    rows, inner, cols = shape
    random = np.random.default_rng(sum(shape))
    # Whole numbers: sums are exact in any order.
    left, right = (random.integers(-9, 9, size).astype(kind) for size in ((rows, inner), (inner, cols)))
    found = products.product(left, right)
    assert found.dtype == kind
    assert np.array_equal(found, left @ right)
    if inner:
        assert np.array_equal(products.product(left[:, ::-1], right[::-1]), left @ right)
        assert np.array_equal(products.product(right.T, left.T), (left @ right).T)
        assert np.array_equal(products.product(left, left.T), left @ left.T)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_parts_of_matrices_are_multiplied_where_they_lie(library, kind):
    random = np.random.default_rng(0)
    left, right = (random.integers(-9, 9, shape).astype(kind) for shape in ((20, 30), (30, 40)))
    found = products.product(left[4:9, 5:25], right[5:25, 7:31])
    assert np.array_equal(found, left[4:9, 5:25] @ right[5:25, 7:31])
    assert np.array_equal(products.product(left.T[::2, ::3], left[::3]), left.T[::2, ::3] @ left[::3])


def test_scipy_is_asked_beside_gsl_alone(library):
    pytest.importorskip("scipy")
    assert products.is_shadowed() == (library == "beside GSL")


def test_another_order_of_bytes_is_left_to_numpy(library):
    left, right = np.arange(6.0).reshape(2, 3).astype(">f8"), np.arange(12.0).reshape(3, 4).astype(">f8")
    assert np.array_equal(products.product(left, right), np.arange(6.0).reshape(2, 3) @ np.arange(12.0).reshape(3, 4))


def test_kinds_that_differ_are_left_to_numpy(library):
    found = products.product(np.eye(3, dtype=np.float32), np.full((3, 2), 0.1))
    assert found.dtype == np.float64
    assert np.array_equal(found, np.full((3, 2), 0.1))


def test_systems_that_tell_nothing_have_numpys_own(monkeypatch, tmp_path):
    monkeypatch.setattr(products, "_MAPS", tmp_path / "none")
    products._fortran.cache_clear()
    assert not products.is_shadowed()
    products._fortran.cache_clear()
