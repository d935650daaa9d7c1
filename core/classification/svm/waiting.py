"""Waiting for work that cannot be interrupted, without waiting for it once it is unwanted."""

import threading

# Seconds between two looks at whether to stop.
_PAUSE = 0.1


def waited_for(function, check):
    """function(), in a thread of its own, while check() is asked ten times a second.

    Once `check` raises, nobody waits any longer, and what comes of the function is dropped; so it must
    change nothing that others see. The program itself ends no sooner than the function: a thread that
    comes back to an interpreter that is gone crashes it.
    Raises what `check` and the function raise.
    """
    check()
    work = _Work(function)
    work.start()
    while work.is_alive():
        work.join(_PAUSE)
        check()
    return work.outcome()


class _Work(threading.Thread):
    def __init__(self, function):
        super().__init__(name="HINER work that may be left", daemon=False)
        self._function, self._result, self._error = function, None, None

    def run(self):
        try:
            self._result = self._function()
        except BaseException as error:  # raised again by `outcome`, in the thread that waits
            self._error = error

    def outcome(self):
        if self._error is not None:
            raise self._error
        return self._result
