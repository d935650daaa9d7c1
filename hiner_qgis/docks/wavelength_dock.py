"""The dock "Wavelengths": what the active `.hnr` layer shows, and the way to other wavelengths."""

from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QComboBox, QDockWidget, QGridLayout, QLabel, QVBoxLayout, QWidget

from ...core.errors import HinerError
from . import presets
from .active_layer import ActiveLayer
from .channel_row import ChannelRow
from .layer_access import shown_of, wavelengths_of
from .recolour import show_sensor, show_wavelengths

_CHANNELS = (("Red", "#c62828"), ("Green", "#2e7d32"), ("Blue", "#1565c0"), ("Grey", "#616161"))
# While a slider is dragged the map is drawn this often (ms), from one sample for so many pixels
# along a side.
_DEBOUNCE = 100
_COARSE = 4
_NO_LAYER = "Select a layer of a .hnr file to choose its wavelengths."
_NO_WAVELENGTHS = "The file has no wavelengths: choose band numbers."


class WavelengthDock(QDockWidget):
    """Sliders for the colours of the active layer; disabled, with the reason, for other layers."""

    def __init__(self, iface):
        super().__init__("Wavelengths")
        self.setObjectName("HinerWavelengths")
        self._active = ActiveLayer(iface, self._show_layer)
        self._layer, self._wanted = None, []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DEBOUNCE)
        self._timer.timeout.connect(lambda: self._apply(_COARSE))
        self._build()

    def start(self):
        """Follow QGIS's active layer."""
        self._active.start()

    def stop(self):
        """Let go of the layer and of QGIS."""
        self._timer.stop()
        self._active.stop()
        self._layer = None

    def rows(self):
        """The rows of the layer's colours: red, green and blue, or grey."""
        return self._rows[:3] if len(self._wanted) == 3 else self._rows[3:]

    def _build(self):
        body = QWidget()
        layout, sliders = QVBoxLayout(body), QGridLayout()
        self.message, self.presets = QLabel(_NO_LAYER), QComboBox()
        self.message.setWordWrap(True)
        self.presets.activated.connect(self._choose_preset)
        layout.addWidget(self.presets)
        sliders.setColumnStretch(1, 1)
        self._rows = []
        for number, (title, colour) in enumerate(_CHANNELS):
            row = ChannelRow(title, colour, sliders, number, self)
            row.chosen.connect(lambda value, dragging, row=row: self._choose(row, value, dragging))
            self._rows.append(row)
        layout.addLayout(sliders)
        layout.addWidget(self.message)
        layout.addStretch(1)
        self.setWidget(body)
        self._show_layer(None)

    def _show_layer(self, layer):
        shown = shown_of(layer)
        if shown is None or layer.renderer() is None:
            self._layer, self._wanted = None, []
            self._timer.stop()
            self._enable(False)
            self.message.setText(_NO_LAYER)
            return
        if any(row.slider.isSliderDown() for row in self._rows):
            return
        is_new = layer is not self._layer
        self._layer, self._wanted = layer, wavelengths_of(layer)
        self._enable(True)
        grid = shown.hnr.grid
        for row in self._rows:
            row.set_visible(row in self.rows())
            row.set_grid(grid)
        for row, value in zip(self.rows(), self._wanted):
            row.set_value(value)
        if is_new:
            self._offer_presets(grid)
            self.message.setText("" if grid.has_wavelengths else _NO_WAVELENGTHS)

    def _enable(self, enabled):
        for widget in (self.presets, *(w for row in self._rows for w in (row.slider, row.spin))):
            widget.setEnabled(enabled)
        if not enabled:
            self.presets.clear()
            self.presets.addItem("Presets")
            for row in self._rows:
                row.set_visible(row in self._rows[:3])

    def _offer_presets(self, grid):
        self.presets.clear()
        self.presets.addItem("Presets")
        for preset in presets.presets(grid):
            self.presets.addItem(preset.title, preset)
            item = self.presets.model().item(self.presets.count() - 1)
            item.setEnabled(not preset.problem)
            item.setToolTip(preset.problem)

    def _choose(self, row, value, dragging):
        if self._layer is None:
            return
        grid = shown_of(self._layer).hnr.grid
        self.presets.setCurrentIndex(0)
        place = self.rows().index(row)
        before = self._wanted[place]
        shown = presets.nearest(grid, value) if dragging else presets.stepped(grid, before, value)
        self._wanted[place] = shown
        self.message.setText(presets.hint(grid, value, shown))
        row.set_value(self._wanted[place])
        if not dragging:
            self._timer.stop()
            self._apply(1)
        elif not self._timer.isActive():
            self._timer.start()

    def _apply(self, coarseness):
        if self._layer is not None:
            self._try(lambda: show_wavelengths(self._layer, self._wanted, coarseness))

    def _choose_preset(self, index):
        preset = self.presets.itemData(index)
        if preset is None or self._layer is None:
            return
        if preset.sensor:
            self._try(lambda: show_sensor(self._layer, preset.sensor))
        else:
            self._wanted = list(preset.wavelengths[:len(self._wanted)])
            self._try(lambda: show_wavelengths(self._layer, self._wanted))
        self._show_layer(self._layer)

    def _try(self, change):
        try:
            change()
        except HinerError as error:
            self.message.setText(str(error))
