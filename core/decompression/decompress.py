"""Writing a `.hnr` file, or a part of it, as a raster of any GDAL format."""

from dataclasses import dataclass
from typing import Tuple

from ..errors import ParameterError
from ..hnr_file import HnrFile
from ..progress import Progress
from ..raster.gdal_raster import RasterWriter
from ..scene.description import SceneDescription
from .bands import requested_bands
from .output import DTYPES, as_written, output_description
from .place import window_of

SMALLEST_MEMORY_MIB = 16


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
    much memory the decoding may take, in MiB.

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
    with RasterWriter(raster_path, description, progress) as writer:
        _write(hnr, bands, window, description, memory_mib, writer, progress)
    for note in (*bands.notes, *writer.warnings):
        progress.log(note)
    return DecodedRaster(str(raster_path), description, (*bands.notes, *writer.warnings))


def _write(hnr, bands, window, description, memory_mib, writer, progress):
    """Rows by rows and band by band, so that memory follows the block."""
    row, col, n_rows, n_cols = window
    per_row = n_cols * (hnr.decoder.bytes_per_pixel + 32)
    step = int(max(SMALLEST_MEMORY_MIB, memory_mib) * 2**20 // per_row)
    step = min(max(1, step), n_rows)
    total, done = -(-n_rows // step) * len(bands.bands), 0
    for start in range(0, n_rows, step):
        height = min(step, n_rows - start)
        block = (row + start, col, height, n_cols)
        for band in range(len(bands.bands)):
            progress.check()
            progress.report(done / total, f"Decoding band {band + 1} of {len(bands.bands)}")
            samples = bands.read(slice(band, band + 1), block, progress.check)
            writer.write(as_written(samples, description, hnr), band, start, 0)
            done += 1
    progress.report(1.0, "Decoded")
