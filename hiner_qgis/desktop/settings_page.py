"""The page "HINER" among QGIS's options."""

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QLabel, QSpinBox

from .. import resources, settings

_SHOWN = (("True colour", settings.TRUE_COLOUR), ("All of the file's bands", settings.OWN_BANDS))


class SettingsPage:
    """The page's place in the options, from `add` to `remove`."""

    def __init__(self, iface):
        self._iface, self._factory = iface, None

    def add(self):
        self._factory = _Factory()
        self._iface.registerOptionsWidgetFactory(self._factory)

    def remove(self):
        self._iface.unregisterOptionsWidgetFactory(self._factory)
        self._factory = None


class _Factory(QgsOptionsWidgetFactory):
    def __init__(self):
        super().__init__("HINER", resources.icon("hiner"))

    def createWidget(self, parent=None):
        return OptionsWidget(parent)


class OptionsWidget(QgsOptionsPageWidget):
    """Shows the settings; QGIS calls `apply` when the user accepts."""

    def __init__(self, parent=None):
        super().__init__(parent)
        kept = settings.read()
        self.device = _choice(((name, name) for name in settings.DEVICES), kept.device)
        self.cache = _number(settings.SMALLEST_CACHE, settings.LARGEST_CACHE, kept.cache_mib, " MiB")
        self.threads = _number(0, settings.MOST_THREADS, kept.threads)
        self.threads.setSpecialValueText("As many as cores, up to 8")
        self.bands = _choice(_SHOWN, kept.bands)
        form = QFormLayout(self)
        form.addRow("A .hnr file opens with", self.bands)
        form.addRow("Memory for decoded tiles of layers", self.cache)
        form.addRow("Processes and threads for coding and decoding", self.threads)
        form.addRow("Device for training and classifying, where an algorithm says auto", self.device)
        note = QLabel("cuda: a graphics card that PyTorch can use. The method latent needs none.")
        note.setWordWrap(True)
        form.addRow("", note)

    def apply(self):
        settings.write(
            settings.Settings(
                self.device.currentData(), self.cache.value(), self.threads.value(), self.bands.currentData()
            )
        )


def _choice(entries, current):
    box = QComboBox()
    for title, value in entries:
        box.addItem(title, value)
    box.setCurrentIndex(max(box.findData(current), 0))
    return box


def _number(low, high, value, suffix=""):
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(suffix)
    return box
