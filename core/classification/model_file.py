"""The file of a trained classifier: a checked JSON header and raw arrays, nothing that runs.

Layout, little-endian: 8 bytes magic, 4 bytes length of the header, 4 bytes its CRC-32, the header
(JSON, UTF-8), then the arrays' bytes one after the other as the header lists them, each with its
name, data type, shape and CRC-32.
"""

import dataclasses
import math
import os
import struct
import zlib

import numpy as np

from ..container.json_text import MAX_BYTES, dump, load
from ..container.writer import scratch_beside
from ..errors import FormatError, OutputError, ParameterError, RasterError
from .band_match import BandAxis
from .model import ClassifierModel
from .samples import LandCover
from .settings import Settings, check

MAGIC = b"HNRCLS\r\n"
VERSION = 1
EXTENSION = ".hncls"
_PREAMBLE = struct.Struct("<8sII")
_DTYPES = {"f4": "<f4", "f8": "<f8", "i8": "<i8"}
_MAX_ARRAYS = 1000
_MAX_COLOUR = 0xFFFFFF


def write_model(path, model):
    """Write a ClassifierModel; it is there whole or not at all. Raises OutputError."""
    arrays = {**model.arrays, "low": np.asarray(model.low, "f8"), "high": np.asarray(model.high, "f8")}
    data = {name: np.asarray(array).astype(_stored(array), order="C") for name, array in arrays.items()}
    header = dump(_header(model, data))
    pieces = [_PREAMBLE.pack(MAGIC, len(header), zlib.crc32(header)), header]
    pieces += [array.tobytes() for array in data.values()]
    with scratch_beside(path) as scratch:
        try:
            with open(scratch, "wb") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, os.path.realpath(path))
        except OSError as error:
            raise OutputError(
                f"{path} could not be written ({error.strerror or error}). Check the free space and "
                "the permissions of the folder. Nothing was left there."
            ) from error


def read_model(path):
    """Read a ClassifierModel.

    Raises FormatError for a file that is damaged, newer or none; RasterError where it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
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
        "settings": dataclasses.asdict(model.settings),
        "classes": [dataclasses.asdict(entry) for entry in model.table],
        "bands": list(model.axis.positions),
        "has_wavelengths": model.axis.has_wavelengths,
        "figures": model.figures,
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
    arrays = _read_arrays(data, start, header["arrays"])
    settings = _settings(header["settings"])
    table = tuple(_land_cover(entry) for entry in header["classes"])
    axis = BandAxis(tuple(float(p) for p in header["bands"]), bool(header["has_wavelengths"]))
    low, high = arrays.pop("low"), arrays.pop("high")
    if len(table) < 2 or len({entry.value for entry in table}) < len(table):
        raise FormatError("its classes are fewer than two or share a value.")
    if not low.shape == high.shape == (len(axis),) or not (high > low).all():
        raise FormatError("its bands' ranges are not one for each band.")
    if not isinstance(header["figures"], dict):
        raise FormatError("its training figures are none.")
    return ClassifierModel(settings, table, axis, low, high, arrays, header["figures"])


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
    if len(entries) > _MAX_ARRAYS:
        raise FormatError(f"it claims {len(entries)} arrays.")
    for entry in entries:
        name, shape, dtype = str(entry["name"]), tuple(entry["shape"]), np.dtype(_DTYPES[entry["dtype"]])
        if name in arrays or not all(isinstance(n, int) and n >= 0 for n in shape):
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


def _settings(document):
    """Settings that a file does not have are of a later version than it and take their default."""
    known = {entry.name: entry for entry in dataclasses.fields(Settings)}
    unknown = set(document) - set(known)
    if unknown:
        raise FormatError(f"it has the setting {min(unknown)!r}, of a newer version. Update the plugin.")
    values = {}
    for name, entry in known.items():
        value = document.get(name, entry.default)
        kind = type(entry.default)
        if kind is tuple:
            value = tuple(int(item) for item in value)
        elif kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise FormatError(f"its setting {name} is {value!r}.")
        values[name] = value
    settings = Settings(**values)
    check(settings)
    return settings


def _land_cover(entry):
    colour = str(entry["colour"])
    if len(colour) != 7 or colour[0] != "#" or not 0 <= int(colour[1:], 16) <= _MAX_COLOUR:
        raise FormatError(f"its colour {colour!r} is none.")
    return LandCover(int(entry["value"]), str(entry["name"]), colour)
