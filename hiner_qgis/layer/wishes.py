"""What maps wish to have decoded in the background, in the order in which they are served."""

import threading
import weakref
from collections import OrderedDict

# Older wishes are of parts of the map that are looked at no more.
_MOST_PLACES = 200
_TURNS = 2


class Wishes:
    """Added by the threads that draw, taken by those that decode.

    Those of one place come together, whenever they were added: a picture of bands of which one is
    sharp and the others are a sketch has colours that are nowhere in the scene.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._turns = tuple(OrderedDict() for _ in range(_TURNS))

    def add(self, opened, place, key, make, turn):
        """One wish of each key. turn: 0 before all of 1. Of a turn's places the newest comes first."""
        with self._lock:
            places = self._turns[turn]
            places.setdefault(place, {})[key] = weakref.ref(opened), make
            places.move_to_end(place)
            while len(places) > _MOST_PLACES:
                places.popitem(last=False)

    def take(self, last_turn=_TURNS - 1):
        """((turn, next place), [(OpenFile, key, make)]) of turns up to the last one; [] where there are no more.

        Those of closed files are dropped.
        """
        with self._lock:
            for turn, places in enumerate(self._turns[:last_turn + 1]):
                while places:
                    place, wishes = places.popitem()
                    living = _living(wishes)
                    if living:
                        return (turn, place), living
        return None, []

    def more_of(self, taken):
        """[(OpenFile, key, make)] that were added to a place that `take` gave, since then."""
        turn, place = taken
        with self._lock:
            return _living(self._turns[turn].pop(place, {}))

    def clear(self):
        """Forget all."""
        with self._lock:
            for places in self._turns:
                places.clear()

    def __len__(self):
        with self._lock:
            return sum(len(wishes) for places in self._turns for wishes in places.values())


def _living(wishes):
    """[(OpenFile, key, make)] of those whose file is still open."""
    opened = [(reference(), key, make) for key, (reference, make) in wishes.items()]
    return [wish for wish in opened if wish[0] is not None]
