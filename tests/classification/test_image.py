"""Images of either kind give the bands asked for; a model's bands are found by wavelength."""

import numpy as np
import pytest

from hiner.core.classification.imagery.band_match import BandAxis, match_hnr, match_raster
from hiner.core.classification.imagery.image import raster_image, varying_bands
from hiner.core.classification.imagery.spectra import Scaling, read_spectra
from hiner.core.errors import Cancelled, SceneError, WavelengthError
from hiner.core.progress import Progress
from hiner.core.spectral.grid import SpectralGrid, SpectralPoint


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


def test_the_first_look_at_a_raster_tells_where_it_is_and_can_be_cancelled(array_source, monkeypatch):
    monkeypatch.setattr("hiner.core.classification.imagery.image._BLOCK_BYTES", 4 * 5 * 6 * 2)
    monkeypatch.setattr("hiner.core.progress._PACE", 0)
    source = array_source(np.random.default_rng(0).integers(1, 9, (5, 8, 6)).astype("i2"))

    class Told(Progress):
        told, stop = (), False

        def report(self, fraction, message=""):
            self.told += (fraction,)
            assert message.startswith(f"Reading the image: {100 * fraction:.0f} %")

        def is_cancelled(self):
            return self.stop

    told = Told()
    varying_bands(raster_image(source), told)
    assert told.told == (0.25, 0.5, 0.75, 1)
    told.stop = True
    with pytest.raises(Cancelled):
        varying_bands(raster_image(source), told)


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


def grid_of(wavelengths, usable=None, n_bands=None):
    n_bands = n_bands or len(wavelengths)
    return SpectralGrid(wavelengths, None, np.ones(n_bands, bool) if usable is None else usable)


def test_a_file_and_a_raster_accept_the_same_bands_slightly_beside():
    centres = np.linspace(450.1234, 990.5678, 30)
    model = BandAxis(tuple((centres - 0.05).tolist()), True)
    points = match_hnr(model, grid_of(centres), "x.hnr")
    # The file has no value below its first band, and has one between any two.
    assert points[0] == SpectralPoint(0, 0, 0.0)
    assert all((p.lower_band, p.upper_band) == (n - 1, n) for n, p in enumerate(points) if n)
    assert match_raster(model, BandAxis(tuple(centres.tolist()), True), list(range(30)), "x.tif") == list(range(30))


def test_wavelengths_rounded_to_32_bits_are_a_files_own():
    centres = np.linspace(450.1234, 990.5678, 30)
    for made, asked in ((centres, centres.astype("f4")), (centres.astype("f4"), centres)):
        model = BandAxis(tuple(asked.astype(float).tolist()), True)
        points = match_hnr(model, grid_of(made.astype(float)), "x.hnr")
        assert [p.lower_band + p.fraction for p in points] == pytest.approx(range(30), abs=1e-4)


def test_further_than_half_a_bands_distance_beyond_a_file_is_missing_and_both_are_told_apart():
    centres = np.linspace(450.0, 740.0, 30)
    model = BandAxis(tuple((centres - 5.1).tolist()), True)
    with pytest.raises(WavelengthError) as caught:
        match_hnr(model, grid_of(centres), "x.hnr")
    message = str(caught.value)
    assert "from 444.9 to 734.9 nm" in message
    assert "from 450 to 740 nm" in message
    assert "Missing: 444.9. Nearest there, each for one band only: 450." in message


def test_ranges_that_differ_by_little_are_printed_apart():
    near = str(BandAxis((450.123, 990.456), True)), str(BandAxis((float(np.float32(450.123)), 990.456), True))
    assert near[0] != near[1]


def test_bands_of_two_detectors_with_one_wavelength_are_found_in_their_order():
    centres = [400.0, 410.0, 420.0, 410.0, 420.0, 430.0]
    model = BandAxis(tuple(centres), True)
    theirs = BandAxis((400.0, 410.1, 420.0, 409.9, 420.0, 430.0), True)
    assert match_raster(model, theirs, list(range(6)), "x.tif") == list(range(6))
    points = match_hnr(model, grid_of(np.array(centres)), "x.hnr")
    assert points == [SpectralPoint(band, band, 0.0) for band in range(6)]


def test_a_band_of_one_detector_does_not_stand_for_two():
    model = BandAxis((400.0, 410.0, 410.0, 420.0), True)
    with pytest.raises(WavelengthError, match="Missing: 410. Nearest"):
        match_raster(model, BandAxis((400.0, 410.0, 420.0), True), [0, 1, 2], "x.tif")
    with pytest.raises(WavelengthError, match="Missing: 410. Nearest"):
        match_hnr(model, grid_of(np.array([400.0, 410.0, 420.0])), "x.hnr")


def twin_image(array_source, positions, constant=(), bad=()):
    cube = np.random.default_rng(2).integers(1, 99, (len(positions), 5, 6)).astype("i2")
    cube[list(constant)] = 7
    return raster_image(array_source(cube, positions, good=[n not in bad for n in range(len(positions))]))


@pytest.mark.parametrize("left_out", ["constant", "bad"])
@pytest.mark.parametrize("order", [[400, 410, 410, 420], [420, 410, 410, 400], [400, 410, 420, 400, 410, 420]])
def test_of_two_bands_of_one_wavelength_the_one_that_was_trained_on_is_found(array_source, order, left_out):
    first = order.index(410)
    seen = varying_bands(twin_image(array_source, order, **{left_out: [first]}))[0]
    expected = [n for n in range(len(order)) if n != first]
    assert list(seen.bands) == expected
    # The same scene, with all of its bands good or with those that were marked.
    for bad in ([], [first] * (left_out == "bad")):
        same = twin_image(array_source, order, bad=bad)
        assert list(raster_image(same.source, seen.axis).bands) == expected
    points = match_hnr(seen.axis, grid_of(np.array(order, float)), "x.hnr")
    assert points == [SpectralPoint(band, band, 0.0) for band in expected]


def test_the_band_trained_on_is_missing_where_it_is_marked_bad_and_its_twin_is_not(array_source):
    model = varying_bands(twin_image(array_source, [400, 410, 410, 420], constant=[1]))[0].axis
    with pytest.raises(WavelengthError, match="Missing: 410. Nearest"):
        raster_image(twin_image(array_source, [400, 410, 410, 420], bad=[2]).source, model)
    with pytest.raises(WavelengthError, match="Missing: 410. Nearest"):
        match_hnr(model, grid_of(np.array([400.0, 410, 410, 420]), np.array([1, 1, 0, 1], bool)), "x.hnr")


def test_an_image_with_more_bands_of_a_wavelength_than_the_models_had_does_not_tell_which_is_meant(array_source):
    model = twin_image(array_source, [400, 410, 420]).axis
    message = "has 2 bands at 410 nm, where the model's image had 1: which is meant cannot be told"
    with pytest.raises(WavelengthError, match=message):
        raster_image(twin_image(array_source, [400, 410, 410, 420]).source, model)
    with pytest.raises(WavelengthError, match=message):
        match_hnr(model, grid_of(np.array([400.0, 410, 410, 420])), "x.hnr")
    # Marked, they tell.
    marked = twin_image(array_source, [400, 410, 410, 420], bad=[1])
    assert raster_image(marked.source, model).bands == (0, 2, 3)


def test_the_one_band_left_of_two_of_a_wavelength_stands_for_either(array_source):
    model = varying_bands(twin_image(array_source, [400, 410, 410, 420], constant=[1]))[0].axis
    assert raster_image(twin_image(array_source, [400, 410, 420]).source, model).bands == (0, 1, 2)


def test_band_numbers_count_in_images_of_as_many_bands_alone(array_source):
    few, many = np.zeros((10, 2, 3), "u1"), np.zeros((200, 2, 3), "u1")
    model = raster_image(array_source(few)).axis
    for refusing in (
        lambda: raster_image(array_source(many), model), lambda: match_hnr(model, grid_of(None, n_bands=200), "x.hnr")
    ):
        with pytest.raises(WavelengthError) as caught:
            refusing()
        message = str(caught.value)
        assert "10 bands from 1 to 10, numbered without wavelengths" in message
        assert "200 bands from 1 to 200, numbered without wavelengths" in message
        assert "the model's had 10, this one has 200" in message
    # Bands that were constant where it was trained change nothing in that count.
    assert raster_image(array_source(few), model.only([2, 7])).bands == (2, 7)
    assert [p.lower_band for p in match_hnr(model.only([2, 7]), grid_of(None, n_bands=10), "x.hnr")] == [2, 7]


def test_a_band_of_another_number_is_another_band():
    model = BandAxis((1.0, 6.0, 10.0), False, 10)
    numbered = BandAxis(tuple(float(n) for n in range(1, 11)), False, 10)
    with pytest.raises(WavelengthError, match="Missing: 6. Nearest"):
        match_raster(model, numbered, [0, 1, 2, 3, 4, 6, 7, 8, 9], "x.tif")
