"""Writing a virtual raster for a `.hnr` file."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple

from ..decompression.bands import requested_bands
from ..decompression.output import needs_mask, output_description
from ..errors import ParameterError
from ..hnr_file import HnrFile
from ..scene.description import SceneDescription
from ..whole_file import save_text
from .document import vrt_text

# Characters that XML cannot hold, or that its readers change.
_NO_XML = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class VirtualRaster:
    """A virtual raster that was written: where, what it holds, and what a user should know of it."""

    path: str
    description: SceneDescription
    notes: Tuple[str, ...]


def write_vrt(hnr_path, vrt_path, wavelengths=""):
    """Write a `.vrt` of a `.hnr` file's bands, or of wavelengths, the text of `spectral.request` (VirtualRaster).

    Nothing is decoded. The `.vrt` names the `.hnr` file by its absolute path. Raises FormatError, RasterError,
    ParameterError, WavelengthError, OutputError; a file that was there is then unharmed.
    """
    if Path(vrt_path).suffix.lower() != ".vrt":
        raise ParameterError(f"{vrt_path}: a virtual raster's name has to end in .vrt.")
    if _NO_XML.search(os.path.abspath(hnr_path)):
        raise ParameterError(f"{hnr_path!r}: a virtual raster cannot name a file of such a name. Rename the file.")
    hnr = HnrFile(hnr_path)
    bands = requested_bands(hnr, wavelengths, as_float=False)
    whole = 0, 0, hnr.description.n_rows, hnr.description.n_cols
    description = output_description(hnr, bands, whole, "original")
    has_mask = needs_mask(hnr, description)
    save_text(vrt_path, vrt_text(description, os.path.abspath(hnr_path), wavelengths.strip(), has_mask))
    return VirtualRaster(str(vrt_path), description, bands.notes)
