"""`hiner:info`: what is in a `.hnr` file."""

import os

from qgis.core import QgsProcessingParameterFileDestination

from ...core.hnr_file import HnrFile
from ...core.report.info import info_html
from ...core.report.tables import info_json
from ...core.whole_file import save_text
from ..parameters.hnr_input import HnrFileParameter, hnr_path
from .base import HTML_FILTER, HinerAlgorithm


class InfoAlgorithm(HinerAlgorithm):
    """Reads the header alone; decodes nothing."""

    NAME = "info"
    TITLE = "Information on a compressed file"
    HELP = (
        "Says what is in a .hnr file without decoding it: size, bands, wavelengths, data type, nodata, "
        "georeference, the value range of each band, how it was compressed, and how close to the original it was "
        "found to be.\n\n"
        "The page is for people; the JSON file holds the same for programs."
    )

    INPUT = "INPUT"
    OUTPUT_HTML = "OUTPUT_HTML"
    OUTPUT_JSON = "OUTPUT_JSON"

    def initAlgorithm(self, configuration=None):
        self.add(HnrFileParameter(self.INPUT, self.tr("Compressed file")), "A .hnr file made by Compress; in scripts a layer of one too.")
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_HTML, self.tr("Page"), self.tr(HTML_FILTER), optional=True
            ),
            "An HTML page with tables and a plot of the bands' value ranges.",
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_JSON,
                self.tr("JSON file"),
                self.tr("JSON files (*.json)"),
                optional=True,
                createByDefault=False,
            ),
            "The header's figures, by name, for other programs.",
        )

    def take_layers(self, parameters, context):
        self._path = hnr_path(self, parameters, self.INPUT, context)

    def work(self, parameters, context, feedback):
        path = self._path
        header, n_bytes = HnrFile(path).header, os.path.getsize(path)
        feedback.pushInfo(_summary(header, n_bytes))
        results = {}
        for name, contents in ((self.OUTPUT_HTML, info_html), (self.OUTPUT_JSON, info_json)):
            output = self.parameterAsFileOutput(parameters, name, context)
            if output:
                save_text(output, contents(header, path, n_bytes))
                results[name] = output
        return results


def _summary(header, n_bytes):
    scene = header.description
    return (
        f"{scene.n_rows} x {scene.n_cols} pixels, {scene.n_bands} bands of {scene.dtype}; {n_bytes} bytes, "
        f"{8 * n_bytes / scene.n_samples:.3f} bits per sample; method {header.method}, by {header.encoder}"
    )
