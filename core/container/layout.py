"""Where things lie in a `.hnr` file, version 1: preamble, header, sections (docs/hnr-format.md).

Every check value depends on the one before it, from the preamble to the last section, so that a
section cannot be moved, doubled or taken from another file without notice.
"""

import re
import struct
import zlib

from ..errors import FormatError
from .magic import MAGIC

VERSION = 1
MAX_HEADER_BYTES = 2**23
MAX_SECTIONS = 64
SAMPLES_PER_BYTE = 2**20

_NUMBERS = struct.Struct("<HHI")
_CHECK = struct.Struct("<I")
_SECTION = struct.Struct("<4sQ")

PREAMBLE_BYTES = len(MAGIC) + _NUMBERS.size + _CHECK.size
SECTION_BYTES = _SECTION.size + _CHECK.size


def check_name(name):
    """Raise `ValueError` unless `name` can name a section: four of A-Z and 0-9."""
    if not re.fullmatch("[A-Z0-9]{4}", name):
        raise ValueError(f"{name!r} cannot name a section: four of A-Z and 0-9 can.")


def pack_preamble(packed_header, n_sections):
    """Return the preamble of a file with this header, and its check value."""
    numbers = _NUMBERS.pack(VERSION, n_sections, len(packed_header))
    check = zlib.crc32(packed_header, zlib.crc32(numbers))
    return MAGIC + numbers + _CHECK.pack(check), check


def unpack_preamble(preamble):
    """Return (sections, header's bytes, check value); raise `FormatError` for any other file."""
    if preamble[: len(MAGIC)] != MAGIC[: len(preamble)] or not preamble:
        raise FormatError("this is not a .hnr file: its first bytes are not those of one.")
    if len(preamble) < PREAMBLE_BYTES:
        raise FormatError("the file ends within its first bytes; copy it again from its source.")
    version, n_sections, header_bytes = _NUMBERS.unpack_from(preamble, len(MAGIC))
    if version != VERSION:
        raise FormatError(
            f"the file is of format version {version}, this program reads version {VERSION}; "
            "update the HINER plugin to open it."
        )
    if n_sections > MAX_SECTIONS or header_bytes > MAX_HEADER_BYTES:
        raise FormatError("the file claims a header or sections larger than any can be.")
    (check,) = _CHECK.unpack_from(preamble, len(MAGIC) + _NUMBERS.size)
    return n_sections, header_bytes, check


def header_check(preamble, packed_header):
    """Check value of a header as the preamble before it should give it."""
    numbers = preamble[len(MAGIC) : len(MAGIC) + _NUMBERS.size]
    return zlib.crc32(packed_header, zlib.crc32(numbers))


def pack_section_head(name, payload, previous_check):
    """Return the 16 bytes before a section's payload, and the section's check value."""
    head = _SECTION.pack(name.encode("ascii"), len(payload))
    check = zlib.crc32(payload, zlib.crc32(head, previous_check))
    return head + _CHECK.pack(check), check


def unpack_section_head(head):
    """Return (name, payload's bytes, check value) of a section."""
    name, length = _SECTION.unpack_from(head)
    (check,) = _CHECK.unpack_from(head, _SECTION.size)
    try:
        text = name.decode("ascii")
        check_name(text)
    except ValueError as error:
        raise FormatError("a section has no proper name; the file is damaged.") from error
    return text, length, check


def section_check_start(name, length, previous_check):
    """Check value of a section's name and length, to which its payload is to be added."""
    return zlib.crc32(_SECTION.pack(name.encode("ascii"), length), previous_check)
