"""The real scenes, as GDAL reads them and as their papers describe them."""

import numpy as np
import pytest
from osgeo import gdal

from hiner.core.errors import WavelengthError
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.raster_writer import RasterWriter
from hiner.core.raster.scene_reader import read_scene
from hiner.core.spectral.grid import SpectralGrid
from hiner.core.spectral.sensors import band_average_weights

SCENES = {
    "enmap_potsdam/enmap_potsdam_64x128_full.tif": (224, 64, 128),
    "enmap_potsdam/enmap_potsdam_192x160_holes.tif": (224, 192, 160),
    "indian_pines/indian_pines.tif": (200, 145, 145),
    "jasper_ridge/jasper_ridge.tif": (198, 100, 100),
}


@pytest.fixture(scope="module", params=sorted(SCENES))
def scene(request, shared_data):
    with open_raster(shared_data / request.param) as source:
        return read_scene(source)


def grid_of(scene):
    return SpectralGrid.of_scene(scene.description, scene.validity.bands)


def test_samples_are_gdals(scene):
    expected = gdal.Open(scene.description.source).ReadAsArray()
    np.testing.assert_array_equal(scene.cube, expected)
    valid = expected != scene.description.nodata
    for band in range(len(expected)):
        np.testing.assert_array_equal(scene.validity.of_band(band), valid[band])


def test_every_wavelength_within_reach_is_between_its_two_bands(scene):
    grid = grid_of(scene)
    for start, stop in grid.ranges():
        for wavelength in np.linspace(start, stop, 101):
            point = grid.locate(wavelength)
            lower, upper = grid.wavelengths[[point.lower_band, point.upper_band]]
            assert lower + point.fraction * (upper - lower) == pytest.approx(wavelength)
            assert grid.usable[[point.lower_band, point.upper_band]].all()
            assert 0 <= upper - lower < 31


def test_what_is_written_is_read_again(scene, tmp_path):
    for name in ("scene.tif", "scene.dat"):
        with RasterWriter(tmp_path / name, scene.description) as writer:
            writer.write(scene.cube)
        with open_raster(tmp_path / name) as source:
            back = read_scene(source)
        np.testing.assert_array_equal(back.cube, scene.cube)
        assert back.description.nodata == scene.description.nodata
        for ours, theirs in zip(scene.description.bands, back.description.bands):
            assert (ours.wavelength, ours.fwhm, ours.good, ours.scale) == (
                theirs.wavelength, theirs.fwhm, theirs.good, theirs.scale
            )


def read(shared_data, name):
    with open_raster(shared_data / name) as source:
        return read_scene(source)


def test_enmap(shared_data):
    scene = read(shared_data, "enmap_potsdam/enmap_potsdam_64x128_full.tif")
    np.testing.assert_array_equal(np.flatnonzero(~scene.validity.bands) + 1, np.arange(130, 136))
    assert scene.description.bands[0].scale == 0.0001
    grid = grid_of(scene)
    assert [(s[0] + 1, s[-1] + 1) for s in grid.stretches] == [(1, 91), (92, 129), (136, 163), (164, 224)]
    # VNIR and SWIR overlap from 902 to 993 nm: each answers where it is further from its end.
    assert grid.locate(915.0).upper_band < 91
    assert grid.locate(985.0).lower_band >= 91
    for wavelength in (1350.0, 1400.0, 1850.0, 400.0, 2500.0):
        with pytest.raises(WavelengthError):
            grid.locate(wavelength)
    average = band_average_weights("sentinel2a", grid)
    assert average.skipped == ("B10",)
    np.testing.assert_allclose(average.weights @ grid.wavelengths, average.centres, atol=0.5)


def test_enmap_with_holes(shared_data):
    scene = read(shared_data, "enmap_potsdam/enmap_potsdam_192x160_holes.tif")
    band = gdal.Open(scene.description.source).ReadAsArray()[10]
    np.testing.assert_array_equal(scene.validity.pixels, band != -32768)
    assert scene.validity.exceptions == {}
    assert 0.1 < scene.validity.pixels.mean() < 0.9


def test_indian_pines(shared_data):
    grid = grid_of(read(shared_data, "indian_pines/indian_pines.tif"))
    # Its spectrometers step back at bands 32, 95 and 173; water absorption left gaps.
    assert {s[0] + 1 for s in grid.stretches} >= {1, 32, 95, 173}
    for wavelength in (1390.0, 1880.0):
        with pytest.raises(WavelengthError, match="gap"):
            grid.locate(wavelength)
    assert set(band_average_weights("landsat8", grid).skipped) == {"B9"}


def test_jasper_ridge_has_no_wavelengths(shared_data):
    grid = grid_of(read(shared_data, "jasper_ridge/jasper_ridge.tif"))
    assert not grid.has_wavelengths
    assert grid.ranges() == [(1.0, 198.0)]
