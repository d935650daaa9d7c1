"""Decoding in the background what a map shows as a sketch, and drawing it again."""

import threading
import weakref
from collections import OrderedDict
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic

from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsTask
from qgis.PyQt.QtCore import QObject, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QApplication

from ...core import parallel
from ...core.errors import Cancelled, HinerError
from . import source
from .guard import guarded, report
from .made import Made

# Between two drawings of what was decoded meanwhile.
_SECONDS = 1.0
# How long the end of the plugin waits for a decode to notice.
_PATIENCE = 2.0
AT_ONCE = 2
"""Wishes that are fulfilled at once: while one waits for its last tile, other cores have something to do."""
# Older wishes are of parts of the map that are looked at no more.
_MOST_WISHES = 300


class Refiner(QObject):
    """Takes wishes from the threads that draw, has a task decode them, and has layers drawn again.

    Belongs to the main thread; `want` may be called from any.
    """

    _asked = pyqtSignal()
    _decoded = pyqtSignal()

    def __init__(self):
        super().__init__()
        self._lock, self._task, self._files = threading.Lock(), None, set()
        self._made = Made()
        # What to decode first, and then.
        self._wishes = OrderedDict(), OrderedDict()
        self._asked.connect(self._start, Qt.ConnectionType.QueuedConnection)
        self._decoded.connect(self._draw, Qt.ConnectionType.QueuedConnection)

    def want(self, opened, key, make, turn):
        """Have `make(check)` called in the background; layers of the OpenFile are drawn then.

        key: one wish of each; turn: 0 before all of 1. The newest wish comes first. A wish of a file
        that no layer shows any more is dropped: `make` must not hold the OpenFile.
        """
        with self._lock:
            wishes = self._wishes[turn]
            wishes[key] = weakref.ref(opened), make
            wishes.move_to_end(key)
            while len(wishes) > _MOST_WISHES:
                wishes.popitem(last=False)
        self._asked.emit()

    def stop(self):
        """Forget all wishes and end the task; called in the main thread."""
        self._forget_wishes()
        task, self._task = self._task, None
        if task is not None:
            task.abandon()

    def take(self):
        """The next (OpenFile, key, make), None where there is no more."""
        with self._lock:
            for wishes in self._wishes:
                while wishes:
                    key, (reference, make) = wishes.popitem()
                    opened = reference()
                    if opened is not None:
                        return opened, key, make
        return None

    def fulfilled(self, opened, key):
        """Remember that a wish was made true; any thread may."""
        self._made.add(opened, key)

    def has_made(self, opened, key):
        """Whether a wish was made true of late: what is gone since is not to be wished for again."""
        return self._made.has(opened, key)

    def left(self):
        """How many wishes there are."""
        return sum(map(len, self._wishes))

    def show(self, files):
        """Have the layers of OpenFiles drawn soon; any thread may."""
        with self._lock:
            self._files |= files
        self._decoded.emit()

    @guarded(lambda: None)
    def _start(self):
        if self._task is None and self.left():
            self._task = _Refining(self)
            QgsApplication.taskManager().addTask(self._task)

    def ended(self, is_cancelled):
        """The task is over; called in the main thread. What a cancelled one left is not wanted any more."""
        if is_cancelled:
            self._forget_wishes()
        self._task = None
        self._start()

    def _forget_wishes(self):
        with self._lock:
            for wishes in self._wishes:
                wishes.clear()

    @guarded(lambda: None)
    def _draw(self):
        with self._lock:
            files, self._files = self._files, set()
        for layer in _layers_on_maps():
            if isinstance(layer, QgsRasterLayer) and layer.providerType() == source.PROVIDER:
                shown = getattr(layer.dataProvider(), "shown", None)
                if shown is not None and shown.opened in files:
                    layer.triggerRepaint()


def _layers_on_maps():
    """Those of the project and of all canvases: the Browser's, and those of other plugins."""
    layers = set(QgsProject.instance().mapLayers().values())
    widgets = QApplication.allWidgets()
    if widgets:
        # Here, since QGIS without a desktop may lack it.
        from qgis.gui import QgsMapCanvas

        layers.update(*(widget.layers() for widget in widgets if isinstance(widget, QgsMapCanvas)))
    return layers


class _Refining(QgsTask):
    def __init__(self, refiner):
        # QGIS cancels it unasked when it is closed.
        super().__init__("Decoding what the map shows", QgsTask.Flag.CanCancel | QgsTask.Flag.CancelWithoutPrompt)
        self._refiner, self._abandoned = refiner, False
        self._working = threading.Lock()

    @guarded(lambda: False)
    def run(self):
        with self._working:
            return self._work()

    def _work(self):
        done, drawn, files = 0, monotonic(), set()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            running = self._begun(threads, set())
            while running:
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                running = self._begun(threads, running)
                files |= {future.result() for future in ended} - {None}
                done += len(ended)
                self.setProgress(100 * done / (done + len(running) + self._refiner.left()))
                # Cancelled, it is drawn no more: a map that is drawn wishes again.
                if files and not self.isCanceled() and (not running or monotonic() - drawn > _SECONDS):
                    self._refiner.show(files)
                    drawn, files = monotonic(), set()
        return not self.isCanceled()

    def _begun(self, threads, running):
        """The running wishes and as many more as there is room for; none where the task is cancelled."""
        while len(running) < min(AT_ONCE, parallel.threads()) and not self.isCanceled():
            wish = self._refiner.take()
            if wish is None:
                break
            running.add(self._begin(threads, wish))
        return running

    def _begin(self, threads, wish):
        try:
            return threads.submit(self._fulfil, *wish)
        except RuntimeError:
            # There is no thread left: it is fulfilled in the task's own.
            done = Future()
            done.set_result(self._fulfil(*wish))
            return done

    def _fulfil(self, opened, key, make):
        """The OpenFile, None where the wish did not come true."""
        try:
            make(self._check)
        except Cancelled:
            return None
        except HinerError as error:
            report(str(error))
        except Exception as error:  # the next wish may come true
            report(f"{type(error).__name__}: {error}")
        else:
            self._refiner.fulfilled(opened, key)
            return opened
        return None

    def abandon(self):
        """Cancel, and tell nobody that it has ended."""
        self._abandoned = True
        self.cancel()
        # QGIS may be about to end: no thread may be in Python's hands then. It looks up every few milliseconds.
        if self._working.acquire(timeout=_PATIENCE):
            self._working.release()

    @guarded(lambda: None)
    def finished(self, result):
        if not self._abandoned:
            self._refiner.ended(self.isCanceled())

    def _check(self):
        if self.isCanceled():
            raise Cancelled("Cancelled by the user.")


_refiners = []


def current():
    """The Refiner of the running plugin, None without one."""
    return _refiners[-1] if _refiners else None


def begin():
    """Make the Refiner; called in the main thread."""
    if not _refiners:
        _refiners.append(Refiner())


def end():
    """Stop the Refiner and let go of it; called in the main thread."""
    while _refiners:
        _refiners.pop().stop()
