"""Seeing that a program of GDAL was given a `.hnr` file, which it cannot read.

QGIS's algorithms of GDAL write nothing then and end as if all were well. Their command line is in
QGIS's log; nothing else of them reaches a plugin.
"""

import re
import time

from qgis.core import Qgis, QgsApplication

from ..advice import INSTEAD
from ..layer.guard import guarded, report

_TAG = "Processing"
_PROGRAM = re.compile(r'\s*(?:"([^"]+)"|(\S+))\s+(\S.*)')
_HNR = re.compile(r"\.hnr(?=[\s\"'?]|$)", re.IGNORECASE)
_OF_GDAL = ("gdal", "ogr", "nearblack")
_SECONDS, _REPEATED = 15, 1


class GdalWatch:
    """Says in the message bar, and in the log, what to do instead; from `add` to `remove`."""

    def __init__(self, iface):
        self._iface, self._line, self._when = iface, "", 0.0

    def add(self):
        """Listen to the log."""
        self._signal().connect(self._read)

    def remove(self):
        """Listen no more."""
        self._signal().disconnect(self._read)

    def _signal(self):
        return QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel]

    @guarded(lambda: None)
    def _read(self, message, tag, _level):
        if tag != _TAG or not names_hnr(message):
            return
        line, now = message.strip(), time.monotonic()
        # Some versions log a line twice.
        if line == self._line and now - self._when < _REPEATED:
            return
        self._line, self._when = line, now
        text = f"GDAL reads no .hnr file. {INSTEAD}"
        report(f"{text} The command: {line}")
        self._iface.messageBar().pushMessage("HINER", text, Qgis.MessageLevel.Warning, _SECONDS)


def names_hnr(command):
    """Whether a line of the log is a command of GDAL that names a `.hnr` file."""
    found = _PROGRAM.fullmatch(command.rstrip())
    if not found:
        return False
    program = re.split(r"[/\\]", found[1] or found[2])[-1].lower()
    return program.startswith(_OF_GDAL) and _HNR.search(found[3]) is not None
