"""Averages over a sensor's bands, against integrals on a fine grid."""

import numpy as np
import pytest

from hiner.core.errors import ParameterError, WavelengthError
from hiner.core.spectral.grid import SpectralGrid
from hiner.core.spectral.sensors import SENSORS, band_average_weights


def grid(wavelengths, usable=None):
    return SpectralGrid(
        wavelengths, None, np.ones(len(wavelengths), dtype=bool) if usable is None else usable
    )


def integral(spectrum, centre, width):
    """The Gaussian average of a function of wavelength, by a sum over 0.01 nm steps."""
    fine = np.arange(centre - 4 * width, centre + 4 * width, 0.01)
    response = np.exp(-0.5 * ((fine - centre) / (width / 2.354820045)) ** 2)
    return np.sum(spectrum(fine) * response) / np.sum(response)


def spectrum(wavelength):
    return 0.3 + 0.2 * np.sin(wavelength / 60.0) + wavelength / 5000.0


@pytest.mark.parametrize("sensor", sorted(SENSORS))
def test_averages_are_the_integrals_of_the_spectrum(sensor):
    wavelengths = np.arange(300.0, 2700.0, 4.0)
    average = band_average_weights(sensor, grid(wavelengths))
    assert average.skipped == ()
    assert len(average.names) == len(SENSORS[sensor])
    for weights, centre, width in zip(average.weights, average.centres, average.widths):
        assert weights @ spectrum(wavelengths) == pytest.approx(integral(spectrum, centre, width), abs=1e-4)


def test_uneven_spacing_and_overlapping_detectors_do_not_bias():
    dense = np.concatenate([np.arange(380.0, 570.0, 8.0), np.arange(550.0, 1100.0, 2.0)])
    average = band_average_weights("landsat8", grid(dense))
    for name, weights, centre, width in zip(average.names, average.weights, average.centres, average.widths):
        if name in ("B3", "B4", "B8"):
            expected = integral(spectrum, centre, width)
            assert weights @ spectrum(dense) == pytest.approx(expected, abs=1e-3), name


def test_weights_add_up_to_one_and_leave_unusable_bands_alone():
    wavelengths = np.arange(380.0, 2600.0, 6.0)
    usable = np.ones(wavelengths.size, dtype=bool)
    usable[(wavelengths > 1340) & (wavelengths < 1460)] = False
    average = band_average_weights("sentinel2a", grid(wavelengths, usable))
    np.testing.assert_allclose(average.weights.sum(axis=1), 1.0)
    assert np.all(average.weights[:, ~usable] == 0)
    assert average.skipped == ("B10",)
    assert "B10" not in average.names


def test_bands_beyond_the_scene_are_skipped_and_named():
    average = band_average_weights("sentinel2b", grid(np.arange(400.0, 1000.0, 5.0)))
    assert average.skipped == ("B10", "B11", "B12")
    assert average.weights.shape == (10, 120)


def test_a_gap_is_bridged_only_where_it_is_narrow_beside_the_sensors_band():
    wavelengths = np.arange(400.0, 2500.0, 10.0)
    narrow = (wavelengths < 2190) | (wavelengths > 2210)
    assert "B12" in band_average_weights("sentinel2a", grid(wavelengths, narrow)).names
    wide = (wavelengths < 2160) | (wavelengths > 2230)
    assert "B12" in band_average_weights("sentinel2a", grid(wavelengths, wide)).skipped


def test_a_narrow_sensor_band_between_coarse_bands_takes_the_nearest():
    coarse = band_average_weights("landsat8", grid(np.arange(300.0, 2600.0, 90.0)))
    weights = coarse.weights[coarse.names.index("B9")]
    assert np.argmax(weights) == np.argmin(np.abs(np.arange(300.0, 2600.0, 90.0) - 1373.43))
    assert weights.sum() == pytest.approx(1.0)


def test_landsat_9_follows_landsat_8_as_its_twin():
    for (name8, centre8, width8), (name9, centre9, width9) in zip(SENSORS["landsat8"], SENSORS["landsat9"]):
        assert name8 == name9
        assert abs(centre8 - centre9) < 1.0
        assert abs(width8 - width9) < 3.0


def test_scenes_that_cannot_be_averaged_say_why():
    with pytest.raises(WavelengthError, match="no wavelengths"):
        band_average_weights("landsat8", SpectralGrid(None, None, np.ones(50, dtype=bool)))
    with pytest.raises(WavelengthError, match="no band of landsat8"):
        band_average_weights("landsat8", grid(np.arange(3000.0, 4000.0, 10.0)))
    with pytest.raises(ParameterError, match="modis"):
        band_average_weights("modis", grid(np.arange(400.0, 1000.0, 10.0)))
