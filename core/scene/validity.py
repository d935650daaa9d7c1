"""Which samples of a cube hold data."""

import numpy as np

from ..errors import SceneError
from ..progress import Progress
from .scene import Validity


def nodata_as(dtype, nodata):
    """`nodata` as samples of `dtype` hold it, a float; None where they cannot hold it.

    A float32 holds the nearest value to a nodata of -3.4e38; no uint16 is ever -9999.
    """
    if nodata is None:
        return None
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return float(np.asarray(nodata, dtype=np.float64).astype(dtype))
    limits = np.iinfo(dtype)
    return float(nodata) if float(nodata).is_integer() and limits.min <= nodata <= limits.max else None


def valid_samples(samples, nodata):
    """Whether each sample is neither nodata nor NaN nor infinite; an array of bool."""
    if samples.dtype.kind == "f":
        valid = np.isfinite(samples)
    else:
        valid = np.ones(samples.shape, dtype=bool)
    nodata = nodata_as(samples.dtype, nodata)
    if nodata is not None:
        valid &= samples != np.asarray(nodata).astype(samples.dtype)
    return valid


def validity_of(cube, nodata, progress=None, pixels=None):
    """Return the `Validity` of a cube, (bands, rows, cols), whose invalid samples are `nodata`.

    NaN and infinite samples are invalid too, and those of pixels outside a mask, (rows, cols) bool, where
    `pixels` gives one. A band without a valid sample is not usable. The
    scene's mask leaves out the pixels that are invalid in more than half of the usable bands;
    each band that deviates from it keeps a mask of its own.
    Raises `SceneError` where fewer than two bands hold data.
    """
    progress = progress or Progress()
    n_bands = cube.shape[0]
    usable = np.zeros(n_bands, dtype=bool)
    votes = np.zeros(cube.shape[1:], dtype=np.int32)
    for band in range(n_bands):
        progress.check()
        valid = _valid(cube[band], nodata, pixels)
        usable[band] = valid.any()
        votes += valid
        progress.report(0.5 * (band + 1) / n_bands)
    n_usable = int(usable.sum())
    if n_usable == 0:
        raise SceneError("holds no data: every sample is nodata, NaN or infinite.")
    if n_usable == 1:
        raise SceneError("holds data in one band only; at least two are needed.")
    most = 2 * votes >= n_usable
    exceptions = {}
    for band in np.flatnonzero(usable):
        progress.check()
        valid = _valid(cube[band], nodata, pixels)
        if not np.array_equal(valid, most):
            exceptions[int(band)] = valid
        progress.report(0.5 + 0.5 * (int(band) + 1) / n_bands)
    return Validity(most, usable, exceptions)


def _valid(samples, nodata, pixels):
    valid = valid_samples(samples, nodata)
    return valid if pixels is None else valid & pixels
