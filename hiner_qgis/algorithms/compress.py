"""`hiner:compress`: a hyperspectral raster becomes a `.hnr` file."""

import importlib.util

from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ...core.codec import METHODS, PRESETS, QUANTISATIONS, CompressOptions, compress
from ...core.raster.scene_reader import read_scene
from ...core.raster.wavelength_file import read_wavelength_file
from ...core.report.compression import compression_html
from ...core.training.device import INSTALL_TORCH
from ...core.whole_file import save_text
from ..describe import expectation, outcome_lines
from ..feedback import FeedbackProgress
from ..parameters.raster_input import raster_input
from ..settings import device_for
from .base import HNR_FILTER, HTML_FILTER, HinerAlgorithm

_READING = 0.03  # share of the time that reading the raster is given
_LEAST_BESIDE = 2  # bytes a sample that compressing takes beside the scene; 2.2 were the fewest measured


class CompressAlgorithm(HinerAlgorithm):
    """Reads the raster, fits the network, writes the file and measures it."""

    NAME = "compress"
    TITLE = "Compress a hyperspectral raster"
    HELP = (
        "Compresses a raster with many spectral bands into one small .hnr file.\n\n"
        "The file holds the scene as a function of the wavelength, with its band widths, nodata, data type and "
        "georeference. <i>Decompress</i> gives the raster back, also at wavelengths between its bands or as the "
        "bands of Sentinel-2 and Landsat.\n\n"
        "The method <i>latent</i> is for daily use: small files in seconds to minutes, without PyTorch. The method "
        "<i>hiner</i> is the published one, for comparison and research: a neural network is fitted to the scene, "
        "which takes minutes to hours on a processor and much less on a graphics card; it needs PyTorch.\n\n"
        "How small, how close: give a size (bits per sample or bytes), a PSNR, or with <i>latent</i> the largest "
        "error that any sample may have; a largest error of 0 loses nothing. With none of them the preset decides: "
        "draft, standard and high trade size for closeness.\n\n"
        "After writing, the file is read back and compared with the raster: PSNR says how close it is (6 dB more is "
        "half the error), the rate how many bits a sample takes (one pixel of one band; a raster of 16-bit integers "
        "has 16). Cancelling leaves nothing behind.\n\n"
        "Bands marked as bad, or without any valid pixel, are not kept."
    )

    INPUT, OUTPUT, METHOD, PRESET = "INPUT", "OUTPUT", "METHOD", "PRESET"
    RATE, MODEL_SIZE, EPOCHS, TARGET_PSNR = "RATE", "MODEL_SIZE", "EPOCHS", "TARGET_PSNR"
    FILE_SIZE, MAX_ERROR = "FILE_SIZE", "MAX_ERROR"
    DEVICE, WAVELENGTHS, SEED, BITS = "DEVICE", "WAVELENGTHS", "SEED", "BITS"
    QUANTISATION = "QUANTISATION"
    PSNR, RATIO, SECONDS, OUTPUT_HTML = "PSNR", "RATIO", "SECONDS", "OUTPUT_HTML"

    def initAlgorithm(self, configuration=None):
        self.add_scene_input(
            self.INPUT, "Hyperspectral raster",
            "A raster with two bands or more, of integers up to 32 bits or floats, in any format that GDAL reads; or "
            "the file of a product of PRISMA (.he5) or EMIT (.nc) as it was delivered.",
        )
        self.add_choice(
            self.METHOD, "Method", [method.name for method in METHODS],
            "How the scene is coded. " + "; ".join(f"{method.name}: {method.title}" for method in METHODS) + ".",
            default="latent",
        )
        self.add_choice(
            self.PRESET, "Preset", list(PRESETS),
            "draft: smallest, for a first look. standard: for most uses. high: closest and largest. The others, "
            "for the method hiner alone, are the networks published for the scenes that they are named after.",
            default="standard",
        )
        self.add_number(
            self.RATE, "Size in bits per sample", 0,
            "Wished size of the file in bits per sample, where a sample is one pixel of one band. Empty: the "
            "preset's. At 0.4 a 16-bit raster becomes 40 times smaller.", whole=False,
        )
        self.add_number(
            self.TARGET_PSNR, "Closeness as PSNR (dB)", 0,
            "latent: the file has this mean PSNR, whatever size that takes; integers come back exactly where that takes "
            "less. hiner: fitting stops as soon as it is reached.", whole=False,
        )
        self.add_number(
            self.MAX_ERROR, "Largest error of any sample", 0,
            "In the numbers that the raster stores. No valid sample is off by more, checked before the file is "
            "finished. 0 for integers: nothing is lost at all. For the method latent.", whole=False,
        )
        self.add_device(self.DEVICE)
        self.add(
            QgsProcessingParameterFile(
                self.WAVELENGTHS, self.tr("Wavelengths (text file)"),
                QgsProcessingParameterFile.Behavior.File, optional=True,
                fileFilter=self.tr("Text files (*.csv *.txt);;Metadata of EnMAP, DESIS (*.xml *.XML);;All files (*)"),
            ),
            "A text file with the centre wavelength of each band, one a line, in nanometres or micrometres, 0 for bad "
            "bands that have none; or the METADATA.XML of EnMAP or DESIS. Only where the raster has none, or wrong ones.",
        )
        self.add_number(
            self.FILE_SIZE, "Size in bytes", 1,
            "Wished size of the file in bytes, instead of a size in bits per sample.", advanced=True,
        )
        self.add_number(
            self.MODEL_SIZE, "Size in network parameters", 1,
            "hiner: wished number of parameters of the network, instead of a size in bits per sample.", advanced=True,
        )
        self.add_number(
            self.EPOCHS, "Passes over the bands", 1,
            "hiner: how often each band is seen while fitting. Empty: the preset's.", advanced=True,
        )
        self.add_number(
            self.BITS, "Bits per network parameter", 4,
            "hiner: 4 to 16. Fewer make the file smaller and the bands less close; 8 is as published.",
            most=16, default=8, advanced=True,
        )
        self.add_number(
            self.SEED, "Random seed", 0,
            "hiner: the same seed on the same machine gives the same file.", default=0, advanced=True,
        )
        self.add(
            QgsProcessingParameterFileDestination(self.OUTPUT, self.tr("Compressed file"), self.tr(HNR_FILTER)),
            "The .hnr file to write.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, self.tr("Report"), self.tr(HTML_FILTER),
                optional=True, createByDefault=False,
            ),
            "An HTML page: what the file cost, the course of the fitting, the error of each band.",
        )
        self.add_choice(
            self.QUANTISATION, "Rounding of network parameters", list(QUANTISATIONS),
            "hiner: minmax rounds each parameter to the nearest step, as published. rdo chooses steps and rounding for "
            "the decoded bands' error and the file's size, which takes about a tenth more time: closer at 4 and 6 "
            "bits, a smaller file at 8.",
            default=CompressOptions.quantisation, advanced=True, optional=True,
        )
        self.addOutput(QgsProcessingOutputNumber(self.PSNR, self.tr("PSNR (dB), mean over bands")))
        self.addOutput(QgsProcessingOutputNumber(self.RATE, self.tr("Bits per sample")))
        self.addOutput(QgsProcessingOutputNumber(self.RATIO, self.tr("Raster's size / file's size")))
        self.addOutput(QgsProcessingOutputNumber(self.SECONDS, self.tr("Seconds taken")))

    def checkParameterValues(self, parameters, context):
        sizes = (self.RATE, self.FILE_SIZE, self.MODEL_SIZE)
        if sum(self.given(parameters, name) for name in sizes) > 1:
            return False, self.tr("Give the size in bits per sample, in bytes or in network parameters, not in two of them.")
        method = self.parameterAsEnumString(parameters, self.METHOD, context)
        if method == "hiner" and importlib.util.find_spec("torch") is None:
            return False, INSTALL_TORCH
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
            scene = read_scene(source, progress.part(0.0, _READING), _LEAST_BESIDE)

        def tell(expected):
            for line in (*expected.lines, expectation(expected)):
                progress.log(line)

        outcome = compress(scene, path, options, progress.part(_READING, 1.0), tell)
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
            save_text(page, compression_html(outcome, outcome.expected))
            results[self.OUTPUT_HTML] = page
        return results

    def _options(self, parameters, context):
        def optional(name, read):
            return read(parameters, name, context) if self.given(parameters, name) else None

        return CompressOptions(
            method=self.parameterAsEnumString(parameters, self.METHOD, context),
            preset=self.parameterAsEnumString(parameters, self.PRESET, context),
            rate=optional(self.RATE, self.parameterAsDouble),
            file_size=optional(self.FILE_SIZE, self.parameterAsInt),
            max_error=optional(self.MAX_ERROR, self.parameterAsDouble),
            model_size=optional(self.MODEL_SIZE, self.parameterAsInt),
            epochs=optional(self.EPOCHS, self.parameterAsInt),
            target_psnr=optional(self.TARGET_PSNR, self.parameterAsDouble),
            device=device_for(self.parameterAsEnumString(parameters, self.DEVICE, context)),
            seed=self.parameterAsInt(parameters, self.SEED, context),
            bits=self.parameterAsInt(parameters, self.BITS, context),
            quantisation=self._quantisation(parameters, context),
        )

    def _quantisation(self, parameters, context):
        # An optional choice that is left empty reads as an empty string.
        return self.parameterAsEnumString(parameters, self.QUANTISATION, context) or CompressOptions.quantisation
