"""The page "HINER" of the Data Source Manager."""

import os
import re

from qgis.gui import QgsAbstractDataSourceWidget, QgsFileWidget, QgsGui, QgsSourceSelectProvider
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout

from ...core.errors import HinerError
from ...core.hnr_file import HnrFile
from ...core.spectral.sensors import SENSORS
from .. import resources, settings
from ..layer import source
from ..layer.bands import layer_bands

_NAME = "hiner"
_WAVELENGTHS = "wl="


class SourcePage:
    """The page's place in the Data Source Manager, from `add` to `remove`."""

    def __init__(self, _iface):
        self._provider = None

    def add(self):
        registry = QgsGui.sourceSelectProviderRegistry()
        if registry.providerByName(_NAME) is None:
            self._provider = _Provider()
            registry.addProvider(self._provider)

    def remove(self):
        if self._provider is not None:
            QgsGui.sourceSelectProviderRegistry().removeProvider(self._provider)
            self._provider = None


class _Provider(QgsSourceSelectProvider):
    def name(self):
        return _NAME

    def providerKey(self):
        return source.PROVIDER

    def text(self):
        return "HINER"

    def toolTip(self):
        return "Add a layer of a .hnr file"

    def icon(self):
        return resources.icon("hiner")

    def ordering(self):
        return QgsSourceSelectProvider.Ordering.OrderLocalProvider + 60

    def createDataSourceWidget(self, parent=None, flags=Qt.WindowType.Widget, mode=None):
        return SourceWidget(parent, flags)


class SourceWidget(QgsAbstractDataSourceWidget):
    """A file, and which of its wavelengths the layer shows."""

    def __init__(self, parent=None, flags=Qt.WindowType.Widget):
        super().__init__(parent, flags)
        self.file = QgsFileWidget()
        self.file.setFilter("HINER files (*.hnr *.HNR)")
        self.file.setDialogTitle("Choose a .hnr file")
        self.shown = QComboBox()
        choices = (("True colour", settings.TRUE_COLOUR), ("Wavelengths", _WAVELENGTHS))
        choices += (("All of the file's bands", settings.OWN_BANDS),)
        for title, query in (*choices, *((f"Bands of {name}", f"sensor={name}") for name in SENSORS)):
            self.shown.addItem(title, query)
        self.shown.setCurrentIndex(max(self.shown.findData(settings.read().bands), 0))
        self.wavelengths = QLineEdit("650, 550, 450")
        self.wavelengths.setToolTip("Nanometres: a list (650, 550, 450) or a range start:stop:step (400:900:10)")
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        form = QFormLayout()
        form.addRow("File", self.file)
        form.addRow("Shown", self.shown)
        form.addRow("Wavelengths (nm)", self.wavelengths)
        form.addRow("", self.note)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addStretch()
        buttons = QDialogButtonBox()
        layout.addWidget(buttons)
        self.setupButtons(buttons)
        self.file.fileChanged.connect(self._look)
        self.shown.currentIndexChanged.connect(self._look)
        self.wavelengths.textChanged.connect(self._look)
        self._look()

    def uri(self):
        """The layer's source as chosen."""
        query = self.shown.currentData()
        if query == _WAVELENGTHS:
            text = re.sub(r"\s*:\s*", ":", self.wavelengths.text())
            query += ",".join(re.split(r"[\s,;]+", text.strip(" ,;")))
        return source.join(self.file.filePath(), query)

    def addButtonClicked(self):
        name = os.path.splitext(os.path.basename(self.file.filePath()))[0]
        self.addRasterLayer.emit(self.uri(), name, source.PROVIDER)

    def _look(self, *_):
        """Say what the layer will be, or why it cannot."""
        self.wavelengths.setEnabled(self.shown.currentData() == _WAVELENGTHS)
        text, possible = "", False
        if self.file.filePath():
            text, possible = _judged(self.uri())
        self.note.setText(text)
        self.enableButtons.emit(possible)


def _judged(uri):
    """(what to say of a source, whether it can be opened)"""
    try:
        wanted = source.parse(uri)
        hnr = HnrFile(wanted.path)
        count = len(layer_bands(hnr, wanted).bands)
    except HinerError as error:
        return str(error), False
    scene, known = hnr.description, [b.wavelength for b in hnr.description.bands if b.wavelength is not None]
    spectrum = f", {min(known):.0f} to {max(known):.0f} nm" if known else ", without wavelengths"
    shown = "1 band" if count == 1 else f"{count} bands"
    return f"{scene.n_rows} x {scene.n_cols} pixels, {scene.n_bands} bands{spectrum}. The layer has {shown}.", True
