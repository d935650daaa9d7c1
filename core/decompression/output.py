"""The raster that decoded bands make, without GDAL: its description, and samples in its data type."""

from dataclasses import replace

import numpy as np

from .place import georeference_of

DTYPES = ("original", "float32")


def output_description(hnr, bands, window, dtype):
    """The SceneDescription of the raster that a window (row, col, n_rows, n_cols) of OutputBands becomes."""
    scene = hnr.description
    if dtype == "float32":
        scene = replace(scene, dtype="float32", nodata=_float_nodata(hnr))
    return replace(
        scene,
        n_rows=window[2],
        n_cols=window[3],
        bands=bands.bands,
        georeference=georeference_of(scene.georeference, window),
    )


def needs_mask(hnr, description):
    """Whether a raster of a file needs a mask beside its samples: whole numbers, of which none stands for nodata."""
    whole = np.issubdtype(description.dtype, np.integer)
    return bool(whole and description.nodata is None and hnr.has_mask)


def _float_nodata(hnr):
    """The nodata value of float32 samples, NaN where the scene has none but has samples without data."""
    if hnr.description.nodata is None and hnr.validity.is_whole:
        return None
    return float(hnr.nodata)


def as_written(samples, description, hnr):
    """Samples of OutputBands in the raster's data type, rounded and clipped for whole numbers; invalid ones nodata."""
    dtype = np.dtype(description.dtype)
    if dtype.kind == "f":
        return _as_float(samples, description, hnr)
    if samples.dtype == dtype:
        return samples
    limits = np.iinfo(dtype)
    nodata = 0 if description.nodata is None else description.nodata
    invalid = ~np.isfinite(samples) | (samples == np.float32(hnr.nodata))
    rounded = np.clip(np.rint(np.where(invalid, 0, samples)), limits.min, limits.max).astype(dtype)
    if description.nodata is not None:
        # A valid sample must not read as nodata.
        rounded[rounded == nodata] = nodata + (1 if nodata < limits.max else -1)
    rounded[invalid] = nodata
    return rounded


def _as_float(samples, description, hnr):
    if samples.dtype == np.float64 or description.nodata is None:
        return samples.astype(description.dtype, copy=False)
    # Samples between bands are float32, which may have rounded the nodata value or not reached it.
    out = samples.astype(description.dtype)
    out[np.isnan(samples) | (samples == np.float32(hnr.nodata))] = description.nodata
    return out
