"""Writing the map of an image's classes, and its probabilities, as rasters."""

from contextlib import ExitStack
from dataclasses import replace

import numpy as np

from ...decompression.place import georeference_of, window_of
from ...progress import Progress
from ...raster.legend import LegendEntry
from ...raster.raster_writer import RasterWriter
from ...scene.description import Band, SceneDescription
from ..labels.legend import LARGEST_VALUE
from .emptiness import emptiness_note
from .prediction import NO_CLASS, classify
from .units import unit_notes

CLASS_BAND, PROBABILITY = "Class", "Probability of {name}"


def classify_to_raster(model, image, path, probability_path="", extent=None, device="cpu", progress=None):
    """Classify an Image, block by block, into a raster; returns (pixels of each class, notes).

    model: ClassifierModel, with whose axis the image was opened. path: the map, uint8 or uint16 with
    class names and colours. probability_path: '' for none, else float32 with a band a class.
    extent: (xmin, ymin, xmax, ymax) in the image's CRS, None the whole image.
    Raises ParameterError for an extent beside the image, what `classify` raises, OutputError and
    Cancelled; then nothing was written.
    """
    progress = progress or Progress()
    window = window_of(image.description, extent)
    values = np.array([entry.value for entry in model.table])
    description = map_description(image.description, model.table, window)
    legend = tuple(LegendEntry(*_fields(entry)) for entry in model.table)
    counts, extremes = np.zeros(len(model.table), dtype=np.int64), np.full((2, len(model.axis)), np.nan)
    with ExitStack() as open_files:
        writers = [open_files.enter_context(RasterWriter(path, description, progress, legend))]
        if probability_path:
            shares = _probability_description(description, model.table)
            writers.append(open_files.enter_context(RasterWriter(probability_path, shares, progress)))
        for block in classify(model, image, device, window=window, progress=progress):
            known = block.classes != NO_CLASS
            numbers = np.where(known, values[block.classes], int(description.nodata))
            place = {"row": block.row - window[0], "col": block.col - window[1]}
            writers[0].write(numbers.astype(description.dtype)[None], **place)
            if probability_path:
                writers[1].write(block.probabilities.astype(np.float32), **place)
            counts += np.bincount(block.classes[known], minlength=len(counts))
            extremes = np.stack([np.fmin(extremes[0], block.extremes[0]), np.fmax(extremes[1], block.extremes[1])])
        notes = unit_notes(model, extremes) if counts.any() else (emptiness_note(image, window, progress.check),)
    return counts, (*notes, *(note for writer in writers for note in writer.warnings))


def map_description(image, table, window):
    """SceneDescription of the map of a window of an image, itself a SceneDescription."""
    highest = max(entry.value for entry in table)
    dtype, largest = ("uint8", 255) if highest < 255 else ("uint16", LARGEST_VALUE + 1)
    nodata = largest if any(entry.value == 0 for entry in table) else 0
    return SceneDescription(
        window[2], window[3], (Band(name=CLASS_BAND),), dtype, nodata,
        georeference_of(image.georeference, window), source=image.source,
    )


def _probability_description(description, table):
    bands = tuple(Band(name=PROBABILITY.format(name=entry.name)) for entry in table)
    return replace(description, bands=bands, dtype="float32", nodata=float("nan"))


def _fields(entry):
    return entry.value, entry.name, entry.colour
