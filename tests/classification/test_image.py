"""Images of either kind give the bands asked for; a model's bands are found by wavelength."""

import numpy as np
import pytest

from hiner.core.classification.band_match import BandAxis, match_raster
from hiner.core.classification.image import raster_image, varying_bands
from hiner.core.classification.spectra import Scaling, read_spectra
from hiner.core.errors import SceneError, WavelengthError


def test_bad_bands_are_not_among_an_images(array_source):
    cube = np.zeros((3, 4, 5), dtype="i2")
    image = raster_image(array_source(cube, [400, 500, 600], good=[True, False, True]))
    assert image.axis.positions == (400, 600)
    assert image.read((0, 0, 4, 5)).shape == (2, 4, 5)


def test_nodata_reads_as_nan(array_source):
    cube = np.arange(12, dtype="i2").reshape(2, 2, 3)
    values = raster_image(array_source(cube, nodata=4)).read((0, 0, 2, 3))
    assert np.isnan(values[0, 1, 1])
    assert np.isfinite(values).sum() == 11


def test_empty_and_constant_bands_are_left_out_of_a_training(array_source):
    cube = np.random.default_rng(0).integers(1, 9, (4, 5, 6)).astype("i2")
    cube[1], cube[2] = -1, 7
    image, low, high = varying_bands(raster_image(array_source(cube, nodata=-1)))
    assert image.axis.positions == (1, 4)
    assert low.tolist() == [cube[0].min(), cube[3].min()]
    assert high.tolist() == [cube[0].max(), cube[3].max()]
    with pytest.raises(SceneError, match="0 of its bands vary"):
        varying_bands(raster_image(array_source(np.zeros((3, 2, 2), "u1"))))


def test_spectra_are_scaled_and_invalid_in_all_bands_where_invalid_in_one(array_source):
    cube = np.random.default_rng(1).integers(0, 100, (3, 6, 7)).astype("i2")
    cube[1, 2, 3] = -9
    image = raster_image(array_source(cube, nodata=-9))
    pixels = np.array([[0, 6], [2, 3], [2, 4], [5, 0]])
    spectra = read_spectra(image, pixels, Scaling([0, 0, 0], [100, 200, 50]))
    expected = cube[:, pixels[:, 0], pixels[:, 1]].T / np.array([100, 200, 50])
    assert np.isnan(spectra[1]).all()
    assert np.allclose(spectra[[0, 2, 3]], expected[[0, 2, 3]])


def test_a_models_bands_are_found_in_another_order_and_slightly_beside():
    model = BandAxis((450.0, 500.0, 550.0), True)
    theirs = BandAxis((600.0, 551.0, 498.0, 449.0, 400.0), True)
    assert match_raster(model, theirs, [0, 1, 2, 3, 4], "x.tif") == [3, 2, 1]


def test_a_mismatch_lists_both(make_scene):
    source, _ = make_scene()
    model = BandAxis(tuple(np.linspace(900, 2400, 12).tolist()), True)
    with pytest.raises(WavelengthError) as caught:
        raster_image(source, model)
    message = str(caught.value)
    assert "made.tif" in message
    assert "12 bands from 900 to 2400 nm" in message
    assert "12 bands from 400 to 1000 nm" in message


def test_two_bands_of_a_model_are_never_the_same_band():
    model = BandAxis((500.0, 520.0), True)
    with pytest.raises(WavelengthError, match="Missing"):
        match_raster(model, BandAxis((510.0, 700.0), True), [0, 1], "x.tif")


def test_band_numbers_do_not_pass_for_wavelengths():
    numbered = BandAxis((1.0, 2.0, 3.0), False)
    with pytest.raises(WavelengthError, match="numbered without wavelengths"):
        match_raster(numbered, BandAxis(tuple(range(400, 412)), True), list(range(12)), "x.tif")
    assert match_raster(numbered, numbered, [0, 1, 2], "x.tif") == [0, 1, 2]
