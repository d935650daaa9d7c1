"""`hiner:evaluate`: a `.hnr` file against the raster it was made from."""


from qgis.core import (
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
)

from ...core.evaluation import evaluate_file
from ...core.hnr_file import HnrFile
from ...core.raster.scene_reader import read_scene
from ...core.report.tables import quality_csv
from ...core.whole_file import save_text
from ..feedback import FeedbackProgress
from ..parameters.hnr_input import HnrFileParameter, hnr_path
from ..parameters.raster_input import raster_input
from ..parameters.reprojection import Reprojection, crs_of
from .base import HTML_FILTER, HinerAlgorithm

_READING = 0.2  # share of the time that reading the raster is given

# Output name, title, and the figure's name in Quality.
_FIGURES = (
    ("PSNR", "PSNR (dB), mean over bands", "mean_psnr"),
    ("SAM", "Spectral angle (degrees), mean over pixels", "mean_sam"),
    ("RMSE", "RMSE in the data's units, mean over bands", "mean_rmse"),
    ("SSIM", "SSIM, mean over bands", "mean_ssim"),
    ("MAX_ERROR", "Largest error in the data's units", "largest_error"),
    ("RATE", "Bits per sample", "rate"),
    ("RATIO", "Raster's size / file's size", "ratio"),
)


class EvaluateAlgorithm(HinerAlgorithm):
    """Decodes every band once and measures it."""

    NAME = "evaluate"
    TITLE = "Evaluate a compressed file"
    HELP = (
        "Decodes a .hnr file and compares it, band by band, with the raster that it was made from. Pixels without "
        "data, and bands that the file does not keep, count for nothing. A raster of another place, or with other "
        "wavelengths, is compared as well, with a note.\n\n"
        "The page shows the error of each band over the spectrum, the scene before and after, where the errors "
        "lie, and a table; the CSV file holds the table.\n\n"
        "<b>PSNR</b> relates the error to each band's own value range, in dB: 6 dB more is half the error. "
        "<b>SAM</b> is the angle between a pixel's original and decoded spectrum: 0 means the same shape. "
        "<b>RMSE</b> and the largest error are in the raster's own units. <b>SSIM</b> compares structure: 1 is "
        "the same picture."
    )

    REFERENCE = "REFERENCE"
    INPUT = "INPUT"
    OUTPUT_HTML = "OUTPUT_HTML"
    OUTPUT_CSV = "OUTPUT_CSV"

    def initAlgorithm(self, configuration=None):
        self.add_scene_input(self.REFERENCE, "Original raster", "The raster that was compressed.")
        self.add(HnrFileParameter(self.INPUT, self.tr("Compressed file")), "The .hnr file made of it; in scripts a layer of one too.")
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, self.tr("Page"), self.tr(HTML_FILTER), optional=True
            ),
            "An HTML page with plots, pictures and a table.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_CSV,
                self.tr("Table"),
                self.tr("CSV files (*.csv)"),
                optional=True,
                createByDefault=False,
            ),
            "The figures of each band, a line a band.",
        )
        for name, title, _ in _FIGURES:
            self.addOutput(QgsProcessingOutputNumber(name, self.tr(title)))

    def take_layers(self, parameters, context):
        self._reference = raster_input(self, parameters, self.REFERENCE, context)
        self._path = hnr_path(self, parameters, self.INPUT, context)

    def work(self, parameters, context, feedback):
        progress = FeedbackProgress(feedback)
        with self._reference.open() as source:
            scene = read_scene(source, progress.part(0.0, _READING))
        reprojection = Reprojection(*map(_crs, (scene.description, HnrFile(self._path).description)), context)
        evaluation = evaluate_file(scene, self._path, progress.part(_READING, 1.0), reprojection)
        results = {name: getattr(evaluation.quality, figure) for name, _, figure in _FIGURES}
        for note in evaluation.notes:
            progress.log(note)
        for name, title, _ in _FIGURES:
            progress.log(f"{title}: {results[name]:.4g}")
        page = self.parameterAsFileOutput(parameters, self.OUTPUT_HTML, context)
        if page:
            save_text(page, evaluation.html())
            results[self.OUTPUT_HTML] = page
        table = self.parameterAsFileOutput(parameters, self.OUTPUT_CSV, context)
        if table:
            save_text(table, quality_csv(evaluation.quality))
            results[self.OUTPUT_CSV] = table
        return results


def _crs(description):
    return crs_of(description.georeference.crs_wkt)
