"""A scene out of an open raster, block by block."""

import numpy as np

from ..available_memory import available_memory
from ..errors import SceneError
from ..progress import Progress
from ..scene.scene import Scene
from ..scene.validity import validity_of

_READING = 0.8  # share of the time, the rest is for the masks


def read_scene(source, progress=None, beside=0):
    """Read a whole `RasterSource` and return its `Scene`.

    beside: bytes for each sample that what is to be done with the scene takes at least beside it.
    The source's warnings go to `progress.log`. Cancels between blocks.
    Raises `SceneError`, naming the file, for a raster with one band, without any valid sample or
    too large for the memory; what the source raises while it is read; `Cancelled`.
    """
    progress = progress or Progress()
    description = source.description
    if description.n_bands < 2:
        raise SceneError(
            f"{description.source}: has one band only; a hyperspectral scene has many. "
            "Choose the raster that holds all bands, or stack them first."
        )
    for warning in source.warnings:
        progress.log(warning)
    _check_memory(description, beside)
    cube, pixels = _read_samples(source, progress.part(0.0, _READING))
    try:
        validity = validity_of(cube, description.nodata, progress.part(_READING, 1.0), pixels)
    except SceneError as error:
        raise SceneError(
            f"{description.source}: {error} Check the raster, its nodata value and its mask or alpha band."
        ) from error
    return Scene(description, cube, validity)


def _read_samples(source, progress):
    """The cube, and which pixels hold data by the raster's own mask, (rows, cols) bool, None where it has none."""
    description = source.description
    shape = (description.n_bands, description.n_rows, description.n_cols)
    try:
        cube = np.empty(shape, dtype=description.dtype)
    except (MemoryError, ValueError) as error:
        raise _too_large(description, _size(description), "more than there is") from error
    done, valid = 0, None
    for window in source.blocks():
        progress.check()
        bands = range(window.first_band, window.first_band + window.n_bands)
        cube[
            window.first_band:window.first_band + window.n_bands,
            window.row:window.row + window.n_rows,
            window.col:window.col + window.n_cols,
        ] = source.read(bands, window.row, window.col, window.n_rows, window.n_cols)
        if window.first_band == 0:
            valid = _noted(valid, source, window)
        done += window.n_bands * window.n_rows * window.n_cols
        progress.report(done / description.n_samples, "Reading the raster")
    return cube, valid


def _noted(valid, source, window):
    """`valid`, (rows, cols) bool or None, with what the source's own mask says of a window's pixels."""
    pixels = source.valid_pixels(window.row, window.col, window.n_rows, window.n_cols)
    if pixels is None:
        return None
    if valid is None:
        valid = np.empty((source.description.n_rows, source.description.n_cols), dtype=bool)
    valid[window.row:window.row + window.n_rows, window.col:window.col + window.n_cols] = pixels
    return valid


def _check_memory(description, beside):
    """Raise SceneError where the scene, and so many bytes a sample beside it, need more memory than there is."""
    needed, available = _size(description) + beside * description.n_samples, available_memory()
    if available is not None and needed > available:
        raise _too_large(description, needed, f"{available / 2**30:.1f} GiB are free")


def _size(description):
    """Bytes of a scene's samples."""
    return description.n_samples * np.dtype(description.dtype).itemsize


def _too_large(description, needed, limit):
    return SceneError(
        f"{description.source}: needs {needed / 2**30:.1f} GiB of memory at least, {limit}. "
        "Clip the raster to a smaller area, or close other programs."
    )
