"""The engine in two calls, for scripts that have arrays and want arrays."""

import numpy as np

from .codec import CompressOptions, compress
from .errors import SceneError
from .hnr_file import HnrFile
from .scene.description import DTYPES, Band, SceneDescription
from .scene.scene import Scene
from .scene.validity import validity_of


def compress_array(cube, path, wavelengths=None, nodata=None, progress=None, **options):
    """Compress a cube into a `.hnr` file and return the `codec.Outcome`.

    cube: (bands, rows, cols), integers of 8 to 32 bits or floats. wavelengths: (bands,) nm.
    nodata: value of invalid samples; NaN and infinite ones are invalid in any case.
    options: fields of `codec.CompressOptions`. Raises what `codec.compress` raises.
    """
    cube = np.asarray(cube)
    if cube.ndim != 3 or cube.dtype.name not in DTYPES:
        raise SceneError(
            f"An array of {cube.dtype} and shape {cube.shape} is no scene: it has to be (bands, "
            f"rows, cols) of {', '.join(DTYPES)}."
        )
    if wavelengths is None:
        wavelengths = [None] * len(cube)
    if len(wavelengths) != len(cube):
        raise SceneError(f"{len(wavelengths)} wavelengths were given for {len(cube)} bands.")
    bands = tuple(Band(None if w is None else float(w)) for w in wavelengths)
    description = SceneDescription(*cube.shape[1:], bands, cube.dtype.name, nodata)
    scene = Scene(description, cube, validity_of(cube, nodata))
    return compress(scene, path, CompressOptions(**options), progress)


def decode(path, wavelengths, window=None, shape=None):
    """Decode a `.hnr` file at any wavelengths (nm), (len(wavelengths), rows, cols) float32.

    window: (row, col, n_rows, n_cols), None the whole scene; shape: (rows, cols) of the result,
    None the window's own. Raises what `HnrFile.read_wavelengths` raises.
    """
    return HnrFile(path).read_wavelengths(wavelengths, window, shape)
