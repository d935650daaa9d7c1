"""The scenes that the benchmarks run on, as arrays: from rasters, or from .npy files without GDAL."""

from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RASTERS = {
    "jasper_ridge": SHARED / "jasper_ridge" / "jasper_ridge.tif",
    "indian_pines": SHARED / "indian_pines" / "indian_pines.tif",
    "enmap_potsdam": SHARED / "enmap_potsdam" / "enmap_potsdam_64x128_full.tif",
}
NODATA = -32768


def load(name, folder=None):
    """Return (cube (bands, rows, cols) without wholly invalid bands, wavelengths (bands,)).

    folder: where <name>.npy and <name>_wavelengths.npy lie, for machines without GDAL.
    """
    if folder is not None:
        return (
            np.load(Path(folder) / f"{name}.npy"),
            np.load(Path(folder) / f"{name}_wavelengths.npy"),
        )
    from osgeo import gdal

    dataset = gdal.Open(str(RASTERS[name]))
    cube = dataset.ReadAsArray()
    items = [dataset.GetRasterBand(i + 1).GetMetadata() for i in range(len(cube))]
    wavelengths = np.array([float(m.get("wavelength", i + 1)) for i, m in enumerate(items)])
    usable = [not (band == NODATA).all() for band in cube]
    return cube[usable], wavelengths[usable]
