"""Rasters through GDAL: the one module that imports it.

QGIS and other plugins share the process's GDAL, so its settings (exceptions, error handlers,
configuration) are left as they are. Every call that can fail runs inside `_errors`, which
catches GDAL's complaints in either of its two modes, for this thread and this call alone.
Samples travel as bytes, so GDAL's own NumPy bridge, which breaks beside other NumPys, is not used.
"""

import os
from contextlib import contextmanager, nullcontext
from functools import partial

import numpy as np

from ..errors import DependencyError, OutputError, ParameterError, RasterError, SceneError
from ..progress import Progress
from ..scene.description import Georeference, GroundControlPoint
from .band_items import band_name, default_items, envi_band_name, envi_items, imagery_items
from .facts import BandFacts, RasterFacts, describe
from .formats import creation_options, driver_name
from .legend import give_legend
from .sample_types import replace_nodata
from .staged_output import StagedOutput
from .windows import check_block, windows
from .written import check_written

try:
    from osgeo import gdal
except ImportError as error:
    raise DependencyError(
        "GDAL's Python bindings are not installed. On Debian and Ubuntu install python3-gdal."
    ) from error

_DTYPES = {
    gdal.GDT_Byte: "uint8", gdal.GDT_UInt16: "uint16", gdal.GDT_Int16: "int16",
    gdal.GDT_UInt32: "uint32", gdal.GDT_Int32: "int32",
    gdal.GDT_Float32: "float32", gdal.GDT_Float64: "float64",
}
# GDAL before 3.7 has no signed byte of its own but an unsigned one with a mark.
_INT8 = getattr(gdal, "GDT_Int8", None)
if _INT8 is not None:
    _DTYPES[_INT8] = "int8"
if hasattr(gdal, "GDT_Float16"):
    _DTYPES[gdal.GDT_Float16] = "float32"
_GDAL_TYPES = {"int8": gdal.GDT_Byte, **{name: kind for kind, name in _DTYPES.items()}}
_GDAL_TYPES["float32"] = gdal.GDT_Float32
_SIGNED_BYTE = "SIGNEDBYTE"
# From 3.7 on a thread can leave exceptions mode for a while; before, it is the whole process's.
_NO_EXCEPTIONS = partial(gdal.ExceptionMgr, False) if hasattr(gdal, "ExceptionMgr") else nullcontext


@contextmanager
def _errors():
    """Collect the errors of GDAL calls in the body: yields the list of their texts."""
    texts = []

    def collect(severity, _number, text):
        if severity >= gdal.CE_Failure:
            texts.append(text.strip())

    gdal.PushErrorHandler(collect)
    try:
        with _NO_EXCEPTIONS():
            yield texts
    except RuntimeError as error:
        # GDAL before 3.7 in exceptions mode, which some other plugin switched on.
        texts.append(str(error).strip())
    finally:
        gdal.PopErrorHandler()
        gdal.ErrorReset()


def _reason(texts):
    return f" GDAL says: {texts[-1]}" if texts else ""


def open_raster(path, wavelengths=None, layer_properties=None):
    """Open a raster and return its `RasterSource`, a context manager.

    path: whatever GDAL opens. wavelengths: the caller's own, one per band, which win over the
    file's. layer_properties: custom properties of a QGIS layer, asked last.
    Raises `RasterError` where GDAL cannot open it, `SceneError` where its samples are complex or
    of 64-bit integers or where only some of its bands have a wavelength, `ParameterError` where
    `wavelengths` are not one per band.
    """
    path = os.fspath(path)
    dataset = None
    with _errors() as texts:
        dataset = gdal.OpenEx(path, gdal.OF_RASTER | gdal.OF_VERBOSE_ERROR)
    if dataset is None:
        raise RasterError(f"{path}: is not a raster that can be opened.{_reason(texts)}")
    if dataset.RasterCount == 0:
        raise SceneError(
            f"{path}: is a container without bands of its own. Open one of the rasters in it "
            "(in QGIS: Layer, Add Raster Layer, then choose the sublayer)."
        )
    return RasterSource(path, dataset, wavelengths, layer_properties)


class RasterSource:
    """An open raster: its `description`, the `warnings` its metadata gave rise to, its samples."""

    def __init__(self, path, dataset, wavelengths=None, layer_properties=None):
        self._path, self._dataset = path, dataset
        self.description, self.warnings, self._other_nodata = describe(
            _facts(path, dataset), wavelengths, layer_properties
        )
        self._buffer_type = _GDAL_TYPES[self.description.dtype]

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
        bands = [int(band) for band in bands]
        data = None
        with _errors() as texts:
            data = self._dataset.ReadRaster(
                col, row, n_cols, n_rows, buf_type=self._buffer_type,
                band_list=[band + 1 for band in bands],
            )
        if data is None or texts:
            rows = f"rows {row} to {row + n_rows - 1}"
            raise RasterError(f"{self._path}: {rows} cannot be read; is it truncated?{_reason(texts)}")
        # A copy where GDAL hands out immutable bytes: callers may write into what they read.
        samples = np.frombuffer(data, dtype=self.description.dtype)
        samples = samples if samples.flags.writeable else samples.copy()
        samples = samples.reshape(len(bands), n_rows, n_cols)
        for place, band in enumerate(bands):
            if band in self._other_nodata:
                replace_nodata(samples[place], self._other_nodata[band], self.description.nodata)
        return samples


def _facts(path, dataset):
    bands = [dataset.GetRasterBand(n) for n in range(1, dataset.RasterCount + 1)]
    dtypes = [_dtype(band) for band in bands]
    for number, (band, dtype) in enumerate(zip(bands, dtypes), start=1):
        if dtype is None:
            raise SceneError(
                f"{path}: band {number} is of type {gdal.GetDataTypeName(band.DataType)}; only integers of "
                "8 to 32 bits and floats are read. Convert it first (gdal_translate -ot Float32)."
            )
    if _INT8 is None and "int8" in dtypes and len(set(dtypes)) > 1:
        raise SceneError(
            f"{path}: mixes signed bytes with other types. Convert it first (gdal_translate -ot Int16)."
        )
    flags = bands[0].GetMaskFlags() if bands else 0
    return RasterFacts(
        path, dataset.RasterYSize, dataset.RasterXSize,
        tuple(_band_facts(band, dtype) for band, dtype in zip(bands, dtypes)),
        _georeference(dataset), dataset.GetMetadata() or {}, dataset.GetMetadata("ENVI") or {},
        has_mask=bool(flags & gdal.GMF_PER_DATASET and not flags & gdal.GMF_ALPHA),
    )


def _band_facts(band, dtype):
    items, imagery = band.GetMetadata() or {}, band.GetMetadata("IMAGERY") or {}
    numbers = band.GetNoDataValue(), band.GetScale(), band.GetOffset()
    return BandFacts(dtype, *numbers, band.GetDescription() or "", items, imagery)


def _dtype(band):
    """A band's data type as NumPy names it, None where no scene may have it."""
    if _INT8 is None and band.GetMetadataItem("PIXELTYPE", "IMAGE_STRUCTURE") == _SIGNED_BYTE:
        return "int8"
    return _DTYPES.get(band.DataType)


def _georeference(dataset):
    geotransform = dataset.GetGeoTransform(can_return_null=True)
    if geotransform is None and dataset.GetGCPCount() > 0:
        points = tuple(
            GroundControlPoint(gcp.GCPPixel, gcp.GCPLine, gcp.GCPX, gcp.GCPY, gcp.GCPZ)
            for gcp in dataset.GetGCPs()
        )
        return Georeference(_wkt(dataset.GetGCPSpatialRef()), None, points)
    return Georeference(_wkt(dataset.GetSpatialRef()), geotransform and tuple(geotransform))


def _wkt(crs):
    with _errors():
        return crs.ExportToWkt(["FORMAT=WKT2_2019"]) if crs is not None else ""
    return ""


def _writable_drivers():
    """{name: extensions} of the raster drivers that can write."""
    drivers = {}
    for index in range(gdal.GetDriverCount()):
        driver = gdal.GetDriver(index)
        items = driver.GetMetadata() or {}
        if items.get("DCAP_RASTER") == "YES" and (
            items.get("DCAP_CREATE") == "YES" or items.get("DCAP_CREATECOPY") == "YES"
        ):
            drivers[driver.ShortName] = items.get("DMD_EXTENSIONS", "").lower().split()
    return drivers


class RasterWriter:
    """Writes a raster of any GDAL format, chosen by the extension of `path`; a context manager.

    Left without an exception, the raster appears under `path` whole, with its sidecars; left
    with one, nothing appears and what was there before stays as it was. `description` says what
    is written: shape, dtype, nodata, georeference, bands and metadata. `legend` holds the
    `LegendEntry`s of a map of classes. `warnings` tells, after the end, what the format lost.

    Raises `ParameterError` for an extension or a data type that cannot be written, `OutputError`
    for a folder that cannot be written to, a full disk and whatever else GDAL complains of;
    `Cancelled`.
    """

    def __init__(self, path, description, progress=None, legend=()):
        self._path, self._description = os.fspath(path), description
        self._progress, self._legend, self.warnings = progress or Progress(), legend, []
        self._driver = gdal.GetDriverByName(driver_name(path, _writable_drivers()))
        items = self._driver.GetMetadata()
        self._check_dtype(items)
        self._options = creation_options(self._driver.ShortName, path, description)
        self._copied = items.get("DCAP_CREATE") != "YES"
        self._staged = StagedOutput(path, self._driver.ShortName)
        try:
            if self._copied:
                # Compressed, since GDAL never comes back from a plain GeoTIFF on a full disk.
                options = creation_options("GTiff", path, description)
                self._dataset = self._create("GTiff", self._staged.scratch("samples.tif"), options)
            else:
                self._dataset = self._create(self._driver.ShortName, self._staged.path, self._options)
        except BaseException:
            self._staged.discard()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _trace):
        if kind is None:
            self.finish()
        else:
            self.abandon()

    def write(self, block, first_band=0, row=0, col=0):
        """Write samples (bands, rows, cols) of the description's dtype at a 0-based position.

        Raises `ParameterError` for samples that do not belong there, `OutputError` for a full disk.
        """
        scene = self._description
        check_block(block, scene, first_band, row, col)
        n_bands, n_rows, n_cols = block.shape
        status = gdal.CE_Failure
        with _errors() as texts:
            status = self._dataset.WriteRaster(
                col, row, n_cols, n_rows, block.tobytes(), buf_type=_GDAL_TYPES[scene.dtype],
                band_list=list(range(first_band + 1, first_band + n_bands + 1)),
            )
        if status != gdal.CE_None or texts:
            raise self._failure("could not be written", texts)

    def _check_dtype(self, items):
        dtype, driver = self._description.dtype, self._driver.ShortName
        held = items.get("DMD_CREATIONDATATYPES", "").split()
        marked = dtype == "int8" and _INT8 is None and driver not in ("GTiff", "HFA")
        if marked or gdal.GetDataTypeName(_GDAL_TYPES[dtype]) not in held:
            raise ParameterError(
                f"{self._path}: the format {driver} cannot hold samples of {dtype}. "
                "Choose GeoTIFF (.tif) or another data type."
            )

    def _create(self, driver, path, options):
        scene = self._description
        if scene.dtype == "int8" and _INT8 is None:
            options = options + ["PIXELTYPE=" + _SIGNED_BYTE]
        dataset = None
        with _errors() as texts:
            dataset = gdal.GetDriverByName(driver).Create(
                path, scene.n_cols, scene.n_rows, scene.n_bands, _GDAL_TYPES[scene.dtype], options
            )
        if dataset is None:
            raise self._failure("could not be created", texts)
        refused = _set_metadata(dataset, scene, self._driver.ShortName == "ENVI", self._legend)
        if refused:
            self.warnings.append(f"The format refused some of the metadata: {refused[-1]}")
        return dataset

    def finish(self):
        """Close the raster, check that it is whole, and put it under its name."""
        try:
            if self._copied:
                self._copy()
            self._close()
            self._verify()
        except BaseException:
            self.abandon()
            raise
        self._staged.commit()

    def abandon(self):
        """Leave nothing behind but what was there before."""
        with _errors():
            self._dataset = None
        self._staged.discard()

    def _copy(self):
        def advance(fraction, _message, _data):
            self._progress.report(fraction, "Writing the raster")
            return 0 if self._progress.is_cancelled() else 1

        samples, self._dataset = self._dataset, None
        with _errors() as texts:
            samples.FlushCache()
            if not texts and self._staged.has_room(self._description):
                self._dataset = self._driver.CreateCopy(
                    self._staged.path, samples, 0, self._options, callback=advance)
        with _errors():
            samples = None
        self._progress.check()
        if self._dataset is None or texts:
            raise self._failure("could not be written", texts)

    def _close(self):
        with _errors() as texts:
            self._dataset.FlushCache()
        with _errors() as late:
            self._dataset = None
            # In exceptions mode nothing can be raised from here; the error is only remembered.
            if gdal.GetLastErrorType() >= gdal.CE_Failure:
                late.append(gdal.GetLastErrorMsg())
        if texts or late:
            raise self._failure("could not be written to its end", texts or late)

    def _verify(self):
        """Open what was written: some drivers notice a full disk only by what is missing."""
        scene, dataset, last_row = self._description, None, None
        with _errors() as texts:
            dataset = gdal.OpenEx(self._staged.path, gdal.OF_RASTER)
        if dataset is None:
            raise self._failure("was not written whole", texts)
        facts = _facts(self._path, dataset)
        self.warnings += check_written(facts, scene, self._path, self._driver.ShortName)
        with _errors() as texts:
            last_row = dataset.ReadRaster(0, scene.n_rows - 1, scene.n_cols, 1)
        if last_row is None or texts:
            raise self._failure("was not written whole", texts)

    def _failure(self, what, texts):
        advice = "Check the free space and the permissions of the folder."
        return OutputError(f"{self._path}: {what}. {advice}{_reason(texts)}")


def _set_metadata(dataset, scene, envi, legend):
    """Give a new dataset its place, nodata, items and legend; return what the driver complained of."""
    refused = []

    def attempt(setter, *values):
        with _errors() as texts:
            setter(*values)
        refused.extend(texts)

    place = scene.georeference
    if place.gcps:
        points = [gdal.GCP(p.x, p.y, p.z, p.column, p.row) for p in place.gcps]
        attempt(dataset.SetGCPs, points, place.crs_wkt)
    elif place.crs_wkt:
        attempt(dataset.SetProjection, place.crs_wkt)
    if place.geotransform is not None:
        attempt(dataset.SetGeoTransform, list(place.geotransform))
    if scene.metadata:
        attempt(dataset.SetMetadata, dict(scene.metadata))
    if envi:
        attempt(dataset.SetMetadata, envi_items(scene.bands), "ENVI")
    scaled = any(band.scale != 1.0 or band.offset != 0.0 for band in scene.bands)
    for number, band in enumerate(scene.bands, start=1):
        target = dataset.GetRasterBand(number)
        name = envi_band_name(number, band) if envi else band_name(number, band)
        attempt(target.SetDescription, name)
        if scene.nodata is not None:
            attempt(target.SetNoDataValue, float(scene.nodata))
        if scaled:
            attempt(target.SetScale, band.scale)
            attempt(target.SetOffset, band.offset)
        attempt(target.SetMetadata, default_items(band))
        attempt(target.SetMetadata, imagery_items(band), "IMAGERY")
    attempt(give_legend, gdal, dataset, legend)
    return refused
