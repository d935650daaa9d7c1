"""Lossless codecs for reference: bits per sample of all bytes, and seconds."""

import time
from pathlib import Path

import numpy as np
from osgeo import gdal

from . import jpeg2000

GEOTIFF = {
    "GeoTIFF, ZSTD, predictor": ["COMPRESS=ZSTD", "PREDICTOR=2", "ZSTD_LEVEL=19", "INTERLEAVE=BAND", "TILED=YES"],
    "GeoTIFF, LERC + ZSTD": ["COMPRESS=LERC_ZSTD", "MAX_Z_ERROR=0", "INTERLEAVE=BAND", "TILED=YES"],
    "GeoTIFF, DEFLATE, predictor": ["COMPRESS=DEFLATE", "PREDICTOR=2", "ZLEVEL=9", "INTERLEAVE=BAND", "TILED=YES"],
}


def rates(cube, folder):
    """{codec: (bits per sample, seconds to encode)} of a cube of 16-bit integers."""
    out = {}
    for name, options in GEOTIFF.items():
        path, started = Path(folder) / "lossless.tif", time.monotonic()
        kind = gdal.GDT_Int16 if cube.dtype.kind == "i" else gdal.GDT_UInt16
        bands, rows, cols = cube.shape
        dataset = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, bands, kind, options)
        dataset.WriteArray(cube)
        dataset = None
        out[name] = 8 * path.stat().st_size / cube.size, time.monotonic() - started
        if not np.array_equal(gdal.Open(str(path)).ReadAsArray(), cube):
            raise RuntimeError(f"{name} is not lossless")
    started, size = time.monotonic(), 0
    for band in cube:
        data, decoded = jpeg2000.codestream(band, "REVERSIBLE=YES", "QUALITY=100")
        if not np.array_equal(decoded, band):
            raise RuntimeError("JPEG 2000 is not lossless")
        size += len(data)
    out["JPEG 2000, reversible, each band"] = 8 * size / cube.size, time.monotonic() - started
    return out
