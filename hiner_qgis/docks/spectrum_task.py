"""Decoding a spectrum in the background."""

from qgis.core import QgsTask

from ...core.errors import Cancelled, HinerError
from ..layer.guard import guarded


class SpectrumTask(QgsTask):
    """Runs `make(check)` and hands its list of spectra to `done(task)` in the main thread.

    spectra: what was made, empty where it failed or was cancelled; problem: why it failed.
    """

    def __init__(self, title, make, done):
        super().__init__(title, QgsTask.Flag.CanCancel)
        self._make, self._done = make, done
        self.spectra, self.problem = [], ""

    def abandon(self):
        """Cancel, and tell nobody what came of it."""
        self._done = None
        self.cancel()

    def run(self):
        try:
            self.spectra = self._make(self._check)
        except Cancelled:
            return False
        except HinerError as error:
            self.problem = str(error)
            return False
        except Exception as error:  # an error that leaves a task ends QGIS
            self.problem = f"{type(error).__name__}: {error}"
            return False
        return True

    @guarded(lambda: None)
    def finished(self, result):
        if self._done is not None:
            self._done(self)

    def _check(self):
        if self.isCanceled():
            raise Cancelled("Cancelled by the user.")
