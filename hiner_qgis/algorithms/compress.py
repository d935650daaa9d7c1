"""`hiner:compress`: a hyperspectral raster becomes a `.hnr` file."""

import importlib.util

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ...core.codec import METHODS, PRESETS, CompressOptions, compress, plan
from ...core.raster.scene_reader import read_scene
from ...core.raster.wavelength_file import read_wavelength_file
from ...core.report.compression import compression_html
from ...core.report.save import save_text
from ...core.training.device import INSTALL_TORCH
from ..describe import expectation, outcome_lines
from ..feedback import FeedbackProgress
from ..raster_input import raster_input
from .base import HNR_FILTER, HinerAlgorithm

_READING = 0.03  # share of the time that reading the raster is given
_DEVICES = ["auto", "cpu", "cuda"]
_INTEGER = QgsProcessingParameterNumber.Type.Integer
_DOUBLE = QgsProcessingParameterNumber.Type.Double


class CompressAlgorithm(HinerAlgorithm):
    """Reads the raster, fits the network, writes the file and measures it."""

    NAME = "compress"
    TITLE = "Compress a hyperspectral raster"
    HELP = (
        "Compresses a raster with many spectral bands into one small .hnr file.\n\n"
        "A small neural network is fitted to the scene: a wavelength goes in, the band at that wavelength comes "
        "out. The file holds the network with the scene's wavelengths, band widths, nodata, data type and "
        "georeference. <i>Decompress</i> gives the raster back, also at wavelengths between its bands or as the "
        "bands of Sentinel-2 and Landsat.\n\n"
        "Compression is lossy. After writing, the file is read back and compared with the raster: PSNR says how "
        "close it is (6 dB more is half the error), the rate how many bits a sample takes (one pixel of one band; "
        "a raster of 16-bit integers has 16).\n\n"
        "The presets draft, standard and high trade size and time for closeness. Fitting takes minutes to hours on "
        "a processor and much less on a graphics card; the log says beforehand what to expect. Cancelling leaves "
        "nothing behind.\n\n"
        "Bands marked as bad, or without any valid pixel, are not kept. Needs PyTorch; reading .hnr files does not."
    )

    INPUT, OUTPUT, METHOD, PRESET = "INPUT", "OUTPUT", "METHOD", "PRESET"
    RATE, MODEL_SIZE, EPOCHS, TARGET_PSNR = "RATE", "MODEL_SIZE", "EPOCHS", "TARGET_PSNR"
    DEVICE, WAVELENGTHS, SEED, BITS = "DEVICE", "WAVELENGTHS", "SEED", "BITS"
    PSNR, RATIO, SECONDS, OUTPUT_HTML = "PSNR", "RATIO", "SECONDS", "OUTPUT_HTML"

    def initAlgorithm(self, configuration=None):
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, self.tr("Hyperspectral raster")),
            "A raster with two bands or more, of integers up to 32 bits or floats, in any format that GDAL reads.",
        )
        self._add_choice(
            self.METHOD, "Method", [method.name for method in METHODS],
            "How the scene is coded. " + "; ".join(f"{method.name}: {method.title}" for method in METHODS) + ".",
        )
        self._add_choice(
            self.PRESET, "Preset", list(PRESETS),
            "draft: small and quick, for a first look. standard: for most uses. high: closest and slowest. The "
            "others are the networks published for the scenes that they are named after.",
            default="standard",
        )
        self._add_number(
            self.RATE, "Size in bits per sample", _DOUBLE, 0,
            "Wished size of the file in bits per sample, where a sample is one pixel of one band. Empty: the "
            "preset's. At 0.4 a 16-bit raster becomes 40 times smaller.",
        )
        self._add_number(
            self.TARGET_PSNR, "Stop at this PSNR (dB)", _DOUBLE, 0,
            "Stops as soon as the decoded bands reach this closeness on average. Empty: runs to the end.",
        )
        self._add_choice(
            self.DEVICE, "Device", _DEVICES,
            "auto: the graphics card where PyTorch can use it, else the processor.",
        )
        self.add(
            QgsProcessingParameterFile(
                self.WAVELENGTHS, self.tr("Wavelengths (text file)"),
                QgsProcessingParameterFile.Behavior.File, optional=True,
                fileFilter=self.tr("Text files (*.csv *.txt);;All files (*)"),
            ),
            "A text file with the centre wavelength of each band, one a line, in nanometres or micrometres. Only "
            "where the raster has none, or wrong ones.",
        )
        self._add_number(
            self.MODEL_SIZE, "Size in network parameters", _INTEGER, 1,
            "Wished number of parameters of the network, instead of a size in bits per sample.", advanced=True,
        )
        self._add_number(
            self.EPOCHS, "Passes over the bands", _INTEGER, 1,
            "How often each band is seen while fitting. Empty: the preset's.", advanced=True,
        )
        self._add_number(
            self.BITS, "Bits per network parameter", _INTEGER, 4,
            "4 to 16. Fewer make the file smaller and the bands less close; 8 is as published.",
            most=16, default=8, advanced=True,
        )
        self._add_number(
            self.SEED, "Random seed", _INTEGER, 0,
            "The same seed on the same machine gives the same file.", default=0, advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination(self.OUTPUT, self.tr("Compressed file"), self.tr(HNR_FILTER)),
            "The .hnr file to write.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, self.tr("Report"), self.tr("HTML files (*.html)"),
                optional=True, createByDefault=False,
            ),
            "An HTML page: what the file cost, the course of the fitting, the error of each band.",
        )
        self.addOutput(QgsProcessingOutputNumber(self.PSNR, self.tr("PSNR (dB), mean over bands")))
        self.addOutput(QgsProcessingOutputNumber(self.RATE, self.tr("Bits per sample")))
        self.addOutput(QgsProcessingOutputNumber(self.RATIO, self.tr("Raster's size / file's size")))
        self.addOutput(QgsProcessingOutputNumber(self.SECONDS, self.tr("Seconds taken")))

    def canExecute(self):
        if importlib.util.find_spec("torch") is None:
            return False, INSTALL_TORCH
        return True, ""

    def checkParameterValues(self, parameters, context):
        if self.given(parameters, self.RATE) and self.given(parameters, self.MODEL_SIZE):
            return False, self.tr("Give a size in bits per sample or in network parameters, not both.")
        return super().checkParameterValues(parameters, context)

    def take_layers(self, parameters, context):
        self._raster = raster_input(self, parameters, self.INPUT, context)

    def work(self, parameters, context, feedback):
        progress = FeedbackProgress(feedback)
        options = self._options(parameters, context)
        path = self.parameterAsFileOutput(parameters, self.OUTPUT, context)
        wavelength_file = self.parameterAsFile(parameters, self.WAVELENGTHS, context)
        wavelengths = read_wavelength_file(wavelength_file) if wavelength_file else None
        with self._raster.open(wavelengths) as source:
            scene = read_scene(source, progress.part(0.0, _READING))
        expected = plan(scene, options)
        for line in (*expected.lines, expectation(expected)):
            progress.log(line)
        outcome = compress(scene, path, options, progress.part(_READING, 1.0))
        for line in outcome_lines(outcome):
            progress.log(line)
        results = {
            self.OUTPUT: path,
            self.PSNR: outcome.psnr,
            self.RATE: outcome.rate,
            self.RATIO: outcome.ratio,
            self.SECONDS: outcome.seconds,
        }
        page = self.parameterAsFileOutput(parameters, self.OUTPUT_HTML, context)
        if page:
            save_text(page, compression_html(outcome, expected))
            results[self.OUTPUT_HTML] = page
        return results

    def _options(self, parameters, context):
        def optional(name, read):
            return read(parameters, name, context) if self.given(parameters, name) else None

        return CompressOptions(
            method=self.parameterAsEnumString(parameters, self.METHOD, context),
            preset=self.parameterAsEnumString(parameters, self.PRESET, context),
            rate=optional(self.RATE, self.parameterAsDouble),
            model_size=optional(self.MODEL_SIZE, self.parameterAsInt),
            epochs=optional(self.EPOCHS, self.parameterAsInt),
            target_psnr=optional(self.TARGET_PSNR, self.parameterAsDouble),
            device=self.parameterAsEnumString(parameters, self.DEVICE, context),
            seed=self.parameterAsInt(parameters, self.SEED, context),
            bits=self.parameterAsInt(parameters, self.BITS, context),
        )

    def _add_choice(self, name, title, choices, tooltip, default=None):
        # Static strings: a model keeps its choice when a later version adds another one before it.
        self.add(
            QgsProcessingParameterEnum(
                name, self.tr(title), choices, defaultValue=default or choices[0], usesStaticStrings=True
            ),
            tooltip,
        )

    def _add_number(self, name, title, kind, least, tooltip, most=None, default=None, advanced=False):
        limits = {"minValue": least} if most is None else {"minValue": least, "maxValue": most}
        parameter = QgsProcessingParameterNumber(
            name, self.tr(title), kind, defaultValue=default, optional=default is None, **limits
        )
        self.add(parameter, tooltip, advanced)
