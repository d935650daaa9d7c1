"""Reading a `.hnr` file, every byte of it checked before it is used."""

import os
import zlib
from collections import namedtuple
from contextlib import contextmanager

from ..errors import FormatError, RasterError
from .layout import (
    PREAMBLE_BYTES,
    SAMPLES_PER_BYTE,
    SECTION_BYTES,
    header_check,
    section_check_start,
    unpack_preamble,
    unpack_section_head,
)
from .masks import HOLE, MASK, unpack_validity
from .packed_header import unpack_header

_CHUNK = 2**20

# offset of the payload in the file, its bytes, its check value and that of what stands before it
_Section = namedtuple("_Section", "offset length check previous_check")


def read_header(path):
    """Return the `Header` of a `.hnr` file; reads no section's contents.

    Raises `FormatError` for a file that is none, damaged or newer, and `RasterError` where it
    cannot be read.
    """
    return HnrContainer(path).header


class HnrContainer:
    """A `.hnr` file: its header and, on demand, its sections.

    The file is open only while something is read from it. Where it has been replaced since the
    container was made, reading raises `FormatError`. May be shared by threads.
    """

    def __init__(self, path):
        self.path = path
        with _naming(path), open(path, "rb") as file:
            self._identity = _identity(file)
            self.file_size = self._identity[0]
            self.header, n_sections, check = self._read_header(file)
            self._sections = self._locate_sections(file, n_sections, check)

    @property
    def section_names(self):
        """Names of the sections, in the file's order."""
        return tuple(self._sections)

    @property
    def rate(self):
        """Bits of the whole file per sample (bpppb)."""
        return 8 * self.file_size / self.header.description.n_samples

    def section(self, name):
        """Return a section's bytes, checked; raise `FormatError` where it is absent or damaged."""
        with self._opened_unchanged() as file:
            if name not in self._sections:
                raise FormatError(f"the file lacks its section {name}; it is damaged.")
            return b"".join(self._checked_chunks(file, name))

    def validity(self):
        """Return the scene's `FileValidity`; raise `FormatError` where its sections are damaged."""
        scene = self.header.description
        sections = {name: self.section(name) for name in (MASK, HOLE) if name in self._sections}
        with _naming(self.path):
            return unpack_validity(sections, self.header.usable, scene.n_rows, scene.n_cols)

    def verify(self):
        """Read the whole file; raise `FormatError` where any byte is not as it was written."""
        with self._opened_unchanged() as file:
            for name in self._sections:
                for _ in self._checked_chunks(file, name):
                    continue

    def _read_header(self, file):
        preamble = file.read(PREAMBLE_BYTES)
        n_sections, length, check = unpack_preamble(preamble)
        if PREAMBLE_BYTES + length > self.file_size:
            raise FormatError("the file ends within its header; copy it again from its source.")
        packed = file.read(length)
        if len(packed) != length or header_check(preamble, packed) != check:
            raise FormatError("the header is damaged; copy the file again from its source.")
        header = unpack_header(packed)
        if header.description.n_samples > SAMPLES_PER_BYTE * self.file_size:
            raise FormatError(
                f"the file claims {header.description.n_samples} samples, more than its "
                f"{self.file_size} bytes can hold; it is damaged or was made to harm."
            )
        return header, n_sections, check

    def _locate_sections(self, file, n_sections, check):
        sections, end = {}, file.tell()
        for _ in range(n_sections):
            file.seek(end)
            head = file.read(SECTION_BYTES)
            if len(head) < SECTION_BYTES:
                raise FormatError("the file is cut short; copy it again from its source.")
            name, length, next_check = unpack_section_head(head)
            if name in sections:
                raise FormatError(f"the section {name} occurs twice; the file is damaged.")
            start = end + SECTION_BYTES
            if length > self.file_size - start:
                raise FormatError("the file is cut short; copy it again from its source.")
            sections[name] = _Section(start, length, next_check, check)
            check, end = next_check, start + length
        if end != self.file_size:
            raise FormatError("the file goes on after its end; it is damaged.")
        return sections

    def _checked_chunks(self, file, name):
        """Read a section in pieces; raise `FormatError` after the last if the check fails."""
        section = self._sections[name]
        check = section_check_start(name, section.length, section.previous_check)
        file.seek(section.offset)
        left = section.length
        while left:
            chunk = file.read(min(left, _CHUNK))
            if not chunk:
                raise FormatError("the file is cut short; copy it again from its source.")
            check = zlib.crc32(chunk, check)
            left -= len(chunk)
            yield chunk
        if check != section.check:
            raise FormatError(f"the section {name} is damaged; copy the file again from its source.")

    @contextmanager
    def _opened_unchanged(self):
        with _naming(self.path), open(self.path, "rb") as file:
            if _identity(file) != self._identity:
                raise FormatError("the file was replaced since it was opened; open it again.")
            yield file


@contextmanager
def _naming(path):
    """Name the file in what is raised within, as `FormatError` or `RasterError`."""
    try:
        yield
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    except OSError as error:
        raise RasterError(f"{path} could not be read: {error.strerror or error}.") from error


def _identity(file):
    """Size and time of the last change, of an open file."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns
