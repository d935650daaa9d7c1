"""Numbers read as a careful person would write them."""

import math

import pytest

from hiner.core.report import numbers


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (41.3449, 2, "41.34"),
        (-0.004, 2, "0.00"),
        (-1.5, 1, "\u22121.5"),
        (12345.6, 0, "12,346"),
        (math.nan, 2, "\u2013"),
        (None, 2, "\u2013"),
        (math.inf, 2, "\u221e"),
        (-math.inf, 2, "\u2212\u221e"),
    ],
)
def test_decimal(value, digits, shown):
    assert numbers.decimal(value, digits) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.39951, "0.3995"),
        (41.53, "41.53"),
        (2460.4, "2,460"),
        (0.99999, "1.000"),
        (0, "0"),
        (3.2e-7, "3.200 \u00d7 10\u207b\u2077"),
        (-1.5e9, "\u22121.500 \u00d7 10\u2079"),
        (math.nan, "\u2013"),
    ],
)
def test_significant(value, shown):
    assert numbers.significant(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(931.0, "931"), (-32768, "\u221232,768"), (0.125, "0.1250"), (math.nan, "\u2013")]
)
def test_stored_values_that_are_whole_have_no_point(value, shown):
    assert numbers.stored(value) == shown


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([57.67, 5.041, 174.2], ["57.7", "5.0", "174.2"]),
        ([931.0, 1088.0, math.nan], ["931", "1,088", "\u2013"]),
        ([-0.00157, 0.246], ["\u22120.0016", "0.2460"]),
        ([3e-9], ["3.000 \u00d7 10\u207b\u2079"]),
        ([math.nan], ["\u2013"]),
        ([0.0, 0.0], ["0", "0"]),
    ],
)
def test_columns_share_their_digits_after_the_point(values, shown):
    assert numbers.aligned(values, 4) == shown


@pytest.mark.parametrize(
    ("n_bytes", "shown"),
    [(812, "812 bytes"), (80_123, "80.1 kB"), (999_700, "1.00 MB"), (3_400_000_000, "3.40 GB")],
)
def test_size(n_bytes, shown):
    assert numbers.size(n_bytes) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0123, "12 ms"),
        (0.42, "0.4 s"),
        (9.97, "10 s"),
        (59.7, "1 min 0 s"),
        (725, "12 min 5 s"),
        (3720, "1 h 2 min"),
    ],
)
def test_duration(seconds, shown):
    assert numbers.duration(seconds) == shown
