"""The dock "Spectrum": spectra of clicked pixels and of regions, kept, drawn and saved."""

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QIcon, QPixmap
from qgis.PyQt.QtWidgets import (
    QApplication,
    QDockWidget,
    QFileDialog,
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ...core.errors import HinerError, OutputError
from .active_layer import ActiveLayer
from .collection import SpectrumCollection
from .layer_access import shown_of
from .map_tools import PointTool, PolygonTool
from .picking import pixel_work, region_work, selected_polygons
from .spectral_library import save_library
from .spectrum_table import save_table, table_text
from .spectrum_task import SpectrumTask

_NO_LAYER = "Select a layer of a .hnr file to see its spectra."
_READY = "Choose a tool, then click on the map."
_DRAWING = "Left clicks set the polygon's corners, a right click closes it."
_NO_PLOT = "The spectra are not drawn: matplotlib is not installed in QGIS's Python. Saving works."
_FORMATS = "Table (*.csv);;EnMAP-Box spectral library (*.geojson)"


class SpectrumDock(QDockWidget):
    """Tools, plot and list of spectra; the tools are disabled, with the reason, for other layers."""

    def __init__(self, iface):
        super().__init__("Spectrum")
        self.setObjectName("HinerSpectrum")
        self._canvas = iface.mapCanvas()
        self._active = ActiveLayer(iface, self._show_layer)
        self._layer, self._tasks = None, []
        self.kept = SpectrumCollection()
        self._build()
        self._tools = {self.pick: PointTool(self._canvas), self.draw: PolygonTool(self._canvas)}
        for button in self._tools:
            button.clicked.connect(lambda checked, button=button: self._use(button, checked))
        self._tools[self.pick].picked.connect(self.add_pixel)
        self._tools[self.draw].drawn.connect(self.add_polygon)
        self._canvas.mapToolSet.connect(self._tool_set)
        self._show_layer(None)

    def start(self):
        """Follow QGIS's active layer."""
        self._active.start()

    def stop(self):
        """End what runs and give the map its tool back."""
        self._active.stop()
        for task in self._tasks:
            task.abandon()
        self._tasks = []
        self._canvas.mapToolSet.disconnect(self._tool_set)
        for tool in self._tools.values():
            self._canvas.unsetMapTool(tool)
        self._tools[self.draw].discard()
        self._layer = None

    # What is asked for

    def add_pixel(self, point):
        """Decode the spectrum of the pixel under a point of the map."""
        self._begin(lambda: pixel_work(self._layer, point, self._map_crs()))

    def add_polygon(self, geometry):
        """Decode the mean spectrum of a polygon of the map."""
        name = f"Polygon {1 + len(self.kept.spectra)}"
        self._begin(lambda: region_work(self._layer, [geometry], self._map_crs(), [name]))

    def add_selected(self):
        """Decode the mean spectra of the polygons that are selected in vector layers."""
        found = selected_polygons(QgsProject.instance().mapLayers().values())
        if not found:
            self.message.setText("Select polygons of a vector layer first.")
        for geometry, crs, name in found:
            self._begin(lambda g=geometry, c=crs, n=name: region_work(self._layer, [g], c, [n]))

    def cancel_tasks(self):
        """Stop all decoding."""
        for task in list(self._tasks):
            task.cancel()

    def copy(self):
        """Put the kept spectra into the clipboard, as a table with tabs."""
        QApplication.clipboard().setText(table_text(self.kept.spectra, "\t"))
        self.message.setText("Copied.")

    def save(self, path):
        """Save as .geojson library, or as a .csv table under any other name."""
        write = save_library if path.lower().endswith((".geojson", ".json")) else save_table
        try:
            notes = write(self.kept.spectra, path)
        except OutputError as error:
            self.message.setText(str(error))
        else:
            self.message.setText(". ".join((f"Saved {path}", *notes)))

    def _begin(self, prepare):
        if self._layer is None:
            return
        try:
            work = prepare()
        except HinerError as error:
            self.message.setText(str(error))
            return
        task = SpectrumTask("Spectrum", work, self._end)
        self._tasks.append(task)
        self.cancel.setEnabled(True)
        self.message.setText("Decoding ...")
        QgsApplication.taskManager().addTask(task)

    def _end(self, task):
        if task in self._tasks:
            self._tasks.remove(task)
        self.cancel.setEnabled(bool(self._tasks))
        for spectrum in task.spectra:
            self.kept.add(spectrum)
        self.message.setText(task.problem or (_READY if task.spectra else "Cancelled."))
        self._refresh()

    # The window

    def _build(self):
        body, top = QWidget(), QWidget()
        layout, drawing, buttons = QVBoxLayout(body), QVBoxLayout(top), QGridLayout()
        drawing.setContentsMargins(0, 0, 0, 0)
        self.pick, self.draw, self.select = (
            QPushButton(title) for title in ("Pixel", "Polygon", "Selected")
        )
        self.pick.setToolTip("Click on a pixel of the layer")
        self.draw.setToolTip("Draw a polygon and see the mean of its pixels")
        self.select.setToolTip("The mean of the polygons selected in vector layers")
        self.pick.setCheckable(True)
        self.draw.setCheckable(True)
        self.select.clicked.connect(self.add_selected)
        self.cancel = self._button("Cancel", self.cancel_tasks)
        for column, button in enumerate((self.pick, self.draw, self.select, self.cancel)):
            buttons.addWidget(button, 0, column)
        self.message, self.plot = QLabel(), _plot()
        self.message.setWordWrap(True)
        drawing.addWidget(self.plot or QLabel(_NO_PLOT), 1)
        self.list = QListWidget()
        self.list.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.list.itemChanged.connect(self._renamed)
        self.list.setToolTip("Double click to rename")
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(top)
        splitter.addWidget(self.list)
        splitter.setSizes([300, 90])
        self.outputs = [
            self._button("Remove", self._remove), self._button("Clear", self._clear),
            self._button("Copy", self.copy), self._button("Save ...", self._ask_and_save),
        ]
        for column, button in enumerate(self.outputs):
            buttons.addWidget(button, 1, column)
        layout.addWidget(self.message)
        layout.addWidget(splitter, 1)
        layout.addLayout(buttons)
        self.setWidget(body)
        self.cancel.setEnabled(False)
        self._refresh()

    def _button(self, title, action):
        button = QPushButton(title)
        button.clicked.connect(lambda: action())
        return button

    def _show_layer(self, layer):
        self._layer = layer if shown_of(layer) is not None else None
        for button in (self.pick, self.draw, self.select):
            button.setEnabled(self._layer is not None)
        if not self._tasks:
            self.message.setText(_NO_LAYER if self._layer is None else _READY)

    def _use(self, button, checked):
        tool = self._tools[button]
        if checked:
            self._canvas.setMapTool(tool)
            self.message.setText(_DRAWING if button is self.draw else _READY)
        else:
            self._canvas.unsetMapTool(tool)

    def _tool_set(self, tool, before=None):
        for button, own in self._tools.items():
            button.setChecked(tool is own)

    def _map_crs(self):
        return self._canvas.mapSettings().destinationCrs()

    def _refresh(self):
        self.list.blockSignals(True)
        self.list.clear()
        for spectrum in self.kept.spectra:
            swatch = QPixmap(16, 16)
            swatch.fill(QColor(spectrum.colour))
            item = QListWidgetItem(QIcon(swatch), spectrum.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(f"{spectrum.source}, {spectrum.n_pixels} pixels")
            self.list.addItem(item)
        self.list.blockSignals(False)
        for button in self.outputs:
            button.setEnabled(bool(self.kept.spectra))
        if self.plot is not None:
            self.plot.show_spectra(self.kept.spectra)

    def _renamed(self, item):
        self.kept.rename(self.list.row(item), item.text())
        self._refresh()

    def _remove(self):
        self.kept.remove([self.list.row(item) for item in self.list.selectedItems()])
        self._refresh()

    def _clear(self):
        self.kept.clear()
        self._refresh()

    def _ask_and_save(self):
        path, chosen = QFileDialog.getSaveFileName(self, "Save spectra", "", _FORMATS)
        if path:
            suffix = ".geojson" if "geojson" in chosen else ".csv"
            self.save(path if path.lower().endswith((".csv", ".geojson", ".json")) else path + suffix)


def _plot():
    """The plot, None where matplotlib is missing."""
    try:
        from .plot import SpectrumPlot
    except ImportError:
        return None
    return SpectrumPlot()
