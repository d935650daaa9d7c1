"""The validity of a scene as sections: MASK for its pixels, HOLE for bands that deviate.

A mask is differenced with the row above, where edges that run on cancel, packed to bits, and
deflated or coded with LZMA, whichever is smaller.
"""

import struct

import numpy as np

from ..errors import FormatError
from .file_validity import FileValidity
from .mask_stream import MaskStream, compress
from .packed_masks import PackedMasks

MASK, HOLE = "MASK", "HOLE"

_COUNT = struct.Struct("<H")


def pack_validity(validity, usable):
    """Return {section name: bytes}; nothing where every pixel of every usable band is valid.

    usable: (bands,) bool, the bands kept; the masks of others are left out.
    """
    sections = {}
    if not validity.pixels.all():
        sections[MASK] = compress(_pack_bits(validity.pixels))
    holes = {band: mask for band, mask in sorted(validity.exceptions.items()) if usable[band]}
    if holes:
        sections[HOLE] = _pack_holes(holes, validity.pixels, len(usable))
    return sections


def unpack_validity(sections, usable, n_rows, n_cols):
    """Undo `pack_validity` (FileValidity); usable: (bands,) bool. Raises `FormatError` for damaged sections."""
    pixels = holes = numbers = None
    if MASK in sections:
        stream = MaskStream(sections[MASK], _mask_bytes(n_rows, n_cols))
        pixels = PackedMasks(stream, 1, n_rows, n_cols)
        stream.finish()
    if HOLE in sections:
        holes, numbers = _unpack_holes(sections[HOLE], usable, n_rows, n_cols)
    return FileValidity((n_rows, n_cols), usable, pixels, holes, numbers)


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
    return _COUNT.pack(len(masks)) + compress(numbers.tobytes() + b"".join(masks))


def _unpack_holes(section, usable, n_rows, n_cols):
    if len(section) < _COUNT.size:
        raise FormatError("the bands' masks are cut short; the file is damaged.")
    (n_masks,), n_bands = _COUNT.unpack_from(section), len(usable)
    stream = MaskStream(section[_COUNT.size :], 2 * n_bands + n_masks * _mask_bytes(n_rows, n_cols))
    numbers = np.frombuffer(stream.take(2 * n_bands), dtype="<u2").astype(int)
    if not n_masks or numbers.max() != n_masks or numbers[~usable].any():
        raise FormatError("a band has a mask that is not there; the file is damaged.")
    masks = PackedMasks(stream, n_masks, n_rows, n_cols)
    stream.finish()
    return masks, numbers


def _mask_bytes(n_rows, n_cols):
    return n_rows * -(-n_cols // 8)


def _pack_bits(mask):
    """Bits of a mask, each row to whole bytes, every row but the first differenced."""
    rows = np.packbits(mask, axis=1)
    rows[1:] ^= rows[:-1].copy()
    return rows.tobytes()
