"""How far a search has come whose number of tries nobody knows beforehand."""

import time

from ...progress import clock

ALL_BUT = 0.1
"""Of the bar that is left when as many tries as expected are done."""


class Course:
    """Tells a Progress of one try after the other; each takes the same share of what is left of the bar.

    tries: how many are expected.
    """

    def __init__(self, progress, tries):
        self._progress, self._share = progress, 1 - ALL_BUT ** (1 / tries)
        self._tries, self._first, self._last = 0, 0.0, 0.0
        self._started = time.monotonic()

    def begin(self):
        """Another try begins."""
        self._tries += 1
        self._first, self._last = self._last, self._last + self._share * (1 - self._last)

    def report(self, share):
        """So much of the try is done, 0 to 1. Raises Cancelled if the user wants the work to stop."""
        self._progress.check()
        fraction = self._first + share * (self._last - self._first)
        left = (time.monotonic() - self._started) * (1 / fraction - 1) if fraction else None
        until = "" if left is None else f", about {clock(left)} left"
        self._progress.report(fraction, f"Coding the planes, try {self._tries}{until}")
