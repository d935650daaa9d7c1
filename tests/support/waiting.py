"""Waiting for what happens in the background, with QGIS's events handled meanwhile."""

import time


def wait_for(application, happened, seconds=60):
    """Handle events until `happened()`; fails where that takes longer."""
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        application.processEvents()
        time.sleep(0.005)
    assert happened()
