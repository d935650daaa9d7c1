"""Windows of the bands of a virtual raster."""

import os
import threading
from collections import OrderedDict

import numpy as np

from ..decompression.bands import requested_bands
from ..decompression.output import as_written, output_description
from ..errors import ParameterError, RasterError
from ..hnr_file import HnrFile
from .document import MASK

_KEPT = 4
_opened, _lock = OrderedDict(), threading.Lock()


def read_band(path, wavelengths, band, window, shape):
    """(rows, cols) of a band as `hiner:decompress` would write it, at a shape's resolution.

    wavelengths: the text of `spectral.request`; band: place in what it stands for, or MASK: 255 where there are data,
    0 where there are none; window: (row, col, n_rows, n_cols). Raises FormatError, RasterError, ParameterError,
    WavelengthError.
    """
    hnr, bands, description = _open(path, wavelengths)
    if band == MASK:
        return np.where(hnr.valid_pixels(window, tuple(shape)), np.uint8(255), np.uint8(0))
    if not 0 <= band < len(bands.bands):
        raise ParameterError(f"{path}: {wavelengths or 'the file'} has {len(bands.bands)} bands, not band {band + 1}.")
    reduced = None if tuple(shape) == tuple(window[2:]) else tuple(shape)
    return as_written(bands.read(slice(band, band + 1), window, None, reduced), description, hnr)[0]


def _open(path, wavelengths):
    """(HnrFile, OutputBands, SceneDescription), kept open: a program asks for many small windows."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise RasterError(
            f"{path} could not be read: {error.strerror or error}. The .vrt names this .hnr file: make the .vrt anew "
            "where the file lies by now."
        ) from error
    key = path, status.st_size, status.st_mtime_ns, wavelengths
    with _lock:
        found = _opened.get(key)
        if found is None:
            hnr = HnrFile(path)
            bands = requested_bands(hnr, wavelengths, as_float=False)
            whole = 0, 0, hnr.description.n_rows, hnr.description.n_cols
            found = _opened[key] = hnr, bands, output_description(hnr, bands, whole, "original")
        _opened.move_to_end(key)
        while len(_opened) > _KEPT:
            _opened.popitem(last=False)
        return found
