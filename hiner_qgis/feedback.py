"""The engine's progress as QGIS shows it."""

import time

from ..core.progress import Progress

# Seconds between updates: the dialog keeps every text in its log, and the bar needs no more.
_BAR_INTERVAL = 0.2
_TEXT_INTERVAL = 1.0


class FeedbackProgress(Progress):
    """Passes progress, messages and cancelling between the engine and a QgsProcessingFeedback."""

    def __init__(self, feedback):
        self._feedback = feedback
        self._percent = self._shown = 0.0
        self._text = ""
        self._bar_due = self._text_due = 0.0

    def report(self, fraction, message=""):
        now = time.monotonic()
        # What two phases of the work think of their shares may differ; the bar never steps back.
        self._percent = max(self._percent, min(100.0, 100.0 * fraction))
        # The end of the work is never held back.
        if now >= self._bar_due or self._percent == 100.0 > self._shown:
            self._bar_due, self._shown = now + _BAR_INTERVAL, self._percent
            self._feedback.setProgress(self._percent)
        if message and message != self._text and now >= self._text_due:
            self._text_due = now + _TEXT_INTERVAL
            self._text = message
            self._feedback.setProgressText(message)

    def log(self, message):
        self._feedback.pushInfo(message)

    def is_cancelled(self):
        return self._feedback.isCanceled()
