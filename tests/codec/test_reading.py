"""Windows, resolutions, wavelengths and averages of a file agree with its whole bands."""

import numpy as np
import pytest

from hiner.core.errors import Cancelled, FormatError, ParameterError, RasterError, WavelengthError
from hiner.core.hnr_file import HnrFile
from hiner.core.simple import compress_array, decode
from hiner.core.spectral.sensors import band_average_weights


@pytest.fixture(scope="module")
def hnr(holed_file):
    return HnrFile(holed_file[0])


@pytest.fixture(scope="module")
def whole(hnr):
    return hnr.read_bands(range(16))


@pytest.mark.parametrize("window", [(0, 0, 40, 48), (7, 11, 20, 30), (39, 47, 1, 1), (0, 13, 40, 1)])
def test_a_window_is_a_part_of_the_whole(hnr, whole, window):
    row, col, n_rows, n_cols = window
    part = hnr.read_bands(range(16), window)
    expected = whole[:, row : row + n_rows, col : col + n_cols].astype("i4")
    # The order of sums may turn a half up or down.
    assert np.abs(part - expected).max() <= 1
    assert np.mean(part != expected) < 0.01


@pytest.mark.parametrize("shape", [(10, 12), (13, 7), (40, 48), (1, 1), (80, 96), (50, 20)])
def test_another_resolution_takes_the_pixel_under_each_centre(hnr, whole, shape):
    window = (4, 6, 33, 40)
    part = hnr.read_bands([0, 9, 15], window, shape)
    rows = [4 + int((i + 0.5) * 33 / shape[0]) for i in range(shape[0])]
    cols = [6 + int((i + 0.5) * 40 / shape[1]) for i in range(shape[1])]
    expected = whole[[0, 9, 15]][:, rows][:, :, cols].astype("i4")
    assert np.abs(part - expected).max() <= 1


def test_a_bands_own_wavelength_is_that_band(hnr, whole):
    at_centres = hnr.read_wavelengths([400.0, 430.0, 550.0])
    valid = whole[[0, 3, 15]] != -1
    assert np.abs(at_centres - whole[[0, 3, 15]])[valid].max() <= 0.5 + 1e-3
    assert (at_centres[~valid] == -1).all()


def test_between_bands_the_scene_changes_without_steps(hnr):
    fine = hnr.read_wavelengths(np.arange(400, 440.01, 0.5), (0, 0, 8, 8))
    steps = np.abs(np.diff(fine, axis=0)).mean((1, 2))
    whole_change = np.abs(fine[-1] - fine[0]).mean()
    assert steps.max() < 0.3 * max(whole_change, steps.sum() / 8)


@pytest.mark.parametrize("wavelength", [399.9, 550.1, 450.0, 447.0, 470.0])
def test_wavelengths_outside_or_on_bad_bands_are_refused_with_what_may_be_asked(hnr, wavelength):
    """450 nm is marked bad, 470 nm holds no data."""
    with pytest.raises(WavelengthError, match="Ask for"):
        hnr.read_wavelengths([wavelength])


def test_averages_are_the_weighted_means(hnr):
    weights = np.zeros((2, 16))
    weights[0, [0, 1, 2]] = 0.25, 0.5, 0.25
    weights[1, 9] = 1.0
    averages = hnr.read_averages(weights)
    bands = hnr.read_points([hnr.grid.band_point(b) for b in (0, 1, 2)]).astype("f8")
    valid = (bands != -1).all(0)
    by_hand = 0.25 * bands[0] + 0.5 * bands[1] + 0.25 * bands[2]
    assert np.allclose(averages[0][valid], by_hand[valid], atol=1e-2)
    assert (averages[1][valid] == 77).all()
    assert (averages[0][10:18, 20:30] == -1).all()


def test_a_bad_band_cannot_be_averaged(hnr):
    weights = np.zeros((1, 16))
    weights[0, 5] = 1
    with pytest.raises(ParameterError, match="bad"):
        hnr.read_averages(weights)


def test_sensors_come_from_the_bands_they_cover(tiny, tmp_path):
    cube = np.arange(20 * 6 * 5).reshape(20, 6, 5).astype("uint16")
    options = {"method": "hiner", "model_size": tiny.model_size, "epochs": 1, "device": "cpu"}
    compress_array(cube, tmp_path / "a.hnr", 600 + 10.0 * np.arange(20), **options)
    hnr = HnrFile(tmp_path / "a.hnr")
    average = band_average_weights("sentinel2a", hnr.grid)
    assert average.names == ("B4", "B5", "B6")
    assert hnr.read_averages(average.weights).shape == (3, 6, 5)


@pytest.mark.parametrize("window", [(0, 0, 41, 1), (-1, 0, 2, 2), (0, 0, 0, 5), (39, 0, 2, 1)])
def test_windows_outside_are_refused(hnr, window):
    with pytest.raises(ParameterError, match="window"):
        hnr.read_bands([0], window)


def test_a_band_that_is_not_there_is_refused(hnr):
    with pytest.raises(ParameterError, match="1 to 16"):
        hnr.read_bands([16])


def test_reading_can_be_stopped(hnr):
    def stop():
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        hnr.read_bands([0], check=stop)


def test_without_wavelengths_band_numbers_stand_in(tiny, tmp_path):
    cube = np.arange(6 * 12 * 10).reshape(6, 12, 10).astype("uint16")
    options = {"method": "hiner", "model_size": tiny.model_size, "epochs": 1, "device": "cpu"}
    compress_array(cube, tmp_path / "a.hnr", **options)
    hnr = HnrFile(tmp_path / "a.hnr")
    assert not hnr.grid.has_wavelengths
    assert decode(tmp_path / "a.hnr", [1, 2.5, 6]).shape == (3, 12, 10)
    with pytest.raises(WavelengthError) as refusal:
        hnr.read_wavelengths([550])
    assert "nm" not in str(refusal.value)


def test_a_file_of_an_unknown_method_says_what_to_do(holed_file, monkeypatch):
    monkeypatch.setattr("hiner.core.methods.METHODS", ())
    hnr = HnrFile(holed_file[0])
    assert hnr.header.method == "hiner"
    with pytest.raises(FormatError, match="Update"):
        hnr.read_bands([0])


def test_missing_and_foreign_files_are_refused(tmp_path):
    with pytest.raises(RasterError, match=r"none\.hnr"):
        HnrFile(tmp_path / "none.hnr")
    (tmp_path / "a.hnr").write_bytes(b"II*\x00 a TIFF")
    with pytest.raises(FormatError, match=r"a\.hnr"):
        HnrFile(tmp_path / "a.hnr")


def test_a_deleted_or_replaced_file_is_noticed(holed_file, tmp_path):
    copy = tmp_path / "copy.hnr"
    copy.write_bytes(holed_file[0].read_bytes())
    hnr = HnrFile(copy)
    copy.write_bytes(b"something else")
    with pytest.raises(FormatError, match="replaced"):
        hnr.read_bands([0])
