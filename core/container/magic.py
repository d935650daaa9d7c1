"""How a `.hnr` file is told from any other file."""

import os

MAGIC = b"\x89HNR\r\n\x1a\n"
EXTENSION = ".hnr"


def is_hnr(path):
    """Whether `path` names a `.hnr` file: by its extension first, then by its first eight bytes.

    A missing or unreadable file, and a file of another extension, give False.
    """
    if not os.fspath(path).lower().endswith(EXTENSION):
        return False
    try:
        with open(path, "rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
