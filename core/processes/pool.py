"""The processes that work for this one: started when there is work, kept for a while, ended when there is none.

Where none can be had (no Python program beside this one, none may be started) the work is done here, in threads.
"""

import atexit
import os
import threading
import time

from ..errors import WorkerError
from ..parallel import threads
from ..waiting import PATIENCE, patiently
from .interpreter import interpreters
from .jobs import job
from .worker import Worker

IDLE_SECONDS = 60.0
"""After which processes without work end."""
MOST_FAILURES = 3
"""To start, one after the other, until no other start is tried."""


class Pool:
    """As many processes as `parallel.threads` allows; any thread may ask.

    programs: a function that lists paths of Python programs, the likeliest first.
    """

    def __init__(self, programs=interpreters, idle_seconds=IDLE_SECONDS):
        self._programs, self._idle_seconds = programs, idle_seconds
        # Of `programs`, the one that works; empty where none does.
        self._works, self._failures = None, 0
        self._generation, self._inherited = 0, []
        self._begin()

    def _begin(self):
        """Without processes."""
        self._turn, self._search = threading.Condition(), threading.Lock()
        self._idle, self._n = [], 0
        self._used, self._watcher = 0.0, None

    def call(self, name, arguments, check=None):
        """What the job of that name gives, done in another process, or here where there is none.

        check: called meanwhile, and may raise to end the work.
        """
        worker = self._take(check)
        if worker is None:
            return job(name)(**arguments, check=check)
        try:
            answer = worker.do(name, arguments, check)
        except WorkerError:
            self._forget()
            answer = {}
        except BaseException:
            self._forget()
            raise
        else:
            self._give_back(worker)
        if "gives" in answer:
            return answer["gives"]
        # What went wrong there goes wrong here too, with its own words; or there was too little memory.
        return job(name)(**arguments, check=check)

    def close(self):
        """End all processes: those without work now, the others when they are given back."""
        with self._turn:
            self._generation += 1
            idle, self._idle = self._idle, []
            self._n -= len(idle)
        for worker in idle:
            worker.end()

    def forget_all(self):
        """In a fork: the processes are the parent's, and its threads are not here."""
        # Kept: what is collected would be waited for.
        self._inherited += self._idle
        self._begin()

    @property
    def n_idle(self):
        """Processes that wait for work."""
        return len(self._idle)

    def _take(self, check):
        """A Worker that nobody else has, None where there are none to be had."""
        while True:
            dead = None
            with self._turn:
                if self._works == [] or threads() < 2:
                    return None
                if self._idle:
                    worker = self._idle.pop()
                    if worker.is_alive:
                        return worker
                    dead, self._n = worker, self._n - 1
                elif self._n < threads():
                    self._n += 1
                    break
                else:
                    self._turn.wait(PATIENCE)
            if dead:
                dead.end()
            if check:
                check()
        try:
            worker = self._started(check)
        except BaseException:
            self._forget()
            raise
        if worker is None:
            self._forget()
        return worker

    def _started(self, check):
        """A new Worker, or None."""
        # The first thread finds out which program works; the others wait for it.
        with patiently(self._search, check):
            if self._works is None:
                return self._found(check)
        for program in self._works:
            try:
                worker = self._new(program, check)
            except WorkerError:
                # For now: the system may be short of something.
                self._failures += 1
                if self._failures >= MOST_FAILURES:
                    self._works = []
            else:
                self._failures = 0
                return worker
        return None

    def _found(self, check):
        """The first Worker of a program that is this Python; None where there is none, and then for good."""
        for program in self._programs():
            try:
                worker = self._new(program, check)
            except WorkerError:
                continue
            self._works = [program]
            return worker
        self._works = []
        return None

    def _new(self, program, check):
        generation = self._generation
        worker = Worker(program, check)
        worker.generation = generation
        return worker

    def _give_back(self, worker):
        with self._turn:
            is_wanted = worker.generation == self._generation
            if is_wanted:
                self._idle.append(worker)
                self._used = time.monotonic()
                self._turn.notify()
                self._watch_over()
        if not is_wanted:
            worker.end()
            self._forget()

    def _forget(self):
        """Of a process that has ended."""
        with self._turn:
            self._n -= 1
            self._turn.notify()

    def _watch_over(self):
        if self._watcher is not None:
            return
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        try:
            self._watcher.start()
        except RuntimeError:
            # There are no threads left; the next job that is done tries it again.
            self._watcher = None

    def _watch(self):
        """End processes that have had no work for a while, then this thread."""
        while True:
            time.sleep(max(self._used + self._idle_seconds - time.monotonic(), PATIENCE))
            with self._turn:
                if time.monotonic() - self._used < self._idle_seconds:
                    continue
                self._watcher = None
                idle, self._idle = self._idle, []
                self._n -= len(idle)
            for worker in idle:
                worker.end()
            return


SHARED = Pool()
atexit.register(SHARED.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=SHARED.forget_all)
