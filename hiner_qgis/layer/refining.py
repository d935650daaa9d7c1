"""Decoding in the background what a map shows as a sketch, and drawing it again."""

import threading
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
from .wishes import Wishes

# Between two drawings of what was decoded meanwhile.
_SECONDS = 1.0
# How long the end of the plugin waits for a decode to notice.
_PATIENCE = 2.0
AT_ONCE = 2
"""Places that are decoded at once: while one waits for its last tile, other cores have something to do."""


class Refiner(QObject):
    """Takes wishes from the threads that draw, has a task decode them, and has layers drawn again.

    Belongs to the main thread; `want` may be called from any.
    """

    _asked = pyqtSignal()
    _decoded = pyqtSignal()

    def __init__(self):
        super().__init__()
        self._lock, self._task, self._files = threading.Lock(), None, set()
        self._made, self.wishes = Made(), Wishes()
        self._asked.connect(self._start, Qt.ConnectionType.QueuedConnection)
        self._decoded.connect(self._draw, Qt.ConnectionType.QueuedConnection)

    def want(self, opened, place, key, make, turn):
        """Have `make(check)` called in the background; layers of the OpenFile are drawn then.

        key: one wish of each; place, turn: see `Wishes.add`. A wish of a file that no layer shows any
        more is dropped: `make` must not hold the OpenFile.
        """
        self.wishes.add(opened, place, key, make, turn)
        self._asked.emit()

    def stop(self):
        """Forget all wishes and end the task; called in the main thread."""
        self.wishes.clear()
        task, self._task = self._task, None
        if task is not None:
            task.abandon()

    def fulfilled(self, opened, key):
        """Remember that a wish was made true; any thread may."""
        self._made.add(opened, key)

    def has_made(self, opened, key):
        """Whether a wish was made true of late: what is gone since is not to be wished for again."""
        return self._made.has(opened, key)

    def show(self, files):
        """Have the layers of OpenFiles drawn soon; any thread may."""
        with self._lock:
            self._files |= files
        self._decoded.emit()

    @guarded(lambda: None)
    def _start(self):
        if self._task is None and len(self.wishes):
            self._task = _Refining(self)
            QgsApplication.taskManager().addTask(self._task)

    def ended(self, is_cancelled):
        """The task is over; called in the main thread. What a cancelled one left is not wanted any more."""
        if is_cancelled:
            self.wishes.clear()
        self._task = None
        self._start()

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
            running = self._begun(threads, {})
            while running:
                # No longer, so that what is made is shown though the next takes longer.
                ended, _ = wait(running, _SECONDS, FIRST_COMPLETED)
                for future in ended:
                    del running[future]
                    of_place, n = future.result()
                    files, done = files | of_place, done + n
                running = self._begun(threads, running)
                begun = sum(n for _, n in running.values())
                self.setProgress(100 * done / (done + begun + len(self._refiner.wishes)))
                # Cancelled, it is drawn no more: a map that is drawn wishes again.
                if files and not self.isCanceled() and (not running or monotonic() - drawn > _SECONDS):
                    self._refiner.show(files)
                    drawn, files = monotonic(), set()
        return not self.isCanceled()

    def _begun(self, threads, running):
        """{future: (turn, number of wishes)}: `running` and as many places more as there is room for, none once cancelled."""
        while len(running) < min(AT_ONCE, parallel.threads()) and not self.isCanceled():
            # Beside a place of the first turn none of the next: others of the first will soon be wished for.
            last_turn = min((turn for turn, _ in running.values()), default=1)
            place, wishes = self._refiner.wishes.take(last_turn)
            if not wishes:
                break
            running[self._begin(threads, place, wishes)] = place[0], len(wishes)
        return running

    def _begin(self, threads, *of_place):
        try:
            return threads.submit(self._fulfil, *of_place)
        except RuntimeError:
            # There is no thread left: they are fulfilled in the task's own.
            done = Future()
            done.set_result(self._fulfil(*of_place))
            return done

    def _fulfil(self, place, wishes):
        """(the OpenFiles, a set, of which wishes came true; number of wishes), those added meanwhile included."""
        files, n = set(), 0
        while wishes and not self.isCanceled():
            files.update(opened for opened, key, make in wishes if self._came_true(opened, key, make))
            n += len(wishes)
            wishes = self._refiner.wishes.more_of(place)
        return files, n

    def _came_true(self, opened, key, make):
        """Whether it did; what went wrong is logged."""
        try:
            make(self._check)
            self._refiner.fulfilled(opened, key)
            return True
        except Cancelled:
            return False
        except HinerError as error:
            report(str(error))
        except Exception as error:  # the next wish may come true
            report(f"{type(error).__name__}: {error}")
        return False

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
