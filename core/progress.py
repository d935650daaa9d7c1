"""How long-running work tells its caller where it stands, and learns that it should stop."""

import time

from .errors import Cancelled

# Seconds between reports of work that goes on in many small steps.
_PACE = 0.5


class Progress:
    """Silent progress that never cancels. Fronts subclass it and override all three calls."""

    def report(self, fraction, message=""):
        """Say how much is done, 0 to 1, and in a few words what is happening."""

    def log(self, message):
        """Say something the user may want to read later."""

    def is_cancelled(self):
        """Whether the user wants the work to stop."""
        return False

    def check(self):
        """Raise `Cancelled` if the user wants the work to stop."""
        if self.is_cancelled():
            raise Cancelled("Cancelled by the user; nothing was written.")

    def part(self, start, stop):
        """Return a progress whose 0 to 1 is this one's `start` to `stop`."""
        return _Part(self, start, stop)


class _Part(Progress):
    def __init__(self, whole, start, stop):
        self._whole, self._start, self._stop = whole, start, stop

    def report(self, fraction, message=""):
        self._whole.report(self._start + fraction * (self._stop - self._start), message)

    def log(self, message):
        self._whole.log(message)

    def is_cancelled(self):
        return self._whole.is_cancelled()


class Paced(_Part):
    """Passes on reports of many small steps, two a second at most, each with the time left if all go as fast.

    what: the work, which stands with the percent done where a report has no message of its own.
    """

    def __init__(self, whole, what=""):
        super().__init__(whole, 0.0, 1.0)
        self._what, self._told = what, -_PACE
        self._started = time.monotonic()

    def report(self, fraction, message=""):
        now = time.monotonic()
        if now - self._told < _PACE and fraction < 1:
            return
        self._told = now
        message = message or f"{self._what}: {100 * fraction:.0f} %"
        if fraction > 0:
            message += f", {(now - self._started) / fraction * (1 - fraction):.0f} s left"
        super().report(fraction, message)


def clock(seconds):
    """Seconds as 0:42, 12:05 or 1:02:03."""
    minutes, seconds = divmod(int(round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
