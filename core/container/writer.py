"""Writing a `.hnr` file so that it is there whole or not at all."""

from ..errors import OutputError
from ..whole_file import save_pieces
from .layout import (
    MAX_SECTIONS,
    SAMPLES_PER_BYTE,
    check_name,
    pack_preamble,
    pack_section_head,
)
from .masks import pack_validity
from .packed_header import pack_header, unpack_header


def write_hnr(path, header, sections, validity=None, progress=None):
    """Write a `.hnr` file and return its size in bytes.

    sections: {four characters of A-Z and 0-9: bytes}, the method's own. validity: the scene's
    `Validity`, kept losslessly; None where every sample of the usable bands is valid.

    It is written as by `save_pieces`, which says what is raised; also `FormatError` for a header that
    could not be read back.
    """
    parts = list(_parts(header, sections, validity))
    n_bytes = sum(len(part) for part in parts)
    if header.description.n_samples > SAMPLES_PER_BYTE * n_bytes:
        raise OutputError(f"{path}: the scene is too large for a file of {n_bytes} bytes to be trusted.")
    save_pieces(path, parts, progress)
    return n_bytes


def _parts(header, sections, validity):
    """The file as pieces of bytes."""
    packed = pack_header(header)
    unpack_header(packed)
    masks = {} if validity is None else pack_validity(validity, header.usable)
    sections = {**masks, **sections}
    if len(sections) > MAX_SECTIONS:
        raise ValueError(f"{len(sections)} sections are more than {MAX_SECTIONS}.")
    preamble, check = pack_preamble(packed, len(sections))
    yield preamble
    yield packed
    for name, payload in sections.items():
        check_name(name)
        head, check = pack_section_head(name, payload, check)
        yield head
        yield payload
