"""The Processing models that come with the plugin, as algorithms of its provider."""

from pathlib import Path

from qgis.core import QgsProcessingModelAlgorithm

from . import resources

_SUFFIX = ".model3"


class ShippedModel(QgsProcessingModelAlgorithm):
    """A model from `resources/models`, whose file's name is its fixed id in the provider."""

    def __init__(self, path):
        super().__init__()
        self._path = Path(path)
        self.is_read = self.fromFile(str(path))

    def createInstance(self):
        return ShippedModel(self._path)

    def name(self):
        return self._path.stem

    def icon(self):
        return resources.icon("hiner")

    def svgIconPath(self):
        return resources.icon_path("hiner")

    def helpUrl(self):
        return resources.help_url()


def shipped_models():
    """The ShippedModels that this QGIS can read, sorted by their ids.

    Their steps are looked up when they run: the provider's algorithms need not be there yet.
    """
    models = [ShippedModel(path) for path in sorted(resources.folder("models").glob("*" + _SUFFIX))]
    return [model for model in models if model.is_read]
