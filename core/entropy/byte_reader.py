"""Bytes read from the front to the back; running out of them is a `FormatError`."""

from ..errors import FormatError


class ByteReader:
    """Takes pieces off the front of `data` (bytes)."""

    def __init__(self, data):
        self._data, self._position = memoryview(data).cast("B"), 0

    @property
    def n_left(self):
        """Bytes not read yet."""
        return len(self._data) - self._position

    def take(self, n_bytes):
        """Read exactly `n_bytes`."""
        if n_bytes > self.n_left:
            raise FormatError(f"{n_bytes} bytes are wanted where {self.n_left} are left")
        piece = self.peek(n_bytes)
        self._position += n_bytes
        return piece

    def peek(self, n_bytes):
        """The next `n_bytes`, or as many as are left, without passing over them."""
        return self._data[self._position : self._position + n_bytes]

    def byte(self):
        """Read a number of one byte."""
        return self.take(1)[0]

    def short(self):
        """Read a number of two bytes, the low one first."""
        return int.from_bytes(self.take(2), "little")

    def rest(self):
        """Read all that is left."""
        return self.take(self.n_left)

    def finish(self):
        """Raise FormatError where bytes are left."""
        if self.n_left:
            raise FormatError(f"{self.n_left} bytes are left over")
