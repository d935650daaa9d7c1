"""What the algorithms share: their place in the toolbox, and how the engine's errors reach the user."""

from contextlib import contextmanager

from qgis.core import (
    NULL,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from ...core.errors import Cancelled, HinerError
from ...core.spectral.sensors import SENSORS
from .. import resources
from ..parameters.image_input import names_hnr, why_no_hnr
from ..parameters.number_text import why_no_number
from ..parameters.output_paths import refuse_outputs
from ..parameters.parameter_faults import explained
from ..parameters.raster_input import names_product
from ..parameters.reprojection import crs_of
from ..settings import DEVICES

HNR_FILTER = "HINER files (*.hnr)"
HTML_FILTER = "HTML files (*.html *.htm)"


class HinerAlgorithm(QgsProcessingAlgorithm):
    """A subclass names itself (`NAME`, `TITLE`, `HELP`) and does its work in `work`."""

    NAME = TITLE = HELP = ""

    _refusal = None
    # Names of the parameters that take a scene's raster, and of those that take a `.hnr` file in its place.
    _scenes = _images = ()

    def createInstance(self):
        return type(self)()

    def name(self):
        return self.NAME

    def displayName(self):
        return self.tr(self.TITLE)

    def group(self):
        return self.tr("Compression")

    def groupId(self):
        return "compression"

    def tags(self):
        return ["hyperspectral", "wavelength", "compression", "hnr", "codec"]

    def shortHelpString(self):
        return self.tr(self.HELP)

    def helpUrl(self):
        return resources.help_url()

    def icon(self):
        return resources.icon(self.NAME)

    def svgIconPath(self):
        return resources.icon_path(self.NAME)

    def tr(self, text):
        """Translate a text in the context of the algorithms."""
        return QCoreApplication.translate("HinerAlgorithm", text)

    def add(self, parameter, tooltip, advanced=False):
        """Add a parameter with its tooltip; `advanced` ones are folded away in the dialog."""
        parameter.setHelp(self.tr(tooltip))
        if advanced:
            parameter.setFlags(
                parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced
            )
        self.addParameter(parameter)

    def add_image_input(self, name, title, tooltip):
        """Add a parameter for a `.hnr` file, a layer of one, or any raster; see `image_input`."""
        self._images = (*self._images, name)
        self.add_scene_input(name, title, tooltip)

    def add_scene_input(self, name, title, tooltip):
        """Add a parameter for a raster with many bands; see `raster_input`."""
        self._scenes = (*self._scenes, name)
        self.add(QgsProcessingParameterRasterLayer(name, self.tr(title)), tooltip)

    def add_choice(self, name, title, choices, tooltip, default=None, advanced=False, optional=False):
        """Add an enum; the first of the choices is the default where none is given."""
        # Static strings: a model keeps its choice when a later version adds another one before it.
        parameter = QgsProcessingParameterEnum(
            name, self.tr(title), list(choices), defaultValue=default or choices[0], usesStaticStrings=True,
            optional=optional,
        )
        self.add(parameter, tooltip, advanced)

    def add_number(self, name, title, least, tooltip, most=None, default=None, advanced=False, whole=True):
        """Add a number, optional where it has no default; whole: an integer."""
        kind = QgsProcessingParameterNumber.Type
        parameter = QgsProcessingParameterNumber(
            name, self.tr(title), kind.Integer if whole else kind.Double, defaultValue=default,
            optional=default is None, minValue=least,
        )
        if most is not None:
            parameter.setMaximum(most)
        self.add(parameter, tooltip, advanced)

    def add_device(self, name, advanced=False):
        """Add the choice of what a network runs on; see `settings.device_for`."""
        tooltip = "auto: the graphics card where PyTorch can use it, else the processor; or what the options say."
        self.add_choice(name, "Device", DEVICES, tooltip, advanced=advanced)

    def add_wavelengths(self, name):
        """Add the request for bands that `core.spectral.request` reads."""
        self.add(
            QgsProcessingParameterString(name, self.tr("Wavelengths"), optional=True),
            "Empty: the file's own bands. Else a list in nanometres (550, 650.5), a range start:stop:step "
            "(400:900:10), or " + ", ".join(f"sensor:{sensor}" for sensor in SENSORS) + ".",
        )

    def extent_in(self, parameters, name, context, crs_wkt):
        """An extent parameter in a CRS as (xmin, ymin, xmax, ymax), None where none is given."""
        extent = self.parameterAsExtent(parameters, name, context, crs_of(crs_wkt))
        if extent.isNull():
            return None
        return extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()

    def given(self, parameters, name):
        """Whether the user gave a value for an optional parameter."""
        return parameters.get(name) not in (None, NULL, "")

    def checkParameterValues(self, parameters, context):
        """As QGIS does, but a raster that cannot be opened is told apart from one that is not there."""
        wrong = why_no_number(self.parameterDefinitions(), parameters)
        if wrong:
            return False, wrong
        # QGIS would have GDAL open a .hnr file.
        files = [name for name in self._images if names_hnr(parameters.get(name))]
        for name in files:
            missing = why_no_hnr(parameters[name])
            if missing:
                return False, missing
        # And it finds no layer in a product of arrays.
        files += [name for name in self._scenes if names_product(parameters.get(name))]
        shown = {**parameters, **{name: QgsRasterLayer() for name in files}}
        accepted, message = super().checkParameterValues(shown, context)
        if accepted:
            return self._may_write(parameters, context)
        return False, explained(self, shown, context, message)

    def _may_write(self, parameters, context):
        """(whether the outputs may be written, why not): told before anything runs, where QGIS asks."""
        try:
            refuse_outputs(self, parameters, context)
        except HinerError as error:
            return False, str(error)
        return True, ""

    def prepareAlgorithm(self, parameters, context, feedback):
        """Called in the layers' own thread."""
        try:
            refuse_outputs(self, parameters, context)
            self.take_layers(parameters, context)
        except HinerError as error:
            # Processing hides what is raised here behind a general message.
            self._refusal = error
        return True

    def processAlgorithm(self, parameters, context, feedback):
        """Called in a worker thread."""
        try:
            with _shown_errors():
                if self._refusal is not None:
                    raise self._refusal
                return self.work(parameters, context, feedback)
        except Cancelled as stop:
            feedback.pushInfo(str(stop))
            return {}

    def take_layers(self, parameters, context):
        """Keep of the layers among the parameters what `work` will need."""

    def work(self, parameters, context, feedback):
        """Do the work and return {output name: value}."""
        raise NotImplementedError


@contextmanager
def _shown_errors():
    """Turn what the engine refuses into the error that Processing shows."""
    try:
        yield
    except Cancelled:
        raise
    except HinerError as error:
        raise QgsProcessingException(str(error)) from error
    except MemoryError as error:
        raise QgsProcessingException(
            "The memory is not enough for this raster. Clip it, or close other programs."
        ) from error
