"""Writing a `.hnr` file, or a part of it, as a raster of any GDAL format."""

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from ..errors import ParameterError
from ..hnr_file import HnrFile
from ..progress import Progress
from ..raster.raster_writer import RasterWriter
from ..scene.description import SceneDescription
from ..walk import pieces
from .bands import requested_bands
from .output import DTYPES, as_written, needs_mask, output_description
from .place import window_of

SMALLEST_MEMORY_MIB = 16
_MASK_PIXELS = 2**22


@dataclass(frozen=True)
class DecodedRaster:
    """A raster that was written: where, what it holds, and what a user should know of it."""

    path: str
    description: SceneDescription
    notes: Tuple[str, ...]


def decompress(
    hnr_path, raster_path, wavelengths="", extent=None, dtype="original", memory_mib=256, progress=None
):
    """Decode a `.hnr` file into a raster (DecodedRaster).

    wavelengths: the text of `spectral.request`. extent: (xmin, ymin, xmax, ymax) in the file's CRS.
    dtype: 'original' rounds to the scene's data type, 'float32' does not. memory_mib: about how
    much memory pieces of the raster and decoded tiles may take, in MiB; some tiles are kept in any case.

    Raises ParameterError, WavelengthError, FormatError, RasterError, OutputError or Cancelled; then
    nothing is left under `raster_path`, and a file that was there is unharmed.
    """
    progress = progress or Progress()
    if dtype not in DTYPES:
        raise ParameterError(f"The data type {dtype!r} is none of {', '.join(DTYPES)}.")
    hnr = HnrFile(hnr_path)
    bands = requested_bands(hnr, wavelengths, as_float=dtype == "float32")
    window = window_of(hnr.description, extent)
    description = output_description(hnr, bands, window, dtype)
    has_mask = needs_mask(hnr, description)
    with RasterWriter(raster_path, description, progress, has_mask=has_mask) as writer:
        _write(hnr, bands, window, description, memory_mib, writer, progress)
        if has_mask:
            _write_mask(hnr, window, writer, progress)
    for note in (*bands.notes, *writer.warnings):
        progress.log(note)
    return DecodedRaster(str(raster_path), description, (*bands.notes, *writer.warnings))


def _write(hnr, bands, window, description, memory_mib, writer, progress):
    """Piece by piece, so that memory follows the piece."""
    row, col, n_rows, n_cols = window
    n_bands, n_bytes = len(bands.bands), int(max(SMALLEST_MEMORY_MIB, memory_mib) * 2**20)
    # As read: the file's own samples, or float32.
    sample_bytes = max(np.dtype(description.dtype).itemsize, 0 if bands.own else 4)
    done, total = 0, n_bands * n_rows * n_cols
    for part, some in pieces(hnr.decoder, window, n_bands, sample_bytes, n_bytes):
        samples = None
        progress.check()
        progress.report(done / total, f"Decoding rows {part[0] + 1} to {part[0] + part[2]}, band {some.start + 1} on")
        samples = bands.read(slice(some.start, some.stop), part, progress.check)
        for place, band in enumerate(some):
            progress.check()
            written = as_written(samples[place : place + 1], description, hnr)
            writer.write(written, band, part[0] - row, part[1] - col)
        done += samples.size
    progress.report(1.0, "Decoded")


def _write_mask(hnr, window, writer, progress):
    row, col, n_rows, n_cols = window
    step = max(1, _MASK_PIXELS // n_cols)
    for start in range(0, n_rows, step):
        progress.check()
        part = row + start, col, min(step, n_rows - start), n_cols
        writer.write_mask(hnr.valid_pixels(part), start, 0)
