"""Small scenes and what was measured of them, for the tests of reports."""

import numpy as np
from whole_bands import whole_bands

from hiner.core.codec import Outcome
from hiner.core.container.header import Header
from hiner.core.container.statistics import band_statistics
from hiner.core.quality.evaluate import SceneBands, evaluate
from hiner.core.report.pictures import gather_pictures
from hiner.core.scene.description import Band, Georeference, SceneDescription
from hiner.core.scene.scene import Scene
from hiner.core.scene.validity import validity_of

NODATA = -9999
CRS = (
    'PROJCRS["WGS 84 / UTM zone 33N",BASEGEOGCRS["WGS 84",ID["EPSG",4326]],'
    'CONVERSION["x",METHOD["y",ID["EPSG",9807]]],ID["EPSG",32633]]'
)


def wavelengths(n_bands):
    """450 to 700 nm in the first half of the bands, from 1500 nm on in the second."""
    half = n_bands // 2
    return [*np.linspace(450, 700, half), *np.linspace(1500, 1700, n_bands - half)]


def make_scene(
    shape=(12, 20, 16), places=wavelengths, dtype="int16", nodata=NODATA, source="scene.tif", **others
):
    """A Scene of smooth random bands; `places` gives wavelengths for a number of bands, or is None."""
    n_bands, n_rows, n_cols = shape
    random = np.random.default_rng(5)
    cube = (random.integers(100, 2000, shape) + 50 * np.arange(n_bands)[:, None, None]).astype(dtype)
    if nodata is not None and n_rows > 4:
        cube[:, :3, :5] = nodata
        cube[1] = nodata
    found = [None] * n_bands if places is None else places(n_bands)
    bands = tuple(Band(wavelength=place, fwhm=8.0, scale=0.0001) for place in found)
    place = Georeference(CRS, (364095.0, 30.0, 0.0, 5809965.0, 0.0, -30.0))
    description = SceneDescription(
        n_rows, n_cols, bands, dtype, nodata, place, source=source, **others
    )
    return Scene(description, cube, validity_of(cube, nodata))


def degraded(scene):
    """That scene decoded, (bands, rows, cols), with an error of a few units."""
    random = np.random.default_rng(6)
    noise = random.integers(-9, 10, scene.cube.shape)
    decoded = np.where(scene.cube == NODATA, NODATA, scene.cube + noise).astype(scene.cube.dtype)
    return decoded


def measured(scene):
    """(Quality with a file's figures, Pictures) of the degraded scene."""
    original, decoded = SceneBands(scene), degraded(scene)
    quality = evaluate(original, whole_bands(decoded.__getitem__))
    pictures = gather_pictures(original, lambda bands: decoded[bands], quality)
    return quality.of_file(1234, scene.description, {"paper_psnr_db": 43.21}), pictures


def header_of(scene, **parameters):
    """A Header for that scene."""
    return Header(
        scene.description,
        scene.validity.bands,
        band_statistics(scene),
        "hiner",
        {"frame": [20, 16], "strides": [[2, 2], [5, 4]], "bits": 8, **parameters},
        "HINER for QGIS 0.1.0",
        {"psnr_db": 41.5, "rmse": 5.4, "something_new": 3.0},
    )


def outcome_of(scene, quality):
    """The Outcome of a compression of that scene, with a training of 50 epochs."""
    history = [(0.5 * (epoch + 1), epoch + 1, 40 - 20 * 0.9**epoch) for epoch in range(50)]
    return Outcome("folder/scene.hnr", 31.0, quality, history, header_of(scene))
