"""A colour's row in the dock: its name, its slider and its wavelength as a number."""

from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QDoubleSpinBox, QLabel

from .spectrum_slider import SpectrumSlider


class ChannelRow(QObject):
    """Label, slider and spin box that show one value; `chosen(value, dragging)` when it is moved."""

    chosen = pyqtSignal(float, bool)

    def __init__(self, title, colour, grid_layout, row, parent):
        super().__init__(parent)
        self.label = QLabel(title)
        self.label.setStyleSheet(f"color: {colour}; font-weight: bold")
        self.slider, self.spin = SpectrumSlider(colour), QDoubleSpinBox()
        self.slider.setAccessibleName(title)
        self.spin.setAccessibleName(title)
        self.spin.setKeyboardTracking(False)
        for column, widget in enumerate((self.label, self.slider, self.spin)):
            grid_layout.addWidget(widget, row, column)
        self.slider.chosen.connect(self.chosen)
        self.spin.valueChanged.connect(lambda value: self.chosen.emit(value, False))

    def set_grid(self, grid):
        """Lie along a SpectralGrid."""
        self.slider.set_grid(grid)
        self.spin.blockSignals(True)
        self.spin.setDecimals(1 if grid.has_wavelengths else 0)
        self.spin.setSuffix(" nm" if grid.has_wavelengths else "")
        low, high = grid.ends
        self.spin.setRange(low - 0.05, high + 0.05)
        self.spin.blockSignals(False)

    def set_value(self, value):
        """Show a value without a signal."""
        self.slider.set_wavelength(value)
        self.spin.blockSignals(True)
        self.spin.setValue(value)
        self.spin.blockSignals(False)

    def set_visible(self, visible):
        for widget in (self.label, self.slider, self.spin):
            widget.setVisible(visible)
