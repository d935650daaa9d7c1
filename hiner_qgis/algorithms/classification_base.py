"""What the algorithms of the group Classification share."""

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterField,
    QgsProcessingParameterMapLayer,
)

from ...core.classification.model_file import EXTENSION
from ..reprojection import crs_of
from .base import HinerAlgorithm

MODEL_FILTER = f"HINER classifiers (*{EXTENSION})"


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

    def extent_in(self, parameters, name, context, crs_wkt):
        """An extent parameter in a CRS as (xmin, ymin, xmax, ymax), None where none is given."""
        extent = self.parameterAsExtent(parameters, name, context, crs_of(crs_wkt))
        if extent.isNull():
            return None
        return extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
