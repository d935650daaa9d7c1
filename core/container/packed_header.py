"""The header in few bytes: its JSON deflated with a dictionary, then the table of band columns."""

import zlib

from ..errors import FormatError
from . import fields, json_text
from .band_table import pack_bands, unpack_bands
from .dictionary import DICTIONARY
from .header import MAX_BANDS, Header
from .layout import MAX_HEADER_BYTES

_RAW_DEFLATE = -15
# A header's JSON may be this much longer than its bytes in the file, plus a megabyte.
_MAX_EXPANSION = 256
_ALWAYS_ALLOWED = 2**20


def _max_text(n_packed):
    """Longest JSON that this many bytes of a file may stand for."""
    return min(json_text.MAX_BYTES, _ALWAYS_ALLOWED + _MAX_EXPANSION * n_packed)


def pack_header(header):
    """Return the bytes of a header; statistics but minimum and maximum are rounded.

    Raises `FormatError` for a header too large, and `ValueError` or `TypeError` where `parameters`
    hold what JSON cannot.
    """
    document = header.to_json()
    packed, table = pack_bands(document.pop("per_band"))
    document.update(packed)
    text = json_text.dump({key: value for key, value in document.items() if not _is_default(value)})
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    packed = deflate.compress(text) + deflate.flush() + table
    if len(text) > _max_text(len(packed)) or len(packed) > MAX_HEADER_BYTES:
        raise FormatError(
            "the header is too large: shorten band names, metadata or control points."
        )
    return packed


def unpack_header(data):
    """Undo `pack_header`; raise `FormatError` for bytes that cannot be its result."""
    inflate = zlib.decompressobj(_RAW_DEFLATE, zdict=DICTIONARY)
    limit = _max_text(len(data))
    try:
        text = inflate.decompress(data, limit + 1)
    except zlib.error as error:
        raise FormatError(f"the header cannot be inflated ({error}); the file is damaged.") from error
    if len(text) > limit or not inflate.eof:
        raise FormatError("the header's JSON has no end or is too long; the file is damaged.")
    document = fields.mapping(json_text.load(text), "the header")
    n_bands = fields.integer(document.get("bands"), "bands", 1, MAX_BANDS)
    document["per_band"] = unpack_bands(document, inflate.unused_data, n_bands)
    return Header.from_json(document)


def _is_default(value):
    """Whether leaving the key out says the same."""
    return value is None or value == "" or value == [] or value == {}
