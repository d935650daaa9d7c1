"""Rasters read through GDAL."""

import os

import numpy as np

from ..clean_text import clean_text
from ..errors import RasterError, SceneError
from ..scene.validity import valid_samples
from .facts import BandFacts, RasterFacts, describe
from .gdal_access import DTYPES, GDAL_TYPES, INT8, SIGNED_BYTE, errors, gdal, reason
from .georeference import read_georeference
from .product_metadata import items_beside
from .sample_types import replace_nodata
from .windows import windows


def open_raster(path, wavelengths=None, layer=None):
    """Open a raster and return its `RasterSource`, a context manager.

    path: whatever GDAL opens. wavelengths: the caller's own, one per band, which win over the
    file's. layer: LayerWords, what a user's layer of it says beside it.
    Raises `RasterError` where GDAL cannot open it, `SceneError` where its samples are complex or
    of 64-bit integers or where only some of its bands have a wavelength, `ParameterError` where
    `wavelengths` are not one per band.
    """
    path = os.fspath(path)
    dataset = None
    with errors() as texts:
        dataset = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR)
    if dataset is None:
        raise RasterError(f"{path}: is not a raster that can be opened.{reason(texts)}")
    if dataset.RasterCount == 0:
        raise SceneError(
            f"{path}: is a container without bands of its own. Open one of the rasters in it "
            "(in QGIS: Layer, Add Raster Layer, then choose the sublayer)."
        )
    return RasterSource(path, dataset, wavelengths, layer)


class RasterSource:
    """An open raster: its `description`, the `warnings` its metadata gave rise to, its samples.

    Alpha bands are no bands of it: they and masks say which pixels are `valid`.
    """

    def __init__(self, path, dataset, wavelengths=None, layer=None):
        self._path, self._dataset = path, dataset
        facts = facts_of(path, dataset)
        self._described, self._has_mask = describe(facts, wavelengths, layer), facts.has_mask
        self.description, self.warnings = self._described.description, self._described.warnings
        self._buffer_type = GDAL_TYPES[self.description.dtype]

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Let go of the file."""
        self._dataset = None

    def blocks(self):
        """Yield the `Window`s in which to read the raster once and quickly."""
        block_rows = self._dataset.GetRasterBand(1).GetBlockSize()[1]
        interleave = self._dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE")
        return windows(self.description, block_rows, interleave in ("PIXEL", "LINE"))

    def read(self, bands, row, col, n_rows, n_cols):
        """Return samples of 0-based `bands` in a window, (bands, n_rows, n_cols), native dtype.

        Raises `RasterError` where the file cannot be read.
        """
        bands, other_nodata = [int(band) for band in bands], self._described.other_nodata
        numbers = [self._described.bands[band] + 1 for band in bands]
        data = self._read(
            self._dataset, row, col, n_rows, n_cols, buf_type=self._buffer_type, band_list=numbers
        )
        # A copy where GDAL hands out immutable bytes: callers may write into what they read.
        samples = np.frombuffer(data, dtype=self.description.dtype)
        samples = samples if samples.flags.writeable else samples.copy()
        samples = samples.reshape(len(bands), n_rows, n_cols)
        for place, band in enumerate(bands):
            for value in other_nodata.get(band, ()):
                replace_nodata(samples[place], value, self.description.nodata)
        return samples

    def valid_pixels(self, row, col, n_rows, n_cols):
        """Which pixels of a window hold data by the raster's mask and its alpha bands, (n_rows, n_cols) bool.

        None where the raster has neither. Raises `RasterError` where the file cannot be read.
        """
        window, alpha = (row, col, n_rows, n_cols), self._described.alpha
        if not self._has_mask and not alpha:
            return None
        valid = np.ones((n_rows, n_cols), dtype=bool)
        if self._has_mask:
            # It belongs to its band, which has to live as long.
            band = self._dataset.GetRasterBand(1)
            mask = self._read(band.GetMaskBand(), *window, buf_type=gdal.GDT_Byte)
            valid &= np.frombuffer(mask, dtype=np.uint8).reshape(valid.shape) != 0
        if alpha:
            opaque = self._read(
                self._dataset, *window, buf_type=gdal.GDT_Float64, band_list=[number + 1 for number in alpha]
            )
            valid &= (np.frombuffer(opaque, dtype=np.float64).reshape(-1, *valid.shape) > 0).all(axis=0)
        return valid

    def valid(self, samples, row, col):
        """Which of `samples`, (bands, rows, cols) as `read` gave them for a window, hold data; bool of that shape."""
        valid, pixels = valid_samples(samples, self.description.nodata), self.valid_pixels(row, col, *samples.shape[1:])
        return valid if pixels is None else valid & pixels

    def _read(self, source, row, col, n_rows, n_cols, **options):
        """The bytes of a window of a dataset or a band of GDAL's."""
        data = None
        with errors() as texts:
            data = source.ReadRaster(col, row, n_cols, n_rows, **options)
        if data is None or texts:
            rows = f"rows {row} to {row + n_rows - 1}"
            raise RasterError(f"{self._path}: {rows} cannot be read; is it truncated?{reason(texts)}")
        return data


def facts_of(path, dataset):
    bands = [dataset.GetRasterBand(n) for n in range(1, dataset.RasterCount + 1)]
    dtypes = [_dtype(band) for band in bands]
    for number, (band, dtype) in enumerate(zip(bands, dtypes), start=1):
        if dtype is None:
            raise SceneError(
                f"{path}: band {number} is of type {gdal.GetDataTypeName(band.DataType)}; only integers of "
                "8 to 32 bits and floats are read. Convert it first (gdal_translate -ot Float32)."
            )
    if INT8 is None and "int8" in dtypes and len(set(dtypes)) > 1:
        raise SceneError(
            f"{path}: mixes signed bytes with other types. Convert it first (gdal_translate -ot Int16)."
        )
    georeference, place_warnings = read_georeference(dataset)
    delivered, delivered_warnings = items_beside(path, dataset.RasterCount)
    # Formats whose bands are rasters of their own open without any.
    flags = bands[0].GetMaskFlags() if bands else gdal.GMF_ALL_VALID
    return RasterFacts(
        path, dataset.RasterYSize, dataset.RasterXSize,
        tuple(_band_facts(band, dtype) for band, dtype in zip(bands, dtypes)),
        georeference, _items(dataset), _items(dataset, "ENVI"),
        has_mask=bool(flags & gdal.GMF_PER_DATASET and not flags & gdal.GMF_ALPHA),
        has_band_masks=flags == 0, place_warnings=place_warnings,
        delivered=delivered, delivered_warnings=delivered_warnings, driver=dataset.GetDriver().ShortName,
    )


def _band_facts(band, dtype):
    numbers = band.GetNoDataValue(), band.GetScale(), band.GetOffset()
    is_alpha = band.GetColorInterpretation() == gdal.GCI_AlphaBand
    name = clean_text(band.GetDescription() or "")
    return BandFacts(dtype, *numbers, name, _items(band), _items(band, "IMAGERY"), is_alpha)


def _items(owner, domain=""):
    """A dataset's or a band's items: GDAL gives those that are not UTF-8 as bytes."""
    return {clean_text(key): clean_text(value) for key, value in (owner.GetMetadata(domain) or {}).items()}


def _dtype(band):
    """A band's data type as NumPy names it, None where no scene may have it."""
    if INT8 is None and band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == SIGNED_BYTE:
        return "int8"
    return DTYPES.get(band.DataType)
