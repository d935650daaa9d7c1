"""The file of a context model: whole numbers, deflated, beside a JSON that says which and how they were made."""

import json
import math
import zlib

import numpy as np

_TYPE = np.dtype("<i4")


def store(folder, name, arrays, facts):
    """Write NAME.bin, the arrays' numbers one after the other, and NAME.json: their names, a CRC-32 and the facts."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = zlib.compress(b"".join(np.ascontiguousarray(array, _TYPE).tobytes() for array in arrays.values()), 9)
    listed = [{"name": array, "shape": list(values.shape)} for array, values in arrays.items()]
    (folder / f"{name}.bin").write_bytes(packed)
    about = {"file": f"{name}.bin", "crc32": f"{zlib.crc32(packed):08x}", "arrays": listed, **facts}
    (folder / f"{name}.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def load(folder, name):
    """{name: int32 array}, or None where the numbers are not those that the JSON was written for.

    Raises OSError, ValueError, KeyError for files that cannot be read.
    """
    packed = (folder / f"{name}.bin").read_bytes()
    about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    if f"{zlib.crc32(packed):08x}" != about["crc32"]:
        return None
    numbers, arrays, first = np.frombuffer(zlib.decompress(packed), _TYPE), {}, 0
    for entry in about["arrays"]:
        stop = first + math.prod(entry["shape"])
        arrays[entry["name"]] = numbers[first:stop].reshape(entry["shape"])
        first = stop
    return arrays
