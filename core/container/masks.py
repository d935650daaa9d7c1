"""The validity of a scene as sections: MASK for its pixels, HOLE for bands that deviate.

A mask is differenced with the row above, where edges that run on cancel, packed to bits, and
deflated or coded with LZMA, whichever is smaller.
"""

import struct
import zlib

import numpy as np

from ..errors import DependencyError, FormatError
from ..scene.scene import Validity

MASK, HOLE = "MASK", "HOLE"

_DEFLATE, _LZMA = 0, 1
_LZMA_DICTIONARY = 2**20
# Deflate cannot expand further than about a thousandfold; LZMA is held to the same order.
_MAX_EXPANSION = 2048
_COUNT = struct.Struct("<H")


def pack_validity(validity, usable):
    """Return {section name: bytes}; nothing where every pixel of every usable band is valid.

    usable: (bands,) bool, the bands kept; the masks of others are left out.
    """
    sections = {}
    if not validity.pixels.all():
        sections[MASK] = _compress(_pack_bits(validity.pixels))
    holes = {band: mask for band, mask in sorted(validity.exceptions.items()) if usable[band]}
    if holes:
        sections[HOLE] = _pack_holes(holes, validity.pixels, len(usable))
    return sections


def unpack_validity(sections, usable, n_rows, n_cols):
    """Undo `pack_validity`; usable: (bands,) bool. Raises `FormatError` for damaged sections.

    Bands with the same mask share one array; the arrays are read-only.
    """
    if MASK in sections:
        packed = _decompress(sections[MASK], _mask_bytes(n_rows, n_cols))
        pixels = _unpack_bits(packed, 1, n_rows, n_cols)[0]
    else:
        pixels = np.ones((n_rows, n_cols), dtype=bool)
    pixels.setflags(write=False)
    exceptions = _unpack_holes(sections[HOLE], pixels, usable) if HOLE in sections else {}
    return Validity(pixels, usable, exceptions)


def _pack_holes(holes, pixels, n_bands):
    """How many different masks, which of them each band has (0: the scene's), then the masks."""
    masks, numbers = [], np.zeros(n_bands, dtype="<u2")
    known = {}
    for band, mask in holes.items():
        packed = _pack_bits(mask ^ pixels)
        if packed not in known:
            known[packed] = len(masks) + 1
            masks.append(packed)
        numbers[band] = known[packed]
    return _COUNT.pack(len(masks)) + _compress(numbers.tobytes() + b"".join(masks))


def _unpack_holes(section, pixels, usable):
    if len(section) < _COUNT.size:
        raise FormatError("the bands' masks are cut short; the file is damaged.")
    (n_masks,) = _COUNT.unpack_from(section)
    n_bands = len(usable)
    length = 2 * n_bands + n_masks * _mask_bytes(*pixels.shape)
    data = _decompress(section[_COUNT.size :], length)
    numbers = np.frombuffer(data, dtype="<u2", count=n_bands)
    if not n_masks or numbers.max() != n_masks or numbers[~usable].any():
        raise FormatError("a band has a mask that is not there; the file is damaged.")
    masks = _unpack_bits(data[2 * n_bands :], n_masks, *pixels.shape)
    masks ^= pixels
    masks.setflags(write=False)
    return {int(band): masks[numbers[band] - 1] for band in np.flatnonzero(numbers)}


def _mask_bytes(n_rows, n_cols):
    return n_rows * -(-n_cols // 8)


def _pack_bits(mask):
    """Bits of a mask, each row to whole bytes, every row but the first differenced."""
    rows = np.packbits(mask, axis=1)
    rows[1:] ^= rows[:-1].copy()
    return rows.tobytes()


def _unpack_bits(data, n_masks, n_rows, n_cols):
    """Undo `_pack_bits` for masks one after another: (masks, rows, cols) bool."""
    rows = np.frombuffer(data, dtype=np.uint8).reshape(n_masks, n_rows, -1)
    rows = np.bitwise_xor.accumulate(rows, axis=1)
    return np.unpackbits(rows, axis=2, count=n_cols).view(bool)


def _compress(data):
    """The shorter of deflate and LZMA after a byte that says which."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    shortest = bytes([_DEFLATE]) + deflate.compress(data) + deflate.flush()
    try:
        import lzma
    except ImportError:
        # Some builds of Python lack it; deflate alone makes a proper file.
        return shortest
    coded = lzma.compress(data, lzma.FORMAT_RAW, filters=_lzma_filters(lzma))
    if len(coded) + 1 < len(shortest) and len(data) <= _MAX_EXPANSION * len(coded):
        return bytes([_LZMA]) + coded
    return shortest


def _decompress(section, length):
    """Undo `_compress` where it gives exactly `length` bytes; else raise `FormatError`."""
    kind, coded = section[:1], section[1:]
    if length > _MAX_EXPANSION * len(coded):
        raise FormatError("a mask is too short for the scene claimed; the file is damaged.")
    if kind == bytes([_DEFLATE]):
        data, is_whole = _inflate(coded, length)
    elif kind == bytes([_LZMA]):
        data, is_whole = _unlzma(coded, length)
    else:
        raise FormatError("a mask is coded in an unknown way; update the HINER plugin.")
    if not is_whole or len(data) != length:
        raise FormatError("a mask does not have the scene's size; the file is damaged.")
    return data


def _inflate(coded, length):
    stream = zlib.decompressobj(-15)
    try:
        data = stream.decompress(coded, length + 1)
    except zlib.error as error:
        raise FormatError(f"a mask cannot be inflated ({error}); the file is damaged.") from error
    return data, stream.eof and not stream.unused_data


def _unlzma(coded, length):
    try:
        import lzma
    except ImportError as error:
        raise DependencyError("This Python lacks the module lzma, which the file's mask needs.") from error
    stream = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_lzma_filters(lzma))
    try:
        data = stream.decompress(coded, length + 1)
    except lzma.LZMAError as error:
        raise FormatError(f"a mask cannot be decoded ({error}); the file is damaged.") from error
    return data, stream.eof and not stream.unused_data


def _lzma_filters(lzma):
    return [{"id": lzma.FILTER_LZMA1, "dict_size": _LZMA_DICTIONARY, "lc": 0, "lp": 0, "pb": 0}]
