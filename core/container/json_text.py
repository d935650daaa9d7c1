"""JSON text, read with bounds: nothing nested deep, no NaN, no numbers of a thousand digits."""

import json
import math
import re

import numpy as np

from ..errors import FormatError

MAX_BYTES = 2**23
MAX_DEPTH = 32

_MAX_NUMBER = 64
_NO_BRACKETS = bytes(code for code in range(256) if code not in b"[]{}")
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def dump(document):
    """Return the shortest JSON text of `document`, as UTF-8; raise `ValueError` for NaN.

    A lone surrogate (from a file name in an unknown encoding) becomes its JSON escape.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")


def load(data):
    """Parse UTF-8 JSON; raise `FormatError` where it is not that, or beyond the bounds."""
    if len(data) > MAX_BYTES or _depth(data) > MAX_DEPTH:
        raise FormatError("the header's JSON is longer or nested deeper than any header's.")
    try:
        return json.loads(
            data.decode("utf-8"),
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise FormatError(f"the header is not proper JSON ({error}).") from error


def _depth(data):
    """How deep brackets and braces nest outside strings."""
    brackets = _STRING.sub(b"", data).translate(None, _NO_BRACKETS)
    codes = np.frombuffer(brackets, dtype=np.uint8)
    steps = np.where((codes == ord("[")) | (codes == ord("{")), 1, -1)
    return int(np.cumsum(steps, dtype=np.int32).max(initial=0))


def _integer(text):
    if len(text) > _MAX_NUMBER:
        raise ValueError("a number of too many digits")
    return int(text)


def _real(text):
    value = float(text) if len(text) <= _MAX_NUMBER else math.inf
    if not math.isfinite(value):
        raise ValueError("a number too large or of too many digits")
    return value


def _constant(text):
    raise ValueError(f"{text} is no JSON")


def _object(pairs):
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("a key that occurs twice")
    return mapping
