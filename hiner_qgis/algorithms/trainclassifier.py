"""`hiner:trainclassifier`: labelled pixels of an image become a classifier."""

from qgis.core import (
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
)

from ...core.classification.labels.holding_out import METHODS
from ...core.classification.model.model_file import write_model
from ...core.classification.model.settings import LARGEST_PATCH, VARIANTS, settings_for
from ...core.classification.session import train_session
from ...core.errors import Cancelled
from ...core.report.class_map import gather_class_map
from ...core.report.classification import classification_html
from ...core.whole_file import save_text
from ..describe import session_lines
from ..feedback import FeedbackProgress
from ..parameters.image_input import image_input
from ..parameters.sample_input import read_samples, sample_input
from ..settings import device_for
from .base import HTML_FILTER
from .classification_base import MODEL_FILTER, ClassificationAlgorithm, figures_of

_SAMPLES, _TRAINING = 0.05, 0.9  # shares of the time


class TrainClassifierAlgorithm(ClassificationAlgorithm):
    """Reads the samples, holds some out, trains, tests, writes the classifier and its report."""

    NAME = "trainclassifier"
    TITLE = "Train a classifier"
    HELP = (
        "Learns land-cover classes from labelled points, polygons or pixels of a .hnr file or raster. <i>Classify</i> "
        "applies the classifier to this image and to others of the same sensor.\n\n"
        "<b>Samples</b> are points or polygons with a class field (whole numbers or texts; a categorised style gives "
        "names and colours), or a raster of classes in which 0 is unlabelled, unless it has a name and another "
        "value is nodata. They are reprojected to the image; of polygons the pixels count whose centre lies inside.\n\n"
        "<b>Accuracy</b> is measured on samples that are not trained on: the test samples if there are some, else whole "
        "polygons, else square blocks of the image are held out, each with a margin, since neighbouring pixels are "
        "nearly copies. Random pixels can be held out too; their accuracy is higher than it will be elsewhere.\n\n"
        "<b>Variants</b>: <i>best</i> is the one to start with, a transformer along the spectrum that sees means of "
        "windows; <i>patch</i> and <i>pixel</i> are SpectralFormer as published; <i>vit</i> is a plain transformer; "
        "<i>svm</i> is a support vector machine on window means, which needs scikit-learn in place of PyTorch. Where "
        "scikit-learn is installed the report says how the support vector machine does on the same test pixels, up to "
        "3000 training pixels of 100 classes.\n\n"
        "Spectral interpolation (ISI) trains on images decoded slightly beside the bands' wavelengths, which only a "
        ".hnr file has; for rasters it is off."
    )

    INPUT, SAMPLES, FIELD, TEST_SAMPLES = "INPUT", "SAMPLES", "FIELD", "TEST_SAMPLES"
    VARIANT, ASW, ISI, PATCH = "VARIANT", "ASW", "ISI", "PATCH"
    BAND_GROUP, EPOCHS, DEVICE, SEED = "BAND_GROUP", "EPOCHS", "DEVICE", "SEED"
    SPLIT, OUTPUT, OUTPUT_HTML = "SPLIT", "OUTPUT", "OUTPUT_HTML"

    def initAlgorithm(self, configuration=None):
        self.add_image_input(
            self.INPUT, "Image",
            "A .hnr file, a layer of one, or a raster with many bands; or a product of PRISMA (.he5) or EMIT (.nc).",
        )
        self.add_samples(
            self.SAMPLES, "Samples",
            "Points or polygons with a class field, or a raster of classes (0 without a name: unlabelled). Any "
            "coordinate reference system.",
        )
        self.add_class_field(
            self.FIELD, self.SAMPLES,
            "The field with the class, whole numbers or texts. Empty: that of the layer's categorised style. Not used "
            "for a raster.",
        )
        self.add_samples(
            self.TEST_SAMPLES, "Test samples",
            "Samples to measure the accuracy on, with the same class field. Empty: some of the samples are held out.",
            optional=True,
        )
        self.add_choice(
            self.VARIANT, "Variant", list(VARIANTS),
            "best: for most uses. patch, pixel: SpectralFormer as published. vit: a plain transformer. svm: a support "
            "vector machine on window means.",
        )
        self._switch(self.ASW, "Spectral weighting (ASW)", "Learns with the classifier which bands to weigh more.")
        self._switch(
            self.ISI, "Spectral interpolation (ISI)",
            "Trains on images decoded slightly beside the bands' wavelengths too. For .hnr files.",
        )
        self.add_number(
            self.EPOCHS, "Epochs", 1, "How often each training pixel is seen. Empty: the variant's, 100 or 300.",
        )
        self.add_device(self.DEVICE)
        self.add_number(
            self.PATCH, "Patch (pixels)", 1,
            "Side of the window around a pixel that the classifier sees, odd. Empty: the variant's, 7 or 1.",
            most=LARGEST_PATCH, advanced=True,
        )
        self.add_number(
            self.BAND_GROUP, "Bands in a group", 1,
            "Neighbouring bands that the transformer takes together. Empty: the variant's, 20, 3 or 1.", advanced=True,
        )
        self.add_choice(
            self.SPLIT, "Held-out samples", list(METHODS),
            "Without test samples: auto holds out whole polygons, else blocks of the image. random holds out pixels, "
            "whose neighbours are trained on. none trains on all samples and measures no accuracy.", advanced=True,
        )
        self.add_number(
            self.SEED, "Random seed", 0, "The same seed on the same processor gives the same classifier.",
            advanced=True, default=0,
        )
        self.add(
            QgsProcessingParameterFileDestination(self.OUTPUT, self.tr("Classifier"), self.tr(MODEL_FILTER)),
            "The .hncls file to write.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, self.tr("Report"), self.tr(HTML_FILTER), optional=True,
            ),
            "An HTML page: accuracy of each class, what is mistaken for what, the map, how it was trained.",
        )
        self.add_figures()

    def take_layers(self, parameters, context):
        self._image = image_input(self, parameters, self.INPUT, context)
        self._samples = sample_input(self, parameters, self.SAMPLES, self.FIELD, context)
        self._test = sample_input(self, parameters, self.TEST_SAMPLES, self.FIELD, context)

    def work(self, parameters, context, feedback):
        progress, settings = FeedbackProgress(feedback), self._settings(parameters, context)
        page = self.parameterAsFileOutput(parameters, self.OUTPUT_HTML, context)
        path = self.parameterAsFileOutput(parameters, self.OUTPUT, context)
        with self._image.open() as image:
            for warning in image.warnings:
                progress.log(warning)
            progress.report(0.0, "Reading the samples")
            samples, test = read_samples(self._samples, image.description, progress.check, self._test)
            method = self.parameterAsEnumString(parameters, self.SPLIT, context)
            session = train_session(image, samples, settings, test, method, progress.part(_SAMPLES, _TRAINING))
            # First: whatever may happen to the report, the training is not lost.
            write_model(path, session.model)
            for line in (*session_lines(session), f"The classifier was written: {path}"):
                progress.log(line)
            results = {self.OUTPUT: path, **figures_of(session.accuracy)}
            if page:
                self._report(page, session, image, progress.part(_TRAINING, 1.0))
                results[self.OUTPUT_HTML] = page
        return results

    def _report(self, page, session, image, progress):
        titles = self._samples.title, self._test and self._test.title
        try:
            shown = gather_class_map(image, session, progress)
        except Cancelled as stop:
            raise Cancelled("Cancelled by the user; the classifier was written, its report was not.") from stop
        save_text(page, classification_html(session, image, *titles, shown))

    def _settings(self, parameters, context):
        def optional(name):
            return self.parameterAsInt(parameters, name, context) if self.given(parameters, name) else None

        return settings_for(
            self.parameterAsEnumString(parameters, self.VARIANT, context),
            asw=self.parameterAsBool(parameters, self.ASW, context),
            isi=self.parameterAsBool(parameters, self.ISI, context),
            patch=optional(self.PATCH), band_group=optional(self.BAND_GROUP), epochs=optional(self.EPOCHS),
            device=device_for(self.parameterAsEnumString(parameters, self.DEVICE, context)), seed=optional(self.SEED),
        )

    def _switch(self, name, title, tooltip):
        self.add(QgsProcessingParameterBoolean(name, self.tr(title), defaultValue=True), tooltip)
