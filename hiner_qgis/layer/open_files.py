"""The `.hnr` files that layers show: each opened once, however many layers and clones read it."""

import os
import threading
import weakref

from ...core.errors import FormatError, RasterError
from ...core.hnr_file import HnrFile

_lock = threading.Lock()
_opened = weakref.WeakValueDictionary()


class OpenFile:
    """An HnrFile and the identity (path, size, time of the last change) that it was opened with."""

    def __init__(self, path, identity):
        self.path, self.identity = path, identity
        self.hnr = HnrFile(path)

    @property
    def n_bytes(self):
        """Size of the file."""
        return self.identity[1]

    def check_unchanged(self):
        """Raise RasterError where the file is gone, FormatError where it is another by now."""
        if identity_of(self.path) != self.identity:
            raise FormatError(
                f"{self.path} was replaced since the layer was opened. Reload the layer."
            )


def open_file(path):
    """The `OpenFile` of a path, shared by all who hold it.

    Raises FormatError for files that are damaged or newer, RasterError for those that cannot be
    read.
    """
    identity = identity_of(path)
    with _lock:
        opened = _opened.get(identity)
        if opened is None:
            opened = OpenFile(path, identity)
            _opened[identity] = opened
        return opened


def identity_of(path):
    """(path, size, time of the last change) of a file. Raises RasterError where it is gone."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise RasterError(f"{path} could not be read: {error.strerror or error}.") from error
    return os.path.realpath(path), status.st_size, status.st_mtime_ns
