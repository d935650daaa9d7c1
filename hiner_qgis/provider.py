"""The Processing provider `hiner`."""

from qgis.core import QgsProcessingProvider

from ..core.version import VERSION
from . import resources
from .algorithms.accuracy import AccuracyAlgorithm
from .algorithms.classify import ClassifyAlgorithm
from .algorithms.compress import CompressAlgorithm
from .algorithms.decompress import DecompressAlgorithm
from .algorithms.evaluate import EvaluateAlgorithm
from .algorithms.info import InfoAlgorithm
from .algorithms.trainclassifier import TrainClassifierAlgorithm
from .algorithms.vrt import VrtAlgorithm
from .models import shipped_models

ALGORITHMS = (
    CompressAlgorithm, DecompressAlgorithm, InfoAlgorithm, EvaluateAlgorithm, VrtAlgorithm,
    TrainClassifierAlgorithm, ClassifyAlgorithm, AccuracyAlgorithm,
)

# QGIS's own list of extensions leaves out ENVI, whose files have none of their own.
_ENVI_EXTENSIONS = ("dat", "bsq", "bil", "bip")


class HinerProvider(QgsProcessingProvider):
    """Lists the algorithms; its id is fixed, since models and scripts name it."""

    def id(self):
        return "hiner"

    def name(self):
        return "HINER"

    def longName(self):
        return f"HINER {VERSION}: hyperspectral compression and classification"

    def versionInfo(self):
        return VERSION

    def icon(self):
        return resources.icon("hiner")

    def svgIconPath(self):
        return resources.icon_path("hiner")

    def supportedOutputRasterLayerExtensions(self):
        extensions = super().supportedOutputRasterLayerExtensions()
        return extensions + [e for e in _ENVI_EXTENSIONS if e not in extensions]

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
        for model in shipped_models():
            self.addAlgorithm(model)
