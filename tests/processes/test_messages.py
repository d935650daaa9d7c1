"""Values pass between processes as they are, and a stream that ends is told."""

import io

import numpy as np
import pytest

from hiner.core.processes import messages

VALUES = [
    None, True, 7, -2.5, "µm", [1, [2, "x"]], {"array": 1, "b": {"": [3]}}, {}, [], b"", b"\n\x00bytes",
    {"bytes": 5, "deep": [{"data": b"abc"}]},
]  # fmt: skip
ARRAYS = [
    np.arange(12, dtype=np.int16).reshape(3, 4), np.zeros((0, 5), np.float32), np.array(3.5),
    np.arange(24.0).reshape(2, 3, 4)[:, ::-1, ::2], np.array([True, False]), np.arange(1 << 18, dtype=">i4"),
]  # fmt: skip


def passed(*values):
    stream = io.BytesIO()
    for value in values:
        messages.write(stream, value)
    stream.seek(0)
    return [messages.read(stream) for _ in values]


def test_values_come_back():
    assert passed(*VALUES) == VALUES


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: f"{array.dtype}{array.shape}")
def test_arrays_come_back(array):
    ((back,),) = passed([array])
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert np.array_equal(back, array)


def test_what_json_has_not_becomes_what_it_has():
    assert passed((1, (2, np.int64(3)))) == [[1, [2, 3]]]


def test_arrays_stand_where_they_stood():
    (back,) = passed({"a": [ARRAYS[0], b"between", [ARRAYS[4]]], "n": 1})
    assert np.array_equal(back["a"][0], ARRAYS[0])
    assert back["a"][1] == b"between"
    assert np.array_equal(back["a"][2][0], ARRAYS[4])


@pytest.mark.parametrize("n_bytes", [0, 1, 20, 40, 60])
def test_a_stream_that_ends_early_is_told(n_bytes):
    stream = io.BytesIO()
    messages.write(stream, {"data": b"abcdefgh", "array": np.arange(9.0)})
    with pytest.raises(EOFError):
        messages.read(io.BytesIO(stream.getvalue()[:n_bytes]))
