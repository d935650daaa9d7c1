"""The scenes that the benchmarks run on, as arrays: from rasters, or from .npy files without GDAL.

    python3 benchmarks/scenes.py FOLDER      writes them as .npy, for a machine that has no GDAL
"""

import sys
from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
RASTERS = {
    "jasper_ridge": SHARED / "jasper_ridge" / "jasper_ridge.tif",
    "indian_pines": SHARED / "indian_pines" / "indian_pines.tif",
    "enmap_potsdam": SHARED / "enmap_potsdam" / "enmap_potsdam_64x128_full.tif",
}
LABELS = ("indian_pines_train_695", "indian_pines_test_9671")
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

    return bands_of(gdal.Open(str(RASTERS[name])))


def bands_of(dataset):
    """(cube, wavelengths) of a GDAL dataset, as `load` gives them."""
    cube = dataset.ReadAsArray()
    items = [dataset.GetRasterBand(i + 1).GetMetadata() for i in range(len(cube))]
    wavelengths = np.array([float(m.get("wavelength", i + 1)) for i, m in enumerate(items)])
    usable = [not (band == NODATA).all() for band in cube]
    return cube[usable], wavelengths[usable]


def labels(folder=None):
    """Indian Pines' fixed split: (training, test) rasters of classes, (rows, cols), 0 for none."""
    if folder is not None:
        return tuple(np.load(Path(folder) / f"{name}.npy") for name in LABELS)
    from osgeo import gdal

    return tuple(gdal.Open(str(RASTERS["indian_pines"].parent / f"{name}.tif")).ReadAsArray() for name in LABELS)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for scene in RASTERS:
        samples, centres = load(scene)
        np.save(folder / f"{scene}.npy", samples)
        np.save(folder / f"{scene}_wavelengths.npy", centres)
    for name, raster in zip(LABELS, labels()):
        np.save(folder / f"{name}.npy", raster)
