"""Values between two processes: a line of JSON, then the arrays and bytes that it names, raw.

A value is what JSON knows, and arrays and bytes among it; tuples come back as lists. No objects: nothing is run to
read one.
"""

import json

import numpy as np

from ..big_arrays import big_zeros

_ARRAY, _BYTES = "array", "bytes"


def write(stream, value):
    """Write a value to a binary stream. Raises OSError, ValueError where the stream is closed."""
    buffers = []
    line = json.dumps(_plain(value, buffers))
    stream.write(line.encode("ascii") + b"\n")
    for buffer in buffers:
        stream.write(buffer)
    stream.flush()


def read(stream):
    """The next value of a binary stream; raises EOFError where it ends."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError("The other process has ended.")
    return _value(json.loads(line), stream)


def _plain(value, buffers):
    """The value as JSON knows it; the bytes of its arrays go to `buffers`, in its order."""
    if isinstance(value, np.ndarray):
        value = np.asarray(value, order="C")
        buffers.append(value.reshape(-1).view(np.uint8).data)
        return {_ARRAY: [value.dtype.str, list(value.shape)]}
    if isinstance(value, bytes):
        buffers.append(value)
        return {_BYTES: len(value)}
    if isinstance(value, dict):
        return {"": [[key, _plain(part, buffers)] for key, part in value.items()]}
    if isinstance(value, (list, tuple)):
        return [_plain(part, buffers) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _value(plain, stream):
    if isinstance(plain, list):
        return [_value(part, stream) for part in plain]
    if not isinstance(plain, dict):
        return plain
    (kind, what), = plain.items()
    if kind == _ARRAY:
        kind, shape = what
        array = big_zeros(shape, np.dtype(kind))
        _fill(array.reshape(-1).view(np.uint8).data, stream)
        return array
    if kind == _BYTES:
        data = bytearray(what)
        _fill(memoryview(data), stream)
        return bytes(data)
    return {key: _value(part, stream) for key, part in what}


def _fill(view, stream):
    while len(view):
        n = stream.readinto(view)
        if not n:
            raise EOFError("The other process has ended.")
        view = view[n:]
