"""The samples and facts of an open dataset of GDAL's."""

import numpy as np

from ..clean_text import clean_text
from ..errors import RasterError, SceneError
from .facts import BandFacts, RasterFacts
from .gdal_access import DTYPES, GDAL_TYPES, INT8, SIGNED_BYTE, errors, gdal, reason
from .georeference import read_georeference
from .product_metadata import items_beside
from .windows import windows


class DatasetSamples:
    """`facts` and samples of a dataset, which messages name `path`; raises SceneError for types that none may have."""

    def __init__(self, path, dataset):
        self._path, self._dataset = path, dataset
        self.facts = facts_of(path, dataset)

    def close(self):
        """Let go of the file."""
        self._dataset = None

    def windows(self, description):
        """Yield the `Window`s in which to read the scene of a SceneDescription once and quickly."""
        block_rows = self._dataset.GetRasterBand(1).GetBlockSize()[1]
        interleave = self._dataset.GetMetadataItem("INTERLEAVE", "IMAGE_STRUCTURE")
        return windows(description, block_rows, description.n_bands if interleave in ("PIXEL", "LINE") else 1)

    def read(self, bands, row, col, n_rows, n_cols, dtype):
        """Samples of 0-based bands in a window, (bands, n_rows, n_cols); raises RasterError."""
        data = self._read(
            self._dataset, row, col, n_rows, n_cols, buf_type=GDAL_TYPES[dtype],
            band_list=[band + 1 for band in bands],
        )
        # A copy where GDAL hands out immutable bytes: callers may write into what they read.
        samples = np.frombuffer(data, dtype=dtype)
        samples = samples if samples.flags.writeable else samples.copy()
        return samples.reshape(len(bands), n_rows, n_cols)

    def mask(self, row, col, n_rows, n_cols):
        """Which pixels of a window the dataset's mask says to hold data, (n_rows, n_cols) bool; raises RasterError."""
        # It belongs to its band, which has to live as long.
        band = self._dataset.GetRasterBand(1)
        mask = self._read(band.GetMaskBand(), row, col, n_rows, n_cols, buf_type=gdal.GDT_Byte)
        return np.frombuffer(mask, dtype=np.uint8).reshape(n_rows, n_cols) != 0

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
