"""What a user may write into the decoder's WAVELENGTHS."""

import numpy as np
import pytest

from hiner.core.errors import ParameterError
from hiner.core.spectral.request import parse_wavelengths


@pytest.mark.parametrize("text", ["", "   ", None])
def test_nothing_asks_for_the_files_own_bands(text):
    assert parse_wavelengths(text).own_bands


@pytest.mark.parametrize("text", ["550, 650.5", "550 650.5", "550;650.5", " 550,\n650.5 ", "550,650.5,"])
def test_a_list_of_wavelengths(text):
    request = parse_wavelengths(text)
    assert request.wavelengths == (550.0, 650.5)
    assert not request.own_bands


def test_a_range_includes_its_stop():
    assert parse_wavelengths("400:440:10").wavelengths == (400, 410, 420, 430, 440)
    assert parse_wavelengths("400 : 440 : 10").wavelengths == (400, 410, 420, 430, 440)
    assert parse_wavelengths("400:445:10").wavelengths == (400, 410, 420, 430, 440)
    assert parse_wavelengths("440:400:-20").wavelengths == (440, 420, 400)


def test_a_range_of_tenths_meets_its_stop():
    wavelengths = parse_wavelengths("400:401:0.1").wavelengths
    np.testing.assert_allclose(wavelengths, np.linspace(400, 401, 11), atol=1e-9)
    assert wavelengths[3] == 400.3


def test_lists_and_ranges_mix():
    assert parse_wavelengths("650, 400:420:10").wavelengths == (650, 400, 410, 420)


@pytest.mark.parametrize("sensor", ["sentinel2a", "sentinel2b", "landsat8", "landsat9"])
def test_sensors_by_name(sensor):
    assert parse_wavelengths(f"sensor:{sensor}").sensor == sensor
    assert parse_wavelengths(f"Sensor: {sensor.upper()}").sensor == sensor


@pytest.mark.parametrize(
    ("text", "offence"),
    [
        ("550, blue", "blue"), ("400:900", "400:900"), ("400:900:0", "400:900:0"),
        ("900:400:10", "900:400:10"), ("-5", "-5"), ("nan", "nan"), ("inf", "inf"), ("0", "'0'"),
        ("1:2:3:4", "1:2:3:4"), ("sensor:modis", "sensor:modis"), ("400:900:1e-9", "400:900:1e-9"),
        (",", ","),
    ],
)
def test_what_cannot_be_read_is_named(text, offence):
    with pytest.raises(ParameterError) as refusal:
        parse_wavelengths(text)
    assert offence in str(refusal.value)
    assert "WAVELENGTHS" in str(refusal.value)
