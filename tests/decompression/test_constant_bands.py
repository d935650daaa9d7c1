"""Bands that a sensor does not measure but fills with one value are kept, and nothing else is made of them."""

import numpy as np
import pytest

from hiner.core.decompression.bands import requested_bands
from hiner.core.errors import WavelengthError
from hiner.core.hnr_file import HnrFile
from hiner.core.progress import Progress
from hiner.core.report.info import info_html
from hiner.core.simple import compress_array
from hiner.core.spectral.sensors import band_average_weights

# Two detectors that overlap, filled with zeros where they see too little, as Hyperion's are.
CENTRES = np.concatenate([400.0 + 10 * np.arange(12), 485.0 + 10 * np.arange(12)])
FILLED = [0, 1, 11, 12, 23]
ROWS, COLS = 12, 14
NEAR = 40


def spectrum(wavelength):
    return 1000 + 10 * (wavelength - 400)


def made(wavelengths, filled=FILLED, value=0):
    y, x = np.mgrid[:ROWS, :COLS]
    cube = np.stack([spectrum(w) + 5 * np.sin(y / 3) + 9 * np.cos(x / 4) for w in wavelengths])
    cube = np.rint(cube).astype("int16")
    cube[filled] = value
    return cube


class Told(Progress):
    def __init__(self):
        self.lines = []

    def log(self, message):
        self.lines.append(message)


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """(path, cube, what was told at compressing)"""
    path, cube, told = tmp_path_factory.mktemp("filled") / "scene.hnr", made(CENTRES), Told()
    compress_array(cube, path, CENTRES, progress=told, max_error=0)
    return path, cube, told.lines


def test_compressing_tells_how_many_there_are(scene):
    assert [line for line in scene[2] if line.startswith("5 bands hold one value only")]


def test_the_files_own_bands_are_what_they_were(scene):
    path, cube, _ = scene
    hnr = HnrFile(path)
    np.testing.assert_array_equal(hnr.read_bands(range(len(CENTRES))), cube)
    np.testing.assert_array_equal(requested_bands(hnr, "", False).read(slice(None), None, None), cube)
    assert requested_bands(hnr, "", False).notes == ()


@pytest.mark.parametrize("wavelength", [405.0, 412.0, 418.0, 590.0])
def test_no_wavelength_is_made_of_them(scene, wavelength):
    with pytest.raises(WavelengthError, match="420 to 585 nm"):
        requested_bands(HnrFile(scene[0]), f"{wavelength}", False)


@pytest.mark.parametrize("wavelength", [422.0, 485.0, 488.0, 497.0, 503.0, 508.0, 510.0, 583.0])
def test_where_one_detector_is_filled_the_other_answers(scene, wavelength):
    values = HnrFile(scene[0]).read_wavelengths([wavelength])
    assert np.abs(values - spectrum(wavelength)).max() < NEAR


def test_a_sensors_bands_are_averages_of_what_was_measured(scene):
    hnr = HnrFile(scene[0])
    average = band_average_weights("sentinel2a", hnr.grid)
    assert average.names == ("B1", "B2", "B3")
    assert not average.weights[:, FILLED].any()
    for centre, values in zip(average.centres, hnr.read_averages(average.weights)):
        assert np.abs(values - spectrum(centre)).max() < NEAR


def test_the_centre_of_one_gives_its_value_where_no_other_detector_sees(scene):
    assert not HnrFile(scene[0]).read_wavelengths([400.0]).any()


def test_the_report_names_them_and_the_wavelengths_that_can_be_had(scene):
    page = info_html(HnrFile(scene[0]).header, "scene.hnr", 999)
    assert "of one value only: 1 to 2, 12 to 13, 24" in page
    assert "420.00 to 585.00 nm" in page


def test_band_numbers_ask_for_them_too(tmp_path):
    cube = made(CENTRES[:8], [3], value=-7)
    compress_array(cube, tmp_path / "numbered.hnr", max_error=0)
    hnr = HnrFile(tmp_path / "numbered.hnr")
    np.testing.assert_array_equal(np.rint(hnr.read_wavelengths([3, 4, 5])), cube[2:5])
    with pytest.raises(WavelengthError, match="1 to 3, 5 to 8"):
        hnr.read_wavelengths([4.5])


def test_a_scene_of_one_varying_band_answers_with_all_of_them(tmp_path):
    told, cube = Told(), made(CENTRES[:4], [1, 2, 3], value=50)
    compress_array(cube, tmp_path / "one.hnr", CENTRES[:4], progress=told, max_error=0)
    assert HnrFile(tmp_path / "one.hnr").grid.ranges() == [(400.0, 430.0)]
    assert (HnrFile(tmp_path / "one.hnr").read_wavelengths([415.0]) == 50).all()
    assert not [line for line in told.lines if "one value only" in line]
