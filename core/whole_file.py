"""Writing a file so that it is there whole or not at all."""

import errno
import os
import secrets
from contextlib import contextmanager

from .errors import Cancelled, OutputError
from .progress import Progress

_CHUNK = 2**20
_NOT_ALLOWED = "writing there is not allowed; choose another folder, or close the program that has the file open"
_ADVICE = {
    "ENOSPC": "the disk is full; free some space or choose another place",
    "EDQUOT": "your share of the disk is full; free some space or choose another place",
    "ENOENT": "the folder does not exist; create it or choose another",
    "EACCES": _NOT_ALLOWED,
    "EPERM": _NOT_ALLOWED,
    "EROFS": "the disk is read-only; choose another place",
    "EISDIR": "that is a folder; give the name of a file",
    "ENAMETOOLONG": "its name is too long; choose a shorter one",
}


def save_pieces(path, pieces, progress=None):
    """Write bytes, one piece after the other, under `path`.

    The file is written beside its target, forced to the disk and renamed: whatever fails, nothing
    is left under `path` or beside it, and a file that was there is unharmed. Raises `OutputError`,
    `Cancelled`.
    """
    with scratch_beside(path) as scratch:
        _write(scratch, path, pieces, progress or Progress())
        _rename(scratch, path)


def save_text(path, text):
    """Write text as UTF-8; see `save_pieces`."""
    save_pieces(path, [text.encode("utf-8")])


@contextmanager
def scratch_beside(path):
    """Give a new file name beside `path`; whatever lies under it afterwards is removed.

    Raises `OutputError` where the folder cannot be written to.
    """
    if os.path.isdir(path):
        raise OutputError(f"{path} is a folder; give the name of a file.")
    folder, name = os.path.split(os.path.realpath(path))
    scratch = os.path.join(folder, f".{name[:50]}.{secrets.token_hex(6)}.part")
    try:
        with open(scratch, "xb"):
            pass
    except OSError as error:
        raise _output_error(path, error) from error
    try:
        yield scratch
    finally:
        if os.path.exists(scratch):
            os.remove(scratch)


def check_writable(path):
    """Raise `OutputError` where no file can be written under `path`; leaves nothing behind.

    Asked before work that takes long, whose outcome would be lost.
    """
    with scratch_beside(path):
        pass


def _write(scratch, path, parts, progress):
    total = sum(len(part) for part in parts)
    done = 0
    try:
        with open(scratch, "wb") as file:
            for part in parts:
                for start in range(0, len(part), _CHUNK):
                    progress.check()
                    done += file.write(memoryview(part)[start : start + _CHUNK])
                    progress.report(done / total, "Writing the file")
            file.flush()
            os.fsync(file.fileno())
    except Cancelled:
        raise
    except OSError as error:
        raise _output_error(path, error) from error
    progress.check()


def _rename(scratch, path):
    try:
        os.replace(scratch, os.path.realpath(path))
    except OSError as error:
        raise _output_error(path, error) from error


def _output_error(path, error):
    code = errno.errorcode.get(error.errno)
    what = _ADVICE.get(code, error.strerror or str(error))
    return OutputError(f"{path} could not be written: {what}. Nothing was left there.")
