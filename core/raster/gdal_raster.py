"""Rasters and products of arrays, read through GDAL."""

import os

from ..errors import RasterError, SceneError
from ..scene.validity import valid_samples
from .arrays.products import open_product
from .dataset_samples import DatasetSamples
from .facts import describe
from .gdal_access import errors, gdal, reason
from .sample_types import replace_nodata


def open_raster(path, wavelengths=None, layer=None):
    """Open a raster and return its `RasterSource`, a context manager.

    path: whatever GDAL opens. wavelengths: the caller's own, one per band, which win over the
    file's. layer: LayerWords, what a user's layer of it says beside it.
    Raises `RasterError` where GDAL cannot open it, `SceneError` where its samples are complex or
    of 64-bit integers, where only some of its bands have a wavelength or where it is a part of a
    product, `ParameterError` where `wavelengths` are not one per band.
    """
    path = os.fsdecode(path)
    return RasterSource(path, open_product(path) or _open_dataset(path), wavelengths, layer)


def _open_dataset(path):
    dataset = None
    with errors() as texts:
        dataset = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR)
    if dataset is None:
        packed = " Unpack the archive first." if path.lower().endswith((".zip", ".gz", ".tar")) else ""
        raise RasterError(f"{path}: is not a raster that can be opened.{packed}{reason(texts)}")
    if dataset.RasterCount == 0:
        raise SceneError(
            f"{path}: is a container without bands of its own. Open one of the rasters in it "
            "(in QGIS: Layer, Add Raster Layer, then choose the sublayer); products of PRISMA and EMIT have to be "
            "unpacked first."
        )
    return DatasetSamples(path, dataset)


class RasterSource:
    """An open raster: its `description`, the `warnings` its metadata gave rise to, its samples.

    Alpha bands are no bands of it: they and masks say which pixels are `valid`.
    """

    def __init__(self, path, samples, wavelengths=None, layer=None):
        self._path, self._samples, facts = path, samples, samples.facts
        self._described, self._has_mask = describe(facts, wavelengths, layer), facts.has_mask
        self.description, self.warnings = self._described.description, self._described.warnings

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Let go of the file."""
        self._samples.close()

    def blocks(self):
        """Yield the `Window`s in which to read the raster once and quickly."""
        return self._samples.windows(self.description)

    def read(self, bands, row, col, n_rows, n_cols):
        """Return samples of 0-based `bands` in a window, (bands, n_rows, n_cols), native dtype.

        Raises `RasterError` where the file cannot be read.
        """
        bands, other_nodata = [int(band) for band in bands], self._described.other_nodata
        numbers = [self._described.bands[band] for band in bands]
        samples = self._samples.read(numbers, row, col, n_rows, n_cols, self.description.dtype)
        for place, band in enumerate(bands):
            for value in other_nodata.get(band, ()):
                replace_nodata(samples[place], value, self.description.nodata)
        return samples

    def valid_pixels(self, row, col, n_rows, n_cols):
        """Which pixels of a window hold data by the raster's mask and its alpha bands, (n_rows, n_cols) bool.

        None where the raster has neither. Raises `RasterError` where the file cannot be read.
        """
        window, alpha = (row, col, n_rows, n_cols), self._described.alpha
        valid = self._samples.mask(*window) if self._has_mask else None
        if alpha:
            opaque = (self._samples.read(alpha, *window, "float64") > 0).all(axis=0)
            valid = opaque if valid is None else valid & opaque
        return valid

    def valid(self, samples, row, col):
        """Which of `samples`, (bands, rows, cols) as `read` gave them for a window, hold data; bool of that shape."""
        valid, pixels = valid_samples(samples, self.description.nodata), self.valid_pixels(row, col, *samples.shape[1:])
        return valid if pixels is None else valid & pixels
