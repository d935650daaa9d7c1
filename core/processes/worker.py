"""One process beside this one. The only module that starts programs."""

import json
import os
import subprocess  # nosec B404: this installation's own Python, with this package's own program
import sys
import threading
from pathlib import Path

from ..errors import WorkerError
from . import messages
from .serving import greeting

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = Path(__file__).resolve().parent / "program" / "hiner_worker.py"
PATIENCE = 0.05
"""Seconds after which a thread that waits asks whether it should still wait."""
START_SECONDS = 20.0
"""After which a process that has not greeted is none."""



class Worker:
    """A process that does jobs, one at a time; raises WorkerError where it cannot be started."""

    def __init__(self, program, check=None):
        # Each works alone: more threads would only fight with the other processes.
        alone = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        try:
            self._process = subprocess.Popen(  # nosec B603: no shell, and a fixed list of arguments
                [program, str(_PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, **alone}, creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            raise WorkerError(str(error)) from error
        told = {"root": str(ROOT), "path": [place for place in sys.path if os.path.isabs(place)]}
        greeted = self._answer(lambda: self._first(told), check, START_SECONDS)
        if greeted != greeting():
            self.end()
            raise WorkerError(f"{program} is another Python: {greeted}")

    def do(self, job, arguments, check=None):
        """What a job gives. `check` is called meanwhile, and may raise: the process is ended then.

        Raises WorkerError where it failed, of whatever reason.
        """
        answer = self._answer(lambda: self._exchange({"job": job, "arguments": arguments}), check)
        if "failed" in answer:
            raise WorkerError(answer["failed"])
        return answer["gives"]

    @property
    def is_alive(self):
        return self._process.poll() is None

    def end(self):
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                stream.close()
            except OSError:
                # What was still to be written to a process that is gone.
                continue

    def _first(self, told):
        self._process.stdin.write(json.dumps(told).encode("ascii") + b"\n")
        self._process.stdin.flush()
        return messages.read(self._process.stdout)

    def _exchange(self, wish):
        messages.write(self._process.stdin, wish)
        return messages.read(self._process.stdout)

    def _answer(self, exchange, check, seconds=None):
        """What `exchange` returns, in a thread of its own, so that this one can look at `check`."""
        waiting = _Waiting(exchange)
        try:
            while not waiting.over.wait(PATIENCE):
                if check:
                    check()
                if seconds is not None:
                    seconds -= PATIENCE
                    if seconds < 0:
                        raise WorkerError("It does not answer.")
        except BaseException:
            # Halfway through an exchange it is of no use any more.
            self._process.kill()
            waiting.over.wait()
            self.end()
            raise
        if waiting.error is not None:
            self.end()
            raise WorkerError(str(waiting.error)) from waiting.error
        return waiting.answer


class _Waiting:
    """A function in a thread that nobody has to wait for; `over` is set when it has ended."""

    def __init__(self, function):
        self.over, self.answer, self.error = threading.Event(), None, None
        self._function = function
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        try:
            self.answer = self._function()
        except (OSError, EOFError, ValueError, MemoryError) as error:
            self.error = error
        finally:
            self.over.set()
