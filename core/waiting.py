"""Waiting for another thread without becoming deaf to the user."""

from contextlib import contextmanager

PATIENCE = 0.05
"""Seconds after which a thread that waits asks whether it should still wait."""


@contextmanager
def patiently(lock, check):
    """Hold a lock or a place of a semaphore; `check` is called while waiting for it, and may raise to end the wait."""
    while not lock.acquire(timeout=PATIENCE):
        if check:
            check()
    try:
        yield
    finally:
        lock.release()
