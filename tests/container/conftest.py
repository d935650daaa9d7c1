"""Scenes and headers that the container's tests share."""

import numpy as np
import pytest

from hiner.core.container.header import BandStatistics, Header
from hiner.core.container.statistics import band_statistics
from hiner.core.container.writer import write_hnr
from hiner.core.scene.description import Band, Georeference, SceneDescription
from hiner.core.scene.scene import Scene, Validity

REAL_SCENES = {
    "enmap": "enmap_potsdam/enmap_potsdam_64x128_full.tif",
    "enmap_holes": "enmap_potsdam/enmap_potsdam_192x160_holes.tif",
    "indian_pines": "indian_pines/indian_pines.tif",
    "jasper_ridge": "jasper_ridge/jasper_ridge.tif",
}


@pytest.fixture(scope="session")
def make_header():
    """A function that makes a small header; its keywords replace parts of it."""

    def make(bands=None, dtype="uint16", usable=None, statistics=None, scene=None, **header):
        bands = tuple(Band(400.0 + 10.5 * i) for i in range(5)) if bands is None else tuple(bands)
        usable = np.ones(len(bands), bool) if usable is None else np.asarray(usable)
        ramp = np.where(usable, np.arange(len(bands), dtype="f8"), np.nan)
        if statistics is None:
            statistics = BandStatistics(ramp, ramp + 100, ramp + 50, 0 * ramp + 20, ramp + 5, ramp + 95)
        scene = {"n_rows": 6, "n_cols": 7, **(scene or {})}
        description = SceneDescription(bands=bands, dtype=dtype, **scene)
        return Header(description, usable, statistics, **{"method": "hiner", **header})

    return make


@pytest.fixture
def small_file(tmp_path, make_header):
    """A small .hnr file with a mask, a deviating band and two sections of a method."""
    random = np.random.default_rng(7)
    pixels = random.random((6, 7)) > 0.3
    deviating = pixels.copy()
    deviating[2, 3] ^= True
    validity = Validity(pixels, np.ones(5, bool), {3: deviating})
    path = tmp_path / "small.hnr"
    sections = {"AAAA": random.bytes(90), "BBBB": b""}
    write_hnr(path, make_header(scene={"nodata": -1.0}), sections, validity)
    return path


@pytest.fixture(scope="session")
def real_header(shared_data):
    """A function that gives the header of a real scene as the product would write it."""
    return lambda name: _header_of(shared_data / REAL_SCENES[name])


def _header_of(path):
    gdal = pytest.importorskip("osgeo.gdal")
    dataset = gdal.Open(str(path))
    cube, bands = dataset.ReadAsArray(), []
    for index in range(dataset.RasterCount):
        band = dataset.GetRasterBand(index + 1)
        items = {key: float(value) for key, value in band.GetMetadata().items() if key != "wavelength_units"}
        bands.append(
            Band(
                items.get("wavelength"),
                items.get("fwhm"),
                items.get("bbl", 1) == 1,
                band.GetScale() or 1.0,
                band.GetOffset() or 0.0,
                band.GetDescription(),
            )
        )
    place, nodata = dataset.GetSpatialRef(), dataset.GetRasterBand(1).GetNoDataValue()
    valid = np.ones(cube.shape, bool) if nodata is None else cube != nodata
    description = SceneDescription(
        *cube.shape[1:],
        tuple(bands),
        str(cube.dtype),
        nodata,
        Georeference(
            place.ExportToWkt(["FORMAT=WKT2_2019"]) if place else "",
            dataset.GetGeoTransform() if place else None,
        ),
        tuple(dataset.GetMetadata().items()),
        path.name,
    )
    usable = valid.any(axis=(1, 2))
    validity = Validity(valid[usable].all(axis=0), usable, {})
    return Header(
        description,
        usable,
        band_statistics(Scene(description, cube, validity)),
        "hiner",
        {"frame": [66, 132], "strides": [[3, 3], [2, 2], [2, 2]], "width": 41, "bits": 8, "seed": 3},
        "HINER for QGIS 0.1.0",
        {"psnr_db": 41.87, "sam_degrees": 1.634, "rmse": 38.21, "ssim": 0.9713, "rate_bpppb": 0.4213},
    )
