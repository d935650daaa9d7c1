"""A column of numbers comes back bit for bit, and short where it lies on a decimal grid."""

import numpy as np
import pytest

from hiner.core.container.bits import BitReader
from hiner.core.container.columns import decode_column, encode_column
from hiner.core.errors import FormatError


def there_and_back(values):
    data = encode_column(values, 0)
    return decode_column(BitReader(data), [len(values)])[0]


def columns():
    random = np.random.default_rng(3)
    wide = np.exp(random.uniform(-700, 700, 50)) * random.choice([-1, 1], 50)
    return {
        "printed wavelengths": [float(f"{400 + 9.87654 * i:.6g}") for i in range(200)],
        "micrometres": [round(0.4 + 0.0098765 * i, 9) for i in range(200)],
        "integers": random.integers(0, 65536, 100),
        "largest uint32": [0, 2**32 - 1, 2**31],
        "float32 decimals": np.float32(random.integers(-9999, 9999, 60) / 10000),
        "float32 noise": random.normal(size=60).astype("f4"),
        "float64 noise": random.normal(size=60),
        "wide range": wide,
        "extremes": [np.finfo("f8").max, np.finfo("f8").min, 5e-324, -5e-324, 0.0],
        "float32 extremes": np.array([np.finfo("f4").max, np.finfo("f4").min, 1e-45], "f4"),
        "minus zero": [-0.0, 0.0, 1.5],
        "beyond exact integers": [2.0**53, 2.0**53 + 2, 1e22],
        "nothing": [],
    }


@pytest.mark.parametrize("name", columns())
def test_any_column_comes_back_bit_for_bit(name):
    values = np.asarray(columns()[name], dtype="f8")
    assert there_and_back(values).tobytes() == values.tobytes()


def test_smooth_printed_wavelengths_take_under_half_a_byte_each():
    # As float32 they would take 800 bytes, and not be exact.
    values = [round(400 + 9.87 * i - 0.002 * i * i, 3) for i in range(200)]
    assert len(encode_column(values, 0)) < 100


def test_float32_decimals_take_no_more_than_the_same_decimals():
    decimals = np.round(np.sin(np.arange(100) / 9), 4)
    assert len(encode_column(np.float32(decimals), 0)) <= len(encode_column(decimals, 0)) + 1


def test_unknown_kinds_and_populations_are_refused():
    data = bytearray(encode_column([1, 2, 3], 0))
    data[0] |= 0b1000
    with pytest.raises(FormatError):
        decode_column(BitReader(bytes(data)), [3])
