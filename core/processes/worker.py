"""One process beside this one. The only module that starts programs."""

import json
import os
import signal
import subprocess  # nosec B404: this installation's own Python, with this package's own program
import sys
import threading
from pathlib import Path

from ..errors import WorkerError
from ..waiting import PATIENCE
from . import messages
from .serving import GREETING

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = Path(__file__).resolve().parent / "program" / "hiner_worker.py"
# Each works alone: more threads would only fight with the other processes.
_ALONE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
START_SECONDS = 20.0
"""After which a process that has not greeted is none."""
END_SECONDS = 0.5
"""That an ended process is waited for."""


class Worker:
    """A process that does jobs, one at a time; raises WorkerError where it cannot be started.

    check: called meanwhile, and may raise.
    """

    def __init__(self, program, check=None):
        path = [place for place in sys.path if isinstance(place, str) and os.path.isabs(place)]
        told = json.dumps({"root": str(ROOT), "path": path}).encode("ascii") + b"\n"
        self._exchange = None
        try:
            # A session of its own: a wrapper ends with the program that it runs, and nobody's Ctrl+C is heard.
            self._process = subprocess.Popen(  # nosec B603: no shell, and a fixed list of arguments
                [program, str(_PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, **_ALONE}, start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            raise WorkerError(f"{program} does not start: {error}") from error
        greeted = self._answer(lambda stream: stream.write(told), check, START_SECONDS)
        if greeted != GREETING:
            self.end()
            raise WorkerError(f"{program} is another Python: {greeted}")

    def do(self, job, arguments, check=None):
        """The answer to a job: {"gives"}, or {"failed"} in a few words; raises WorkerError where there is none.

        Where `check` raises, the process is ended.
        """
        wish = {"job": job, "arguments": arguments}
        return self._answer(lambda stream: messages.write(stream, wish), check)

    @property
    def is_alive(self):
        """Whether the process can still be asked."""
        return self._process.poll() is None

    def end(self):
        """End the process at once. Raises nothing, and waits for nothing that does not end."""
        try:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        except OSError:
            # It has ended by itself.
            self._process.poll()
        if self._exchange is None or self._exchange.over.wait(END_SECONDS):
            self._let_go()
        else:
            # Something holds the other end of the pipes; they are closed when it lets go.
            self._exchange.afterwards = self._let_go
            if self._exchange.over.is_set():
                self._let_go()

    def _let_go(self):
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            # The system ends it when it can.
            self._process.poll()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                stream.close()
            except OSError:
                # What was still to be written to a process that is gone.
                continue

    def _answer(self, ask, check, seconds=None):
        """The process's answer to what `ask` writes; this thread looks at `check` meanwhile."""
        try:
            exchange = self._exchange = _Exchange(self._process, ask)
        except RuntimeError as error:
            self.end()
            raise WorkerError(f"There is no thread left to wait in: {error}") from error
        try:
            while not exchange.over.wait(PATIENCE):
                if check:
                    check()
                if seconds is not None:
                    seconds -= PATIENCE
                    if seconds < 0:
                        raise WorkerError("The process does not answer.")
        except BaseException:
            # Halfway through an exchange it is of no use any more.
            self.end()
            raise
        if exchange.error is not None:
            self.end()
            raise WorkerError(f"The process has ended: {exchange.error}") from exchange.error
        return exchange.answer


class _Exchange:
    """A question and its answer in a thread that nobody has to wait for; `over` is set when it has ended.

    afterwards: called at the end by that thread, where it is set before.
    """

    def __init__(self, process, ask):
        self.over, self.answer, self.error, self.afterwards = threading.Event(), None, None, None
        self._process, self._ask = process, ask
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        try:
            self._ask(self._process.stdin)
            self._process.stdin.flush()
            self.answer = messages.read(self._process.stdout)
        # Whatever it is, it is told in the thread that waits.
        except BaseException as error:
            self.error = error
        self.over.set()
        if self.afterwards is not None:
            self.afterwards()
