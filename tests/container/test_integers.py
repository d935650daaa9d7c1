"""Columns of integers come back exactly, in the bits that docs/hnr-format.md says."""

import numpy as np
import pytest

from hiner.core.container.bits import BitReader, to_bytes
from hiner.core.container.integers import decode_integers, encode_integers
from hiner.core.errors import FormatError


def there_and_back(values, order, significant):
    data = to_bytes(encode_integers(values, order, significant))
    return decode_integers(BitReader(data), len(values), order, significant)


def columns():
    random = np.random.default_rng(1)
    jumps = np.cumsum(random.integers(5000, 5010, 100))
    jumps[40:] -= 200_000
    return {
        "one": [7],
        "zeros": [0] * 30,
        "line": list(range(-50, 500, 7)),
        "jumps": jumps.tolist(),
        "noise": random.integers(-1000, 1000, 77).tolist(),
        "wide": [2**63 - 1, -(2**63), 0, -1, 2**62, 1, -(2**63), 2**63 - 1, 5],
        "printed with six digits": [998762, 999234, 999711, 1000190, 1000660, 1001140, 999120],
    }


@pytest.mark.parametrize("name", columns())
@pytest.mark.parametrize("order", [0, 1, 2, 3])
@pytest.mark.parametrize("significant", [0, 5, 6])
def test_any_column_comes_back(name, order, significant):
    values = columns()[name]
    assert there_and_back(values, order, significant) == values


def test_bits_are_those_written_down_by_hand():
    # Order 1: 5, then +1, 0, -1. Folded: 10, 2, 0, 1. The shortest Rice parameter is 1: six bits;
    # each value as ones for folded >> 1, a zero, and its lowest bit.
    assert encode_integers([5, 6, 6, 5], 1, 0) == "000001" + "1111100" + "100" + "00" + "01"


def test_a_jump_is_written_whole():
    # Folded 2000 lies beyond nine ones: ten ones, 10 = its binary digits less the first one, those.
    bits = encode_integers([0] * 7 + [1000], 1, 0)
    assert bits == "000000" + "0" * 7 + "1" * 10 + format(10, "07b") + format(2000 - 1024, "010b")


def test_a_block_tells_its_parameter_by_the_change():
    # Second block: parameter 2 after 0, folded 4, in unary; then eight times +4 (folded 8).
    bits = encode_integers([0] * 8 + list(range(4, 36, 4)), 1, 0)
    assert bits == "000000" + "0" * 8 + "11110" + "11000" * 8


def test_more_values_than_bits_are_refused_at_once():
    with pytest.raises(FormatError):
        decode_integers(BitReader(b"\x00" * 10), 10**9, 1, 0)


def test_random_bits_end_in_values_or_a_format_error():
    random = np.random.default_rng(2)
    outcomes = set()
    for _ in range(300):
        try:
            decode_integers(BitReader(random.bytes(60)), 40, int(random.integers(4)), 6)
            outcomes.add("values")
        except FormatError:
            outcomes.add("error")
    assert outcomes == {"values", "error"}
