"""`hiner:vrt`: a `.hnr` file for GDAL's programs, decoded as they read it."""

from qgis.core import QgsProcessingParameterRasterDestination, QgsProcessingParameters

from ...core.hnr_file import HnrFile
from ...core.vrt.environment import environment_lines
from ...core.vrt.writing import write_vrt
from ..layer_style import style_on_load
from ..parameters.hnr_input import HnrFileParameter, hnr_path
from .base import HinerAlgorithm


class VrtAlgorithm(HinerAlgorithm):
    """Writes the few kilobytes of a virtual raster; decodes nothing."""

    NAME = "vrt"
    TITLE = "Virtual raster for GDAL"
    HELP = (
        "Makes a small .vrt file through which GDAL reads a .hnr file: for the algorithms of the GDAL group and for "
        "GDAL's own programs, which cannot open a .hnr layer. Nothing is decoded now; each program decodes the part "
        "that it reads, with the values that Decompress would write.\n\n"
        "The plugin has set the environment for GDAL inside QGIS and for the programs that QGIS starts. Other programs "
        "need three variables, which the log shows. They allow GDAL one module by its name, never all Python in virtual "
        "rasters.\n\n"
        "The .vrt names the .hnr file by its full path: make it anew when that has moved. For looking at a scene open the "
        ".hnr file itself; it is quicker."
    )

    INPUT = "INPUT"
    WAVELENGTHS = "WAVELENGTHS"
    OUTPUT = "OUTPUT"

    def initAlgorithm(self, configuration=None):
        self.add(HnrFileParameter(self.INPUT, self.tr("Compressed file")), "A .hnr file made by Compress; in scripts a layer of one too.")
        self.add_wavelengths(self.WAVELENGTHS)
        self.add(VrtDestination(self.OUTPUT, self.tr("Virtual raster")), "The .vrt file to write.")

    def take_layers(self, parameters, context):
        self._path = hnr_path(self, parameters, self.INPUT, context)

    def work(self, parameters, context, feedback):
        output = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        wavelengths = self.parameterAsString(parameters, self.WAVELENGTHS, context)
        written = write_vrt(self._path, output, wavelengths)
        for note in written.notes:
            feedback.pushInfo(note)
        feedback.pushInfo(self.tr("For programs that QGIS does not start:"))
        for line in environment_lines():
            feedback.pushInfo(line)
        # Known limits: else QGIS would have GDAL decode the bands to find some.
        style_on_load(context, output, HnrFile(self._path).header, written.description)
        return {self.OUTPUT: output}


class VrtDestination(QgsProcessingParameterRasterDestination):
    """A raster, for the next step of a model, that is a VRT whatever QGIS's usual format is."""

    def clone(self):
        copy = VrtDestination(self.name(), self.description())
        copy.setHelp(self.help())
        return copy

    def defaultFileExtension(self):
        return "vrt"

    def createFileFilter(self):
        return "Virtual rasters (*.vrt *.VRT)"

    def supportedOutputRasterLayerExtensions(self):
        return ["vrt"]

    def isSupportedOutputValue(self, value, context):
        path = QgsProcessingParameters.parameterAsOutputLayer(self, value, context, True)
        if not path.lower().endswith(".vrt"):
            return False, "A virtual raster's name has to end in .vrt."
        return True, ""
