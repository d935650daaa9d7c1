"""Keeping Python's exceptions inside: one that leaves a method that QGIS calls can end QGIS."""

import functools

from qgis.core import Qgis, QgsMessageLog

TAG = "HINER"


def report(message):
    """Write a message to the log panel; any thread may."""
    QgsMessageLog.logMessage(message, TAG, Qgis.MessageLevel.Warning)


def guarded(make_answer):
    """Answer `make_answer()` where the method raises, and log what it raised."""

    def decorate(method):
        @functools.wraps(method)
        def call(*arguments, **named):
            try:
                return method(*arguments, **named)
            except Exception as error:  # whatever it is, it must not reach QGIS
                report(f"{method.__qualname__}: {error}")
                return make_answer()

        return call

    return decorate
