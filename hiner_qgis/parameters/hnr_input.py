"""A parameter for a `.hnr` file, which scripts may give as a layer of one too."""

from qgis.core import QgsMapLayer, QgsProcessingParameterFile, QgsProcessingUtils

from ...core.container.magic import EXTENSION
from ...core.errors import ParameterError
from ..layer import source
from .image_input import names_hnr

# QGIS itself refuses files that fit no filter, without a word on what is wrong.
_FILTER = f"HINER files (*{EXTENSION});;All files (*)"


class HnrFileParameter(QgsProcessingParameterFile):
    """A file, which another algorithm's file output can fill; `hnr_path` reads it."""

    def __init__(self, name, title):
        super().__init__(name, title, QgsProcessingParameterFile.Behavior.File, fileFilter=_FILTER)

    def clone(self):
        copy = HnrFileParameter(self.name(), self.description())
        copy.setHelp(self.help())
        return copy

    def checkValueIsAcceptable(self, value, context=None):
        # Of a layer that is none of a .hnr file `hnr_path` says more than QGIS would.
        return isinstance(value, QgsMapLayer) or super().checkValueIsAcceptable(value, context)


def hnr_path(algorithm, parameters, name, context):
    """Return the path that a parameter stands for: a path, a layer's source, a layer or its id.

    To be called in the layers' own thread. Raises `ParameterError` for a layer of another kind.
    """
    value = parameters.get(name)
    if isinstance(value, QgsMapLayer):
        if value.providerType() != source.PROVIDER:
            raise ParameterError(f"{name}: the layer '{value.name()}' is not of a .hnr file. Choose the file itself.")
        return source.split(value.source())[0]
    path = algorithm.parameterAsFile(parameters, name, context)
    if names_hnr(path):
        return source.split(path)[0]
    layer = QgsProcessingUtils.mapLayerFromString(path, context, False)
    if layer is not None and layer.providerType() == source.PROVIDER:
        return source.split(layer.source())[0]
    return path
