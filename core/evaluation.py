"""Holding a `.hnr` file against the raster it was made from."""

import os
from dataclasses import dataclass, replace

from .errors import ParameterError
from .hnr_file import HnrFile
from .progress import Progress
from .quality.evaluate import SceneBands, common_validity, evaluate
from .quality.file_bands import FileBands
from .quality.quality import Quality
from .quality.same_scene import differences
from .report.evaluation import evaluation_html
from .report.pictures import Pictures, gather_pictures
from .scene.description import SceneDescription

_PICTURES = 0.9  # share of the time that comparing the bands is given


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A file's Quality, of samples that are valid in it and in its original, and pictures.

    notes: what speaks against the raster being the file's original, texts.
    """

    path: str
    method: str
    description: SceneDescription
    quality: Quality
    pictures: Pictures
    notes: tuple = ()

    def html(self):
        """The report, a str."""
        return evaluation_html(self.quality, self.description, self.pictures, self.path, self.method, self.notes)


def evaluate_file(scene, hnr_path, progress=None, to_file=None):
    """Compare a `.hnr` file with a Scene (Evaluation).

    to_file: see `same_scene.differences`. Another place or other wavelengths are noted, not refused:
    copies lose theirs. Raises ParameterError where the scene has not the file's shape, FormatError, SceneError where
    nothing can be compared, Cancelled.
    """
    progress = progress or Progress()
    hnr = HnrFile(hnr_path)
    _check_shape(scene.description, hnr)
    described = scene.description
    scene = replace(scene, description=_placed(scene.description, hnr.header))
    original = SceneBands(scene, common_validity(scene.validity, hnr.validity, progress))

    def decoded(bands):
        return hnr.read_bands(bands, check=progress.check)

    quality = evaluate(original, FileBands(hnr, progress.check), progress.part(0.0, _PICTURES))
    quality = quality.of_file(os.path.getsize(hnr_path), hnr.description, hnr.header.measured)
    pictures = gather_pictures(original, decoded, quality, progress.part(_PICTURES, 1.0))
    notes = differences(described, hnr.description, to_file)
    return Evaluation(str(hnr_path), hnr.header.method, scene.description, quality, pictures, notes)


def _placed(description, header):
    """The description with the file's wavelengths for bands without one: bad ones, which the file may have kept.

    Where such a band has none there either, band numbers stand in for all.
    """
    if description.wavelengths is None:
        return description
    pairs = zip(description.bands, header.description.bands)
    known = [theirs.wavelength if own.wavelength is None else own.wavelength for own, theirs in pairs]
    if any(wavelength is None for wavelength, kept in zip(known, header.usable) if kept):
        known = [None] * len(known)
    bands = [replace(band, wavelength=wavelength) for band, wavelength in zip(description.bands, known)]
    return replace(description, bands=tuple(bands))


def _check_shape(description, hnr):
    def shape(of):
        return f"{of.n_rows}x{of.n_cols} pixels and {of.n_bands} bands"

    if shape(description) != shape(hnr.description):
        raise ParameterError(
            f"{description.source} has {shape(description)}, but {hnr.path} holds {shape(hnr.description)}. "
            "Choose the raster that the file was made from."
        )
