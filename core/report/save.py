"""Writing a report or picture so that it is there whole or not at all."""

import os

from ..container.writer import scratch_beside
from ..errors import OutputError


def save_bytes(path, data):
    """Write a file beside `path` and rename it; raises OutputError, then nothing has changed."""
    with scratch_beside(path) as scratch:
        try:
            with open(scratch, "wb") as file:
                file.write(data)
            os.replace(scratch, os.path.realpath(path))
        except OSError as error:
            raise OutputError(
                f"{path} could not be written: {error.strerror or error}. Nothing was left there; "
                "check the free space and whether another program has the file open."
            ) from error


def save_text(path, text):
    """Write text as UTF-8; see `save_bytes`."""
    save_bytes(path, text.encode("utf-8"))
