"""Which polygons or blocks to test on, so that each class has about its share there."""

from bisect import bisect_left
from collections import deque

import numpy as np


def chosen_units(classes, units, n_classes, share, seed, check=None):
    """Units to test on: for the class that lacks most, one that leaves every class most of its own.

    classes: (n,) of the samples, 0 to n_classes - 1; units: (n,) the unit that each lies in. share: wished
    part of each class. `check` is called now and then and may raise to end the choice. Returns a list of units.
    """
    names, units = np.unique(units, return_inverse=True)
    shuffled = np.random.default_rng(seed).permutation(len(names))
    rank = np.argsort(shuffled)
    table = _Table(rank[units.ravel()], np.asarray(classes), n_classes)
    choice, chosen = _Choice(table, share), []
    while (place := choice.wanting()) is not None:
        if check is not None:
            check()
        best = choice.best(place)
        if best is None:
            choice.give_up(place)
        else:
            choice.take(best)
            chosen.append(names[shuffled[best]])
    return chosen


class _Table:
    """How many samples of which classes units have: `of[unit]` are [(class, samples)], none of them 0.

    Units are called by their rank; `by_size[class]` are {samples: ranks, ascending}. total: (classes,).
    """

    def __init__(self, ranks, classes, n_classes):
        self.total = np.bincount(classes, minlength=n_classes)
        self.of = [[] for _ in range(int(ranks.max(initial=-1)) + 1)]
        self.by_size = [{} for _ in range(n_classes)]
        # Few units have many classes, so that a table of all of them would be zeros.
        pairs, sizes = np.unique(ranks.astype(np.int64) * n_classes + classes, return_counts=True)
        for pair, size in zip(pairs.tolist(), sizes.tolist()):
            unit, place = divmod(pair, n_classes)
            self.of[unit].append((place, size))
            self.by_size[place].setdefault(size, deque()).append(unit)


class _Choice:
    """The units that are left while they are taken one by one.

    A unit that does not fit never will, since what is held out only grows: it is dropped when it is met,
    and each is met once for each of its classes.
    """

    def __init__(self, table, share):
        self._table, self._goal = table, (share * table.total).tolist()
        self._most = np.maximum(share * table.total, np.floor(0.5 * table.total)).tolist()
        self._share, self._total = share, table.total.tolist()
        self._held, self._taken = [0] * len(self._total), [False] * len(table.of)
        self._sizes = [sorted(sizes) for sizes in table.by_size]
        # Classes without samples, and those that no unit is left for, lack nothing.
        self._lack = np.where(table.total > 0, float(share), -np.inf)

    def wanting(self):
        """The class that lacks most, None where none does."""
        place = int(self._lack.argmax())
        return place if self._lack[place] > 0 else None

    def give_up(self, place):
        self._lack[place] = -np.inf

    def take(self, unit):
        self._taken[unit] = True
        for place, size in self._table.of[unit]:
            self._held[place] += size
            if self._lack[place] > -np.inf:
                self._lack[place] = self._share - self._held[place] / self._total[place]

    def best(self, place):
        """The unit that comes nearest to a class's share, so that small wishes take small units; or None.

        Of units as near the first.
        """
        sizes = self._sizes[place]
        above = bisect_left(sizes, self._goal[place] - self._held[place])
        near = [self._first(place, above), self._first_below(place, above)]
        near = [(abs(self._held[place] + size - self._goal[place]), unit) for size, unit in filter(None, near)]
        return min(near)[1] if near else None

    def _first(self, place, at):
        """(size, unit) of the first unit that fits, of the least size from `at` on; None without."""
        while at < len(self._sizes[place]):
            found = self._of_size(place, at)
            if found is not None:
                return found
        return None

    def _first_below(self, place, above):
        while above > 0:
            above -= 1
            found = self._of_size(place, above)
            if found is not None:
                return found
        return None

    def _of_size(self, place, at):
        """(size, unit) of the first unit of a size that fits; a size without is dropped."""
        size = self._sizes[place][at]
        queue = self._table.by_size[place][size]
        while queue:
            if self._fits(queue[0]):
                return size, queue[0]
            queue.popleft()
        del self._sizes[place][at]
        return None

    def _fits(self, unit):
        return not self._taken[unit] and all(
            self._held[place] + size <= self._most[place] for place, size in self._table.of[unit]
        )
