"""`hiner:classify`: a classifier makes a map of an image."""

from qgis.core import (
    QgsProcessingParameterExtent,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
)

from ...core.classification.mapping.map_raster import classify_to_raster
from ...core.classification.mapping.prediction import device_for
from ...core.classification.model.model_file import read_model
from .. import settings
from ..class_style import forget_style_beside, style_beside, style_classes_on_load
from ..describe import class_lines
from ..feedback import FeedbackProgress
from ..parameters.image_input import image_input
from ..pixel_area import pixel_area
from .classification_base import MODEL_FILTER, ClassificationAlgorithm


class ClassifyAlgorithm(ClassificationAlgorithm):
    """Reads the classifier, finds its bands in the image, and writes the map block by block."""

    NAME = "classify"
    TITLE = "Classify an image"
    HELP = (
        "Applies a classifier made by <i>Train a classifier</i> to a .hnr file or raster and writes a map of classes, a "
        "GeoTIFF that carries the classes' names and colours and is shown in them. A style file of the same name (.qml) "
        "beside it shows them in QGIS later too; one of your own there is kept.\n\n"
        "The image may be another one than the classifier was trained on, of the same sensor and in the same units "
        "(reflectance from reflectance): bands are found by their wavelengths, and a .hnr file is asked for the "
        "classifier's wavelengths; without wavelengths bands are found by their numbers, in images of as many bands. "
        "Where some are missing, the error lists both.\n\n"
        "Pixels without data in one of the classifier's bands stay without class. The log lists each class's pixels, share "
        "and, where all pixels cover the same area on the ground, hectares; what is mistaken for another class makes them "
        "wrong.\n\n"
        "The optional second raster holds the probability of each class, a band each; of a support vector machine these "
        "are shares of the votes between pairs of classes. Probabilities are the classifier's own belief, no measured "
        "accuracy.\n\n"
        "Large images are read block by block."
    )

    INPUT, MODEL, EXTENT, DEVICE = "INPUT", "MODEL", "EXTENT", "DEVICE"
    OUTPUT, OUTPUT_PROBABILITY = "OUTPUT", "OUTPUT_PROBABILITY"

    def initAlgorithm(self, configuration=None):
        self.add_image_input(
            self.INPUT, "Image",
            "A .hnr file, a layer of one, or a raster with many bands; or a product of PRISMA (.he5) or EMIT (.nc).",
        )
        self.add(
            QgsProcessingParameterFile(
                self.MODEL, self.tr("Classifier"), QgsProcessingParameterFile.Behavior.File,
                fileFilter=self.tr(MODEL_FILTER + ";;All files (*)"),
            ),
            "A .hncls file made by Train a classifier.",
        )
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, self.tr("Extent"), optional=True),
            "The part of the image to classify, widened to whole pixels. Empty: all of it. Without a georeference it "
            "counts pixels, rows downwards negative: 0,50,-20,0 are the first 50 columns of the first 20 rows.",
        )
        self.add_device(self.DEVICE, advanced=True)
        self.add(
            QgsProcessingParameterRasterDestination(self.OUTPUT, self.tr("Map of classes")),
            "The raster to write: a number for each class, with names and colours.",
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_PROBABILITY, self.tr("Probabilities"), optional=True, createByDefault=False
            ),
            "A raster with the probability of each class, a band a class.",
        )

    def take_layers(self, parameters, context):
        self._image = image_input(self, parameters, self.INPUT, context)

    def work(self, parameters, context, feedback):
        progress = FeedbackProgress(feedback)
        model = read_model(self.parameterAsFile(parameters, self.MODEL, context))
        results = {self.OUTPUT: self.parameterAsOutputLayer(parameters, self.OUTPUT, context)}
        if self.given(parameters, self.OUTPUT_PROBABILITY):
            results[self.OUTPUT_PROBABILITY] = self.parameterAsOutputLayer(
                parameters, self.OUTPUT_PROBABILITY, context
            )
        wished = settings.device_for(self.parameterAsEnumString(parameters, self.DEVICE, context))
        with self._image.open(model.axis) as image:
            for warning in image.warnings:
                progress.log(warning)
            extent = self.extent_in(parameters, self.EXTENT, context, image.description.georeference.crs_wkt)
            counts, notes = classify_to_raster(
                model, image, results[self.OUTPUT], results.get(self.OUTPUT_PROBABILITY, ""), extent,
                device_for(model, wished, progress.log), progress,
            )
            area = pixel_area(image.description, context.transformContext())
        if self.OUTPUT_PROBABILITY in results:
            notes = (*notes, *forget_style_beside(results[self.OUTPUT_PROBABILITY]))
        notes = (*notes, *style_beside(results[self.OUTPUT], model.table))
        for line in (*class_lines(model.table, counts, area), *notes):
            progress.log(line)
        style_classes_on_load(context, results[self.OUTPUT], model.table)
        return results
