"""Text out of files whose encoding nobody states."""

# Python keeps a byte that is not UTF-8 as half of a surrogate pair; other halves stand for no byte.
_CHARACTERS = {code: 0xFFFD for code in range(0xD800, 0xE000)}
_CHARACTERS.update({0xDC00 + byte: byte for byte in range(0x80, 0x100)})


def clean_text(text):
    """Text that can be written as UTF-8, out of bytes or a str with bytes escaped as lone surrogates.

    Bytes that are not UTF-8 are Latin-1. A lone surrogate that escapes no byte becomes U+FFFD.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "surrogateescape")
    return text if text.isascii() else text.translate(_CHARACTERS)
