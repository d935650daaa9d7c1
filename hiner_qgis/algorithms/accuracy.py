"""`hiner:accuracy`: a map of classes against a reference."""

from qgis.core import (
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
)

from ...core.classification.assessment import assess
from ...core.report.accuracy import accuracy_html
from ...core.report.class_tables import accuracy_csv
from ...core.whole_file import save_text
from ..describe import label_lines
from ..feedback import FeedbackProgress
from ..parameters.class_legend import labels_of_raster, load_saved_style
from ..parameters.raster_input import raster_input
from ..parameters.sample_input import sample_input
from .base import HTML_FILTER
from .classification_base import ClassificationAlgorithm, figure_lines, figures_of


class AccuracyAlgorithm(ClassificationAlgorithm):
    """Finds the map's classes under the reference's pixels and counts."""

    NAME = "accuracy"
    TITLE = "Accuracy of a classification"
    HELP = (
        "Compares a map of classes, from <i>Classify an image</i> or from elsewhere, with a reference: points or "
        "polygons with a class field, or a raster of classes in which 0 is unlabelled, unless it has a name and "
        "another value is nodata. The reference is reprojected to the map; classes are the same where their names are, "
        "or, where one side has no names, where their numbers are. Log and report say which it was: numbers of two "
        "sources may mean different classes.\n\n"
        "<b>Overall accuracy</b> is the share of pixels that are right, <b>average accuracy</b> the mean over the "
        "classes, <b>kappa</b> the agreement beyond chance. For each class: <b>producer's accuracy</b> is the share of "
        "its reference that the map has right, <b>user's accuracy</b> the share of its pixels in the map that are "
        "right, <b>F1</b> their harmonic mean. Each with its 95 % interval.\n\n"
        "A reference that was trained on, or lies beside training pixels, gives figures that are too high. The CSV "
        "file holds all figures and the confusion matrix, one a line."
    )

    CLASSIFIED, REFERENCE, FIELD = "CLASSIFIED", "REFERENCE", "FIELD"
    OUTPUT_HTML, OUTPUT_CSV = "OUTPUT_HTML", "OUTPUT_CSV"

    def initAlgorithm(self, configuration=None):
        self.add(
            QgsProcessingParameterRasterLayer(self.CLASSIFIED, self.tr("Map of classes")),
            "A raster whose first band holds a whole number for each class.",
        )
        self.add_samples(
            self.REFERENCE, "Reference",
            "Points or polygons with a class field, or a raster of classes (0 without a name: unlabelled), not used "
            "for training.",
        )
        self.add_class_field(
            self.FIELD, self.REFERENCE,
            "The reference's field with the class, whole numbers or texts. Empty: that of the layer's categorised "
            "style. Not used for a raster.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, self.tr("Report"), self.tr(HTML_FILTER), optional=True
            ),
            "An HTML page with the figures and the confusion matrix.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_CSV, self.tr("Table"), self.tr("CSV files (*.csv)"), optional=True, createByDefault=False,
            ),
            "All figures and the confusion matrix, one a line.",
        )
        self.add_figures()

    def take_layers(self, parameters, context):
        self._map = raster_input(self, parameters, self.CLASSIFIED, context)
        self._labels = self._labels_of_map(parameters, context)
        self._reference = sample_input(self, parameters, self.REFERENCE, self.FIELD, context)

    def _labels_of_map(self, parameters, context):
        layer = self.parameterAsRasterLayer(parameters, self.CLASSIFIED, context)
        load_saved_style(layer, parameters[self.CLASSIFIED], context)
        return labels_of_raster(layer)

    def work(self, parameters, context, feedback):
        progress = FeedbackProgress(feedback)
        progress.report(0.0, "Reading the reference")
        with self._map.open() as source:
            for line in label_lines(source):
                progress.log(line)
            labels, samples_for = self._reference.read(source.description, progress.check)
            progress.report(0.5, "Reading the map")
            assessment = assess(source, self._labels, labels, samples_for, progress.check)
        results = figures_of(assessment.accuracy)
        for line in (*figure_lines(assessment.accuracy), *assessment.notes):
            progress.log(line)
        contents = {
            self.OUTPUT_HTML: lambda: accuracy_html(assessment, self._map.source, self._reference.title),
            self.OUTPUT_CSV: lambda: accuracy_csv(assessment.accuracy, assessment.table),
        }
        for name, content in contents.items():
            path = self.parameterAsFileOutput(parameters, name, context)
            if path:
                save_text(path, content())
                results[name] = path
        return results
