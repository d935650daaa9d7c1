"""The processes that work for this one: started when there is work, kept for a while, ended when there is none.

Where none can be had (no Python program beside this one, none may be started) the work is done here, in threads.
"""

import atexit
import threading
import time

from ..errors import WorkerError
from ..parallel import threads
from .interpreter import interpreters
from .jobs import job
from .worker import PATIENCE, Worker

IDLE_SECONDS = 60.0
"""After which processes without work end."""


class Pool:
    """As many processes as `parallel.threads` allows; any thread may ask."""

    def __init__(self, programs=interpreters, idle_seconds=IDLE_SECONDS):
        """programs: a function that lists paths of Python programs, the likeliest first."""
        self._programs, self._idle_seconds = programs, idle_seconds
        self._idle, self._n, self._turn = [], 0, threading.Condition()
        self._works = None
        self._used, self._watcher = 0.0, None

    def call(self, name, arguments, check=None):
        """What the job of that name gives, done in another process, or here where there is none.

        check: called meanwhile, and may raise to end the work.
        """
        worker = self._take(check)
        if worker is None:
            return job(name)(**arguments, check=check)
        try:
            gives = worker.do(name, arguments, check)
        except WorkerError:
            # What went wrong there goes wrong here too, with its own words; or there was too little memory.
            self._drop(worker)
            return job(name)(**arguments, check=check)
        except BaseException:
            self._drop(worker)
            raise
        self._give_back(worker)
        return gives

    def close(self):
        """End all processes that are without work; the others end with their jobs."""
        with self._turn:
            idle, self._idle = self._idle, []
            self._n -= len(idle)
        for worker in idle:
            worker.end()

    @property
    def n_idle(self):
        """Processes that wait for work."""
        return len(self._idle)

    def _take(self, check):
        """A Worker that nobody else has, None where there are none to be had."""
        while True:
            with self._turn:
                if self._works == [] or threads() < 2:
                    return None
                if self._idle:
                    worker = self._idle.pop()
                    if worker.is_alive:
                        return worker
                    self._n -= 1
                    continue
                if self._n < threads():
                    self._n += 1
                    break
                self._turn.wait(PATIENCE)
            if check:
                check()
        return self._started(check)

    def _started(self, check):
        """A new Worker, or None; the caller has counted it."""
        programs = self._programs() if self._works is None else self._works
        try:
            for program in programs:
                try:
                    worker = Worker(program, check)
                except WorkerError:
                    continue
                self._works = [program]
                return worker
        except BaseException:
            self._forget()
            raise
        # They would not start the next time either.
        self._works = []
        self._forget()
        return None

    def _give_back(self, worker):
        with self._turn:
            self._idle.append(worker)
            self._used = time.monotonic()
            self._turn.notify()
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, daemon=True)
                self._watcher.start()

    def _drop(self, worker):
        worker.end()
        self._forget()

    def _forget(self):
        with self._turn:
            self._n -= 1
            self._turn.notify()

    def _watch(self):
        """End processes that have had no work for a while, then this thread."""
        while True:
            time.sleep(max(self._used + self._idle_seconds - time.monotonic(), PATIENCE))
            with self._turn:
                if time.monotonic() - self._used < self._idle_seconds:
                    continue
                self._watcher = None
            self.close()
            return


SHARED = Pool()
atexit.register(SHARED.close)
