"""What the algorithms of the group Classification share."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterField,
    QgsProcessingParameterMapLayer,
)

from ...core.classification.model.model_file import EXTENSION
from .base import HinerAlgorithm

MODEL_FILTER = f"HINER classifiers (*{EXTENSION})"
_FIGURES = (
    ("OA", "Overall accuracy", "overall"),
    ("AA", "Average accuracy", "average"),
    ("KAPPA", "Kappa", "kappa"),
)


class ClassificationAlgorithm(HinerAlgorithm):
    """Its place in the toolbox, and parameters for samples."""

    def group(self):
        return self.tr("Classification")

    def groupId(self):
        return "classification"

    def tags(self):
        return ["hyperspectral", "land cover", "classification", "transformer", "spectralformer", "svm", "accuracy"]

    def add_samples(self, name, title, tooltip, optional=False):
        """Add a parameter for points, polygons or a raster of classes."""
        kinds = [
            QgsProcessing.SourceType.TypeVectorPoint, QgsProcessing.SourceType.TypeVectorPolygon,
            QgsProcessing.SourceType.TypeRaster,
        ]
        parameter = QgsProcessingParameterMapLayer(name, self.tr(title), optional=optional)
        parameter.setDataTypes(kinds)
        self.add(parameter, tooltip)

    def add_class_field(self, name, samples, tooltip):
        """Add a parameter for the class field of vector samples."""
        parameter = QgsProcessingParameterField(
            name, self.tr("Class field"), parentLayerParameterName=samples,
            type=QgsProcessingParameterField.DataType.Any, optional=True,
        )
        self.add(parameter, tooltip)

    def add_figures(self):
        """Add the accuracies among the outputs."""
        for name, title, _ in _FIGURES:
            self.addOutput(QgsProcessingOutputNumber(name, self.tr(title)))


def figures_of(accuracy):
    """{output: figure} of an Accuracy, NaN without one."""
    return {name: getattr(accuracy, figure, float("nan")) for name, _, figure in _FIGURES}


def figure_lines(accuracy):
    """The figures as text, a line each."""
    return [f"{title}: {getattr(accuracy, figure):.4f}" for _, title, figure in _FIGURES]
