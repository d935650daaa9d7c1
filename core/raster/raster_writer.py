"""Rasters written through GDAL, whole or not at all."""

import os

import numpy as np

from ..errors import OutputError, ParameterError
from ..progress import Progress
from .band_items import band_name, default_items, envi_band_name, envi_items, imagery_items
from .dataset_samples import facts_of
from .formats import check_bands, creation_options, driver_name
from .gdal_access import GDAL_TYPES, INT8, SIGNED_BYTE, errors, gdal, reason
from .legend import give_legend
from .staged_output import StagedOutput
from .windows import check_block
from .written import check_written


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
    `LegendEntry`s of a map of classes. `has_mask` makes room for a mask of valid pixels, which
    `write_mask` writes. `warnings` tells, after the end, what the format lost.

    Raises `ParameterError` for an extension or a data type that cannot be written, `OutputError`
    for a folder that cannot be written to, a full disk and whatever else GDAL complains of;
    `Cancelled`.
    """

    def __init__(self, path, description, progress=None, legend=(), has_mask=False):
        self._path, self._description = os.fspath(path), description
        self._progress, self._legend, self.warnings = progress or Progress(), legend, []
        self._has_mask, self._is_masked, self._checksums = has_mask, False, None
        self._driver = gdal.GetDriverByName(driver_name(path, _writable_drivers()))
        items = self._driver.GetMetadata()
        self._check_dtype(items)
        check_bands(self._driver.ShortName, path, description.n_bands)
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
        with errors() as texts:
            status = self._dataset.WriteRaster(
                col, row, n_cols, n_rows, block.tobytes(), buf_type=GDAL_TYPES[scene.dtype],
                band_list=list(range(first_band + 1, first_band + n_bands + 1)),
            )
        if status != gdal.CE_None or texts:
            raise self._failure("could not be written", texts)

    def write_mask(self, valid, row=0, col=0):
        """Write which pixels hold data, (rows, cols) bool, at a 0-based position; of a writer with a mask.

        Raises `OutputError` for a full disk. A format without masks is told of in the warnings.
        """
        if not self._is_masked:
            return
        data, status = np.where(valid, 255, 0).astype(np.uint8), gdal.CE_Failure
        with errors() as texts:
            # A mask belongs to its band, which has to live as long.
            band = self._dataset.GetRasterBand(1)
            status = band.GetMaskBand().WriteRaster(col, row, *data.shape[::-1], data.tobytes(), buf_type=gdal.GDT_Byte)
        if status != gdal.CE_None or texts:
            raise self._failure("could not be written", texts)

    def _check_dtype(self, items):
        dtype, driver = self._description.dtype, self._driver.ShortName
        held = items.get("DMD_CREATIONDATATYPES", "").split()
        marked = dtype == "int8" and INT8 is None and driver not in ("GTiff", "HFA")
        if marked or gdal.GetDataTypeName(GDAL_TYPES[dtype]) not in held:
            raise ParameterError(
                f"{self._path}: the format {driver} cannot hold samples of {dtype}. "
                "Choose GeoTIFF (.tif) or another data type."
            )

    def _create(self, driver, path, options):
        scene = self._description
        if scene.dtype == "int8" and INT8 is None:
            options = options + ["PIXELTYPE=" + SIGNED_BYTE]
        dataset = None
        with errors() as texts:
            dataset = gdal.GetDriverByName(driver).Create(
                path, scene.n_cols, scene.n_rows, scene.n_bands, GDAL_TYPES[scene.dtype], options
            )
        if dataset is None:
            raise self._failure("could not be created", texts)
        if dataset.RasterCount != scene.n_bands:
            raise ParameterError(
                f"{self._path}: the format {driver} cannot hold {scene.n_bands} bands. Choose GeoTIFF (.tif)."
            )
        refused = _set_metadata(dataset, scene, self._driver.ShortName == "ENVI", self._legend)
        if refused:
            self.warnings.append(f"The format refused some of the metadata: {refused[-1]}")
        if self._has_mask:
            with errors():
                self._is_masked = dataset.CreateMaskBand(gdal.GMF_PER_DATASET) == gdal.CE_None
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
        with errors():
            self._dataset = None
        self._staged.discard()

    def _copy(self):
        def advance(fraction, _message, _data):
            self._progress.report(fraction, "Writing the raster")
            return 0 if self._progress.is_cancelled() else 1

        samples, self._dataset = self._dataset, None
        with errors() as texts:
            samples.FlushCache()
            self._checksums = _checksums(samples)
            if not texts and self._staged.has_room(self._description):
                self._dataset = self._driver.CreateCopy(
                    self._staged.path, samples, 0, self._options, callback=advance)
        with errors():
            samples = None
        self._progress.check()
        if self._dataset is None or texts:
            raise self._failure("could not be written", texts)

    def _close(self):
        with errors() as texts:
            self._dataset.FlushCache()
        with errors() as late:
            self._dataset = None
            # In exceptions mode nothing can be raised from here; the error is only remembered.
            if gdal.GetLastErrorType() >= gdal.CE_Failure:
                late.append(gdal.GetLastErrorMsg())
        if texts or late:
            raise self._failure("could not be written to its end", texts or late)

    def _verify(self):
        """Open what was written: some drivers notice a full disk only by what is missing."""
        scene, dataset, last_row = self._description, None, None
        with errors() as texts:
            dataset = gdal.OpenEx(self._staged.path, gdal.OF_RASTER)
        if dataset is None:
            raise self._failure("was not written whole", texts)
        facts = facts_of(self._path, dataset)
        self.warnings += check_written(facts, scene, self._path, self._driver.ShortName, self._has_mask)
        if self._copied and _checksums(dataset) != self._checksums:
            driver = self._driver.ShortName
            raise OutputError(f"{self._path}: the format {driver} changed the samples. Choose GeoTIFF (.tif).")
        with errors() as texts:
            last_row = dataset.ReadRaster(0, scene.n_rows - 1, scene.n_cols, 1)
        if last_row is None or texts:
            raise self._failure("was not written whole", texts)

    def _failure(self, what, texts):
        advice = "Check the free space and the permissions of the folder."
        return OutputError(f"{self._path}: {what}. {advice}{reason(texts)}")


def _checksums(dataset):
    """Of each band: what tells whether a copy has the same samples."""
    return [dataset.GetRasterBand(band).Checksum() for band in range(1, dataset.RasterCount + 1)]


def _set_metadata(dataset, scene, envi, legend):
    """Give a new dataset its place, nodata, items and legend; return what the driver complained of."""
    refused = []

    def attempt(setter, *values):
        with errors() as texts:
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
    if place.rpc is not None:
        attempt(dataset.SetMetadata, place.rpc.items(), "RPC")
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
