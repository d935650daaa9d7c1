"""Compressing a scene into a `.hnr` file, and saying beforehand what that will take."""

import re
import time
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np

from .container.header import Header
from .container.statistics import band_statistics
from .container.writer import write_hnr
from .errors import ParameterError
from .hnr_file import HnrFile
from .methods import METHODS, method_named
from .methods.contract import QUANTISATIONS, CompressOptions, Plan, Subject
from .methods.psnr_wish import missed
from .progress import Progress
from .quality.evaluate import SceneBands, evaluate
from .quality.file_bands import FileBands
from .quality.quality import Quality
from .scene.validity import nodata_as
from .spectral.grid import SpectralGrid
from .version import ENCODER
from .whole_file import scratch_beside

__all__ = ["METHODS", "PRESETS", "QUANTISATIONS", "CompressOptions", "Outcome", "compress", "plan"]

MOST_REWRITES = 4
PRESETS = tuple(dict.fromkeys(preset for method in METHODS for preset in method.presets))


@dataclass(frozen=True)
class Outcome:
    """What a compression came to.

    quality: Quality of the file as read back from disk, with its size; history: (seconds, epoch,
    PSNR in dB) through the training; header: as it stands in the file; expected: the Plan that was
    told before, None where nobody asked for one.
    """

    path: str
    seconds: float
    quality: Quality
    history: list
    header: Header
    expected: Optional[Plan] = None

    @property
    def psnr(self):
        """Mean over bands of the per-band PSNR, dB."""
        return self.quality.mean_psnr

    @property
    def rate(self):
        """Bits per sample of the whole file (bpppb)."""
        return self.quality.rate

    @property
    def ratio(self):
        """Bytes of the uncompressed samples / bytes of the file."""
        return self.quality.ratio


def plan(scene, options, progress=None):
    """What compressing the scene would do (Plan), timing a few steps on the device."""
    options = _with_rate(options, scene)
    return method_named(options.method).plan(_subject(scene, progress or Progress()), options)


def compress(scene, path, options=None, progress=None, tell=None):
    """Compress a scene into a `.hnr` file at `path` and measure the file (Outcome).

    tell: called with the Plan before the work, the bands being measured once for both. The file is
    written beside its target, read back from disk, measured, and only then takes its name. Raises
    ParameterError, SceneError, DependencyError, DeviceError, OutputError or Cancelled; then nothing
    is left under `path`, and a file that was there is unharmed.
    """
    options, progress = options or CompressOptions(), progress or Progress()
    started = time.monotonic()
    options = _with_rate(options, scene)
    method = method_named(options.method)
    with scratch_beside(path) as scratch:
        subject = _subject(scene, progress.part(0.0, 0.02))
        _tell_of_constant_bands(subject.grid, progress)
        expected = None if tell is None else method.plan(subject, options)
        if tell is not None:
            tell(expected)
        encoded = method.encode(subject, options, progress.part(0.02, 0.95))
        header = _header(subject, method, encoded)
        write_hnr(scratch, header, encoded.sections, scene.validity)
        quality = _measure(scratch, subject, progress.part(0.95, 1.0))
        _check_bound(options, quality)
        header = _with_figures(scratch, subject, method, encoded, header, quality)
        n_bytes = write_hnr(path, header, encoded.sections, scene.validity, progress)
    short = missed(options.target_psnr, quality.mean_psnr)
    if short:
        progress.log(short)
    quality = quality.of_file(n_bytes, scene.description, header.measured)
    seconds = time.monotonic() - started
    return Outcome(str(path), seconds, quality, encoded.history, header, expected)


def _with_rate(options, scene):
    """The options with a wished file size as a rate beside it; raises ParameterError for several wishes of the size."""
    sizes = ("rate", "file_size", "model_size")
    if sum(getattr(options, name) is not None for name in sizes) > 1:
        raise ParameterError("Give a rate, a file size or a model size, not two of them.")
    if options.file_size is None:
        return options
    return replace(options, rate=8 * options.file_size / scene.description.n_samples)


def _check_bound(options, quality):
    """Raises ParameterError where a sample of the file is off by more than was wished."""
    if options.max_error is not None and quality.largest_error > options.max_error:
        raise ParameterError(
            f"An error of at most {options.max_error:g} was wished, but the file's largest is "
            f"{quality.largest_error:g}: its sums are not precise enough for the bound. Give a larger one."
        )


def _subject(scene, progress):
    statistics = band_statistics(scene, progress)
    grid = SpectralGrid.of_scene(scene.description, scene.validity.bands, statistics.constant)
    return Subject(scene, statistics, grid)


def _tell_of_constant_bands(grid, progress):
    n_bands = int(np.count_nonzero(grid.usable & ~grid.measured))
    if n_bands:
        bands = "band holds" if n_bands == 1 else "bands hold"
        progress.log(
            f"{n_bands} {bands} one value only, as sensors fill bands that they do not measure. It comes back with the "
            "file's own bands, but wavelengths between bands and sensors' bands are not made of it."
        )


def _header(subject, method, encoded):
    description = subject.scene.description
    # A name says where a file came from; the folders on the way there are nobody's business.
    source = re.split(r"[\\/]", description.source)[-1]
    nodata = nodata_as(description.dtype, description.nodata)
    return Header(
        description=replace(description, source=source, nodata=nodata),
        usable=subject.grid.usable,
        statistics=subject.statistics,
        method=method.name,
        parameters=encoded.parameters,
        encoder=ENCODER,
    )


def _measure(path, subject, progress):
    """Decode the file as any reader would and compare it with the scene (Quality)."""
    progress.report(0.0, "Reading the file back")
    hnr = HnrFile(path)
    original = SceneBands(subject.scene, subject.kept_validity())
    return evaluate(original, FileBands(hnr, progress.check), progress)


def _with_figures(scratch, subject, method, encoded, header, quality):
    """The header with what was measured of its own file.

    The rate is a figure of the file's size, which the figure's digits change: the file is written
    to `scratch` until both agree.
    """
    figures = {
        "psnr_db": quality.mean_psnr,
        "sam_degrees": quality.mean_sam,
        "rmse": quality.mean_rmse,
        "ssim": quality.mean_ssim,
        "max_error": quality.largest_error,
        **method.paper_figures(encoded, header, quality.psnr),
    }
    figures = {name: _four_digits(value) for name, value in figures.items() if np.isfinite(value)}
    n_bytes = 0
    for _ in range(MOST_REWRITES):
        figures["rate_bpppb"] = _four_digits(8 * n_bytes / header.description.n_samples)
        header = replace(header, measured=dict(figures))
        written = write_hnr(scratch, header, encoded.sections, subject.scene.validity)
        if written == n_bytes:
            break
        n_bytes = written
    return header


def _four_digits(value):
    return float(f"{value:.4g}")
