"""Fixtures of the products of arrays."""

from array_products import write_arrays  # noqa: F401
