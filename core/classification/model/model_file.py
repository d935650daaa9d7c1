"""The file of a trained classifier: a checked JSON header and raw arrays, nothing that runs.

Layout, little-endian: 8 bytes magic, 4 bytes length of the header, 4 bytes its CRC-32, the header
(JSON, UTF-8), then the arrays' bytes one after the other as the header lists them, each with its
name, data type, shape and CRC-32.
"""

import math
import struct
import zlib

import numpy as np

from ...container.json_text import MAX_BYTES, dump, load
from ...errors import FormatError, ParameterError, RasterError
from ...whole_file import save_pieces
from .model import ClassifierModel
from .model_header import axis_of, described, figures_of, settings_of, table_of

MAGIC = b"HNRCLS\r\n"
VERSION = 1
EXTENSION = ".hncls"
_PREAMBLE = struct.Struct("<8sII")
_DTYPES = {"f4": "<f4", "f8": "<f8", "i8": "<i8"}
_MAX_ARRAYS = 1000
_MAX_DIMENSIONS, _MAX_LENGTH = 8, 2**40


def write_model(path, model):
    """Write a ClassifierModel; it is there whole or not at all.

    Raises OutputError, and ParameterError for classes that no map can hold or whose names fill a header.
    """
    arrays = {**model.arrays, "low": np.asarray(model.low, "f8"), "high": np.asarray(model.high, "f8")}
    data = {name: np.asarray(array).astype(_stored(array), order="C") for name, array in arrays.items()}
    header = dump(_header(model, data))
    if len(header) > MAX_BYTES:
        raise ParameterError(
            f"The classifier's header would take {len(header):,} bytes, more than the {MAX_BYTES:,} that are read. "
            "Train on fewer classes, or give them shorter names."
        )
    pieces = [_PREAMBLE.pack(MAGIC, len(header), zlib.crc32(header)), header]
    pieces += [array.tobytes() for array in data.values()]
    save_pieces(path, pieces)


def read_model(path):
    """Read a ClassifierModel.

    Raises FormatError for a file that is damaged, newer or none; RasterError where it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(len(MAGIC))
            # Of a file that is none, nothing more is read: it may be of any size.
            data += file.read() if data == MAGIC else b""
    except OSError as error:
        raise RasterError(f"{path} could not be read: {error.strerror or error}.") from error
    try:
        return _model(data)
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError, ParameterError, OverflowError) as error:
        raise FormatError(f"{path}: describes no classifier that can be ({error}).") from error


def _stored(array):
    kind = np.asarray(array).dtype
    for dtype in _DTYPES.values():
        if kind == np.dtype(dtype):
            return dtype
    raise ValueError(f"arrays of {kind} are not stored")


def _header(model, data):
    return {
        "version": VERSION,
        **described(model),
        "arrays": [
            {
                "name": name, "dtype": array.dtype.str[1:], "shape": list(array.shape),
                "crc": zlib.crc32(array.tobytes()),
            }
            for name, array in data.items()
        ],
    }


def _model(data):
    header, start = _read_header(data)
    settings, table, axis, figures = settings_of(header), table_of(header), axis_of(header), figures_of(header)
    arrays = _read_arrays(data, start, header.get("arrays"))
    low, high = arrays.pop("low"), arrays.pop("high")
    if not low.shape == high.shape == (len(axis),) or not (high > low).all():
        raise FormatError("its bands' ranges are not one for each band.")
    if settings.variant == "svm":
        _check_whole(arrays)
    return ClassifierModel(settings, table, axis, low, high, arrays, figures)


def _read_header(data):
    if len(data) < _PREAMBLE.size or not data.startswith(MAGIC):
        raise FormatError("is not a classifier of this plugin.")
    _, length, check_value = _PREAMBLE.unpack_from(data)
    stop = _PREAMBLE.size + length
    packed = data[_PREAMBLE.size:stop]
    if length > MAX_BYTES or len(packed) != length or zlib.crc32(packed) != check_value:
        raise FormatError("its header is damaged; copy the file again from its source.")
    header = load(packed)
    if not isinstance(header, dict):
        raise FormatError("its header is none.")
    if header.get("version") != VERSION:
        raise FormatError(
            f"it is of version {header.get('version')!r}; this plugin reads {VERSION}. Update the plugin."
        )
    return header, stop


def _read_arrays(data, start, entries):
    arrays = {}
    if type(entries) is not list or len(entries) > _MAX_ARRAYS:
        raise FormatError(f"its arrays are not listed, or are more than {_MAX_ARRAYS}.")
    for entry in entries:
        name, shape, dtype = entry["name"], entry["shape"], np.dtype(_DTYPES[entry["dtype"]])
        if type(name) is not str or name in arrays or not _is_shape(shape):
            raise FormatError(f"its array {name!r} is listed wrongly.")
        stop = start + math.prod(shape) * dtype.itemsize
        if stop > len(data):
            raise FormatError("it is cut short; copy the file again from its source.")
        if zlib.crc32(data[start:stop]) != entry["crc"]:
            raise FormatError(f"its array {name!r} is damaged; copy the file again from its source.")
        array = np.frombuffer(data[start:stop], dtype).reshape(shape)
        if not np.isfinite(array).all():
            raise FormatError(f"its array {name!r} holds values that are no numbers.")
        arrays[name] = array
        start = stop
    if start != len(data):
        raise FormatError("it goes on after its end; it is damaged.")
    return arrays


def _is_shape(shape):
    # NumPy has 32 dimensions at most, and the product of long numbers takes its time.
    return (
        type(shape) is list and len(shape) <= _MAX_DIMENSIONS
        and all(type(n) is int and 0 <= n <= _MAX_LENGTH for n in shape)
    )


def _check_whole(arrays):
    """How many support vectors there are of which classes: rows of whole numbers, by which others are parted."""
    for name in ("counts", "classes"):
        if arrays[name].dtype.kind != "i" or arrays[name].ndim != 1:
            raise FormatError(f"its array {name!r} is no row of whole numbers.")
