"""`hiner:decompress`: a `.hnr` file becomes a raster again."""

from qgis.core import (
    QgsProcessingParameterExtent,
    QgsProcessingParameterRasterDestination,
)

from ...core.decompression.decompress import SMALLEST_MEMORY_MIB, decompress
from ...core.decompression.output import DTYPES
from ...core.hnr_file import HnrFile
from ..class_style import forget_style_beside
from ..feedback import FeedbackProgress
from ..layer_style import style_on_load
from ..parameters.hnr_input import HnrFileParameter, hnr_path
from .base import HinerAlgorithm


class DecompressAlgorithm(HinerAlgorithm):
    """Decodes the bands or wavelengths asked for, within an extent, in blocks."""

    NAME = "decompress"
    TITLE = "Decompress to a raster"
    HELP = (
        "Makes a raster of a .hnr file, in the format that the output's extension stands for: .tif for GeoTIFF, "
        ".dat for ENVI, or another one that GDAL writes.\n\n"
        "Without further choice the raster has the bands, data type, nodata value and georeference of the one that "
        "was compressed, and its wavelengths are written in the ways that QGIS, the EnMAP-Box, GDAL and ENVI read "
        "them. <i>Wavelengths</i> asks for others:\n"
        "- <b>650, 550, 450</b>: three bands at these wavelengths in nanometres, between the scene's bands too\n"
        "- <b>400:1000:10</b>: from 400 to 1000 nm in steps of 10\n"
        "- <b>sensor:sentinel2a</b>: the bands of that sensor, averaged over the scene's bands; also sentinel2b, "
        "landsat8 and landsat9\n\n"
        "Where the bands' scales or offsets differ, physical values are mixed, and each band of the output states the "
        "scale and offset that make its own numbers physical.\n\n"
        "Wavelengths in a gap between detectors, or among bands that are bad or hold one value only, are refused: "
        "nothing was measured there.\n\n"
        "Pixels without data come back as nodata, or outside a mask where the raster had no nodata value. Large scenes "
        "are decoded block by block."
    )

    INPUT = "INPUT"
    WAVELENGTHS = "WAVELENGTHS"
    EXTENT = "EXTENT"
    DTYPE = "DTYPE"
    MEMORY = "MEMORY"
    OUTPUT = "OUTPUT"

    def initAlgorithm(self, configuration=None):
        self.add(HnrFileParameter(self.INPUT, self.tr("Compressed file")), "A .hnr file made by Compress; in scripts a layer of one too.")
        self.add_wavelengths(self.WAVELENGTHS)
        self.add(
            QgsProcessingParameterExtent(self.EXTENT, self.tr("Extent"), optional=True),
            "The part of the scene to decode, widened to whole pixels. Empty: all of it. Without a georeference it "
            "counts pixels, rows downwards negative: 0,50,-20,0 are the first 50 columns of the first 20 rows.",
        )
        self.add_choice(
            self.DTYPE, "Data type", DTYPES,
            "original: that of the compressed raster, values rounded. float32: as decoded, not rounded.", advanced=True,
        )
        self.add_number(
            self.MEMORY, "Memory (MiB)", SMALLEST_MEMORY_MIB,
            "About how much memory decoded tiles and pieces of the raster may take, besides what the program takes "
            "for itself; a few tiles are kept in any case. Less makes it slower where scenes are large.",
            default=256, advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(self.OUTPUT, self.tr("Decompressed raster")),
            "The raster to write; its extension chooses the format (.tif GeoTIFF, .dat ENVI), which has to "
            "keep samples as they are: JPEG is refused.",
        )

    def take_layers(self, parameters, context):
        self._path = hnr_path(self, parameters, self.INPUT, context)

    def work(self, parameters, context, feedback):
        header = HnrFile(self._path).header
        output = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        progress = FeedbackProgress(feedback)
        decoded = decompress(
            self._path,
            output,
            wavelengths=self.parameterAsString(parameters, self.WAVELENGTHS, context),
            extent=self.extent_in(parameters, self.EXTENT, context, header.description.georeference.crs_wkt),
            dtype=self.parameterAsEnumString(parameters, self.DTYPE, context),
            memory_mib=self.parameterAsInt(parameters, self.MEMORY, context),
            progress=progress,
        )
        for note in forget_style_beside(output):
            progress.log(note)
        style_on_load(context, output, header, decoded.description)
        return {self.OUTPUT: output}
