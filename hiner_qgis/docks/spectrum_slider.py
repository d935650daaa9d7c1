"""A slider along a scene's spectrum, which shows where there is nothing to choose."""

from qgis.PyQt.QtCore import QPointF, QRectF, Qt, pyqtSignal
from qgis.PyQt.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from qgis.PyQt.QtWidgets import QSizePolicy, QSlider

from . import presets

_STEPS = 10  # steps of the slider in a nanometre
_MARGIN = 8.0
_STRIP = QRectF(0, 18, 0, 8)
_GAP, _HATCH, _BAD = QColor("#d9dde1"), QColor("#7d8790"), QColor("#c0392b")


class SpectrumSlider(QSlider):
    """Chooses a wavelength (nm) or band number; `chosen(value, dragging)` as it is moved.

    Under the handle lies the spectrum of the scene: filled where it has bands, hatched in gaps, with
    red ticks at bad bands.
    """

    chosen = pyqtSignal(float, bool)

    def __init__(self, colour, parent=None):
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._colour, self._grid, self._steps = QColor(colour), None, _STEPS
        self.setMinimumSize(120, 34)
        self.setToolTip("Hatched: no bands here. Red ticks: bad bands.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.actionTriggered.connect(self._by_keyboard)

    def set_grid(self, grid):
        """Lie along a SpectralGrid."""
        self._grid = grid
        self._steps = _STEPS if grid.has_wavelengths else 1
        low, high = grid.ends
        self.setRange(int(low * self._steps), -int(-high * self._steps // 1))
        self.setSingleStep(self._steps)
        self.setPageStep(10 * self._steps)
        self.update()

    def set_wavelength(self, wavelength):
        """Move the handle without a signal."""
        self.blockSignals(True)
        self.setValue(round(wavelength * self._steps))
        self.blockSignals(False)
        self.update()

    def wavelength(self):
        """Where the handle is."""
        return self.value() / self._steps

    def sizeHint(self):
        return self.minimumSize()

    def mousePressEvent(self, event):
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)

    def mouseMoveEvent(self, event):
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event):
        if self.isSliderDown():
            self.setSliderDown(False)
            self.chosen.emit(self.wavelength(), False)

    def paintEvent(self, event):
        if self._grid is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.4)
        self._paint_spectrum(painter)
        self._paint_handle(painter)
        painter.end()

    def _follow(self, event):
        x = event.position().x() if hasattr(event, "position") else event.x()
        share = (x - _MARGIN) / max(1.0, self.width() - 2 * _MARGIN)
        wanted = self.minimum() + min(max(share, 0.0), 1.0) * (self.maximum() - self.minimum())
        self.setValue(round(wanted))
        self.update()
        self.chosen.emit(self.wavelength(), True)

    def _by_keyboard(self, action):
        if not self.isSliderDown():
            self.chosen.emit(self.sliderPosition() / self._steps, False)

    def _x(self, wavelength):
        span = max(1, self.maximum() - self.minimum())
        share = (wavelength * self._steps - self.minimum()) / span
        return _MARGIN + share * (self.width() - 2 * _MARGIN)

    def _paint_spectrum(self, painter):
        painter.setPen(Qt.PenStyle.NoPen)
        for start, stop in self._grid.ranges():
            painter.setBrush(QBrush(self._colour.lighter(165)))
            painter.drawRect(self._between(start, stop))
        for start, stop in presets.gaps(self._grid):
            painter.setBrush(QBrush(_GAP))
            painter.drawRect(self._between(start, stop))
            painter.setBrush(QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
            painter.drawRect(self._between(start, stop))
        painter.setPen(QPen(_BAD, 1))
        for centre in presets.bad_bands(self._grid):
            x = self._x(centre)
            painter.drawLine(QPointF(x, _STRIP.bottom() + 1), QPointF(x, _STRIP.bottom() + 5))

    def _between(self, start, stop):
        left, right = self._x(start), self._x(stop)
        return QRectF(left, _STRIP.top(), max(1.0, right - left), _STRIP.height())

    def _paint_handle(self, painter):
        x = self._x(self.wavelength())
        painter.setPen(QPen(self._colour.darker(140), 1.6 if self.hasFocus() else 1))
        painter.setBrush(QBrush(self._colour))
        top, tip = 2.0, _STRIP.top()
        shape = [(x - 6, top), (x + 6, top), (x + 6, tip - 7), (x, tip), (x - 6, tip - 7)]
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in shape]))
        painter.drawLine(QPointF(x, tip), QPointF(x, _STRIP.bottom()))
