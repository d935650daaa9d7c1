"""The compression of masks: deflate or LZMA after a byte that says which, undone a piece at a time.

Some kilobytes may stand for a thousand times as many: what is read from a file never has to lie in memory whole.
"""

import zlib

from ..errors import DependencyError, FormatError

_DEFLATE, _LZMA = 0, 1
_LZMA_DICTIONARY = 2**20
# Deflate cannot expand further than about a thousandfold; LZMA is held to the same order.
_MAX_EXPANSION = 2048
_PIECE = 2**16
"""Bytes of the compressed stream that are handed on at a time."""


def compress(data):
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


class MaskStream:
    """The bytes that `compress` was given, from first to last.

    length: how many they have to be. Raises `FormatError` for a section that cannot give them,
    `DependencyError` for LZMA where Python lacks it.
    """

    def __init__(self, section, length):
        kind, self._coded, self._position = section[:1], memoryview(section)[1:], 0
        if length > _MAX_EXPANSION * len(self._coded):
            raise FormatError("a mask is too short for the scene claimed; the file is damaged.")
        if kind == bytes([_DEFLATE]):
            self._stream, self._failure = zlib.decompressobj(-15), zlib.error
        elif kind == bytes([_LZMA]):
            self._stream, self._failure = _unlzma()
        else:
            raise FormatError("a mask is coded in an unknown way; update the HINER plugin.")

    def take(self, n):
        """The next n bytes; raises `FormatError` where there are fewer."""
        pieces = []
        while n:
            piece = self._some(n)
            if not piece:
                raise FormatError("a mask does not have the scene's size; the file is damaged.")
            pieces.append(piece)
            n -= len(piece)
        return b"".join(pieces)

    def finish(self):
        """Raises `FormatError` unless all is taken and nothing follows."""
        ends = not self._some(1) and self._stream.eof
        if not ends or self._stream.unused_data or self._position < len(self._coded):
            raise FormatError("a mask does not have the scene's size; the file is damaged.")

    def _some(self, n):
        """Up to n bytes, none at the end."""
        while not self._stream.eof:
            left = getattr(self._stream, "unconsumed_tail", b"")
            # Not asked of LZMA's, which keeps what it was given.
            if not left and getattr(self._stream, "needs_input", True):
                left = self._coded[self._position : self._position + _PIECE]
                self._position += len(left)
            is_last = self._position >= len(self._coded)
            try:
                piece = self._stream.decompress(left, n)
            except self._failure as error:
                raise FormatError(f"a mask cannot be decoded ({error}); the file is damaged.") from error
            if piece or (is_last and not len(left)):
                return piece
        return b""


def _unlzma():
    try:
        import lzma
    except ImportError as error:
        raise DependencyError("This Python lacks the module lzma, which the file's mask needs.") from error
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=_lzma_filters(lzma)), lzma.LZMAError


def _lzma_filters(lzma):
    return [{"id": lzma.FILTER_LZMA1, "dict_size": _LZMA_DICTIONARY, "lc": 0, "lp": 0, "pb": 0}]
