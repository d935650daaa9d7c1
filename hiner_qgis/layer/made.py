"""What was decoded in the background of late, whether it is still kept or not."""

import threading
import weakref
from collections import OrderedDict
from time import monotonic

# A screen of 4K at the finest tiles that are ever reduced to it shows some 12,000 of three bands.
_MOST = 1 << 14
# Without a question that long (s) nobody looks: what is looked at next may be a sketch first, again.
_QUIET = 60.0


class Made:
    """Keys by OpenFile, the newest `_MOST` of each; any thread may ask.

    A file's keys go with its OpenFile: with its last layer, or when the file was replaced.
    """

    def __init__(self):
        self._lock, self._keys, self._asked = threading.Lock(), weakref.WeakKeyDictionary(), monotonic()

    def add(self, opened, key):
        """Remember a key."""
        with self._lock:
            self._asked = monotonic()
            keys = self._keys.setdefault(opened, OrderedDict())
            keys[key] = None
            keys.move_to_end(key)
            while len(keys) > _MOST:
                keys.popitem(last=False)

    def has(self, opened, key):
        """Whether a key is remembered."""
        with self._lock:
            now = monotonic()
            if now - self._asked > _QUIET:
                self._keys.clear()
            found = key in self._keys.get(opened, ())
            if found:
                self._asked = now
            return found
