"""Stated units of wavelength stand where they can be true; else size decides."""

import pytest

from hiner.core.spectral.units import is_no_length, is_unstated, wavelength_factor


@pytest.mark.parametrize(
    "unit", ["nm", "nanometer", "nanometers", "Nanometers", "NANOMETERS", " nm ", "Nanometres"]
)
def test_nanometres_stand(unit):
    assert wavelength_factor(642.1, unit) == (1.0, False)


@pytest.mark.parametrize(
    "unit", ["um", "\u00b5m", "\u03bcm", "micrometer", "Micrometers", "micron", "Microns"]
)
def test_micrometres_stand(unit):
    assert wavelength_factor(0.6421, unit) == (1000.0, False)


@pytest.mark.parametrize("unit", [None, "", "Unknown", "none"])
def test_without_a_unit_values_under_100_are_micrometres(unit):
    assert is_unstated(unit)
    assert wavelength_factor(2.5, unit) == (1000.0, False)
    assert wavelength_factor(99.9, unit) == (1000.0, False)
    assert wavelength_factor(100.0, unit) == (1.0, False)
    assert wavelength_factor(2500.0, unit) == (1.0, False)


def test_a_unit_that_leads_out_of_0_1_to_100_micrometres_is_overruled():
    assert wavelength_factor(0.46, "nm") == (1000.0, True)
    assert wavelength_factor(460.0, "um") == (1.0, True)
    assert wavelength_factor(46.0, "um") == (1000.0, False)


def test_values_that_no_unit_saves_are_no_wavelengths():
    assert wavelength_factor(0.0001, "nm")[0] is None
    assert wavelength_factor(1e7, "")[0] is None


def test_indices_and_wavenumbers_are_no_lengths():
    assert is_no_length("Index")
    assert is_no_length("Wavenumber")
    assert not is_no_length("Nanometers")
    assert not is_no_length(None)
