"""Positions between bands: exact, never extrapolated, never across gaps or bad bands."""

import numpy as np
import pytest

from hiner.core.errors import SceneError, WavelengthError
from hiner.core.spectral.grid import SpectralGrid, SpectralPoint

TEN = np.arange(400.0, 500.0, 10.0)


def grid(wavelengths, bad=(), fwhm=None):
    usable = np.ones(len(wavelengths), dtype=bool)
    usable[list(bad)] = False
    return SpectralGrid(wavelengths, fwhm, usable)


def two_detectors():
    """VNIR 400 to 590 nm, SWIR 560 to 750 nm, twenty bands each in steps of 10 nm."""
    return grid(np.concatenate([np.arange(400.0, 600.0, 10.0), np.arange(562.0, 762.0, 10.0)]))


def test_a_wavelength_between_two_bands_is_their_linear_mixture():
    assert grid(TEN).locate(413.0) == SpectralPoint(1, 2, pytest.approx(0.3))


def test_a_bands_own_centre_is_that_band_at_both_ends_too():
    for band, wavelength in enumerate(TEN):
        assert grid(TEN).locate(wavelength) == SpectralPoint(band, band, 0.0)


@pytest.mark.parametrize("wavelength", [399.9, 490.1, 0.0, 5000.0, np.nan])
def test_nothing_is_extrapolated(wavelength):
    with pytest.raises(WavelengthError, match="400 to 490 nm"):
        grid(TEN).locate(wavelength)


def test_a_bad_band_leaves_a_gap_that_the_message_spells_out():
    holed = grid(TEN, bad=[4, 5])
    assert holed.ranges() == [(400.0, 430.0), (460.0, 490.0)]
    assert holed.locate(430.0).lower_band == 3
    for wavelength in (430.5, 440.0, 459.0):
        with pytest.raises(WavelengthError, match="gap.*400 to 430, 460 to 490 nm"):
            holed.locate(wavelength)


def test_a_step_over_three_times_the_usual_is_a_gap():
    wavelengths = np.concatenate([TEN, TEN + 121.0])
    assert grid(wavelengths).ranges() == [(400.0, 490.0), (521.0, 611.0)]
    wavelengths = np.concatenate([TEN, TEN + 120.0])
    assert grid(wavelengths).ranges() == [(400.0, 610.0)]


def test_a_wide_step_that_the_bands_widths_cover_is_no_gap():
    wavelengths = np.concatenate([TEN, TEN + 140.0])
    assert len(grid(wavelengths, fwhm=np.full(20, 10.0)).ranges()) == 2
    assert len(grid(wavelengths, fwhm=np.full(20, 50.0)).ranges()) == 1


def test_spacing_that_grows_with_wavelength_holds_no_gap():
    assert len(grid(np.geomspace(400, 12000, 60)).ranges()) == 1


def test_where_detectors_overlap_the_one_further_inside_answers():
    overlapping = two_detectors()
    assert overlapping.stretches == (tuple(range(20)), tuple(range(20, 40)))
    assert overlapping.ranges() == [(400.0, 752.0)]
    assert overlapping.locate(568.0).lower_band == 16
    assert overlapping.locate(585.0).lower_band == 22


def test_a_centre_in_the_overlap_is_its_own_band_in_either_detector():
    assert two_detectors().locate(562.0) == SpectralPoint(20, 20, 0.0)
    assert two_detectors().locate(590.0) == SpectralPoint(19, 19, 0.0)


def test_bad_bands_of_one_detector_are_bridged_by_the_other():
    wavelengths = two_detectors().wavelengths
    holed = grid(wavelengths, bad=[18])
    assert holed.locate(580.0).lower_band >= 20
    # The second detector's overlapping part marked bad: the first one's end meets its rest.
    assert grid(wavelengths, bad=[20, 21, 22]).ranges() == [(400.0, 752.0)]


def test_unsorted_bands_are_neighbours_by_wavelength():
    shuffled = np.random.default_rng(3).permutation(TEN)
    for wavelength in np.linspace(400, 490, 37):
        point = grid(shuffled).locate(wavelength)
        lower, upper = shuffled[point.lower_band], shuffled[point.upper_band]
        assert lower + point.fraction * (upper - lower) == pytest.approx(wavelength)
        assert upper - lower <= 10.0


def test_unsorted_bad_bands_are_gaps_too():
    shuffled = np.array([420.0, 400.0, 440.0, 410.0, 430.0])
    with pytest.raises(WavelengthError):
        grid(shuffled, bad=[0]).locate(415.0)


def test_descending_bands_are_one_detector():
    descending = grid(np.arange(1000.0, 400.0, -10.0))
    assert descending.ranges() == [(410.0, 1000.0)]
    assert descending.locate(995.0) == SpectralPoint(1, 0, pytest.approx(0.5))


def test_equal_wavelengths_divide_by_nothing():
    doubled = grid(np.sort(np.concatenate([TEN, TEN])))
    assert doubled.ranges() == [(400.0, 490.0)]
    point = doubled.locate(415.0)
    assert (doubled.wavelengths[point.lower_band], doubled.wavelengths[point.upper_band]) == (410, 420)
    assert point.fraction == pytest.approx(0.5)
    assert grid(np.full(5, 550.0)).ranges() == [(550.0, 550.0)]


def test_without_wavelengths_band_numbers_stand_in_and_nothing_is_called_nm():
    numbered = SpectralGrid(None, None, np.ones(6, dtype=bool))
    assert not numbered.has_wavelengths
    assert numbered.ranges() == [(1.0, 6.0)]
    assert numbered.locate(2.5) == SpectralPoint(1, 2, 0.5)
    with pytest.raises(WavelengthError) as refusal:
        numbered.locate(7)
    assert "nm" not in str(refusal.value)


def test_positions_are_physical_not_indices():
    uneven = grid([400.0, 500.0, 1400.0])
    np.testing.assert_allclose(uneven.normalised, [0.0, 0.1, 1.0])
    np.testing.assert_allclose(uneven.normalise([450.0, 900.0]), [0.05, 0.5])


def test_positions_scale_by_the_usable_bands_and_stay_within_0_and_1():
    np.testing.assert_allclose(
        grid([400.0, 500.0, 600.0, 700.0], bad=[0]).normalised, [0.0, 0.0, 0.5, 1.0]
    )


def test_neighbours_stop_at_gaps():
    holed = grid(TEN, bad=[4, 5])
    assert holed.neighbours(2) == (1, 3)
    assert holed.neighbours(3) == (2, None)
    assert holed.neighbours(6) == (None, 7)
    with pytest.raises(WavelengthError, match="Band 5"):
        holed.neighbours(4)


def test_a_grid_without_usable_bands_is_refused():
    with pytest.raises(SceneError, match="usable"):
        SpectralGrid(TEN, None, np.zeros(10, dtype=bool))


def test_lists_of_another_length_are_refused():
    with pytest.raises(SceneError, match="10 wavelengths"):
        SpectralGrid(TEN, None, np.ones(12, dtype=bool))


@pytest.mark.parametrize("backwards", [False, True])
def test_bad_bands_without_a_wavelength_are_as_if_they_were_not_there_but_for_a_gap(backwards):
    """Against a grid of the bands that have one, cut by hand where a nameless one stood between them."""
    holed = np.array([np.nan, *TEN[:4], np.nan, *TEN[4:], np.nan])
    holed = holed[::-1] if backwards else holed
    known = np.flatnonzero(~np.isnan(holed))
    some = grid(holed, bad=np.flatnonzero(np.isnan(holed)))
    assert some.ranges() == [(400.0, 430.0), (440.0, 490.0)]
    whole = grid(holed[known])
    for wavelength in (400.0, 403.0, 429.0, 440.0, 466.0, 490.0):
        point, other = some.locate(wavelength), whole.locate(wavelength)
        assert (point.lower_band, point.upper_band) == (known[other.lower_band], known[other.upper_band])
        assert point.fraction == other.fraction
    with pytest.raises(WavelengthError, match="among bands that are bad"):
        some.locate(435.0)
    np.testing.assert_array_equal(some.normalised[known], whole.normalised)
    assert some.ends == (400.0, 490.0)


def test_a_usable_band_without_a_wavelength_is_refused():
    with pytest.raises(SceneError, match="Band 3"):
        grid([400.0, 410.0, np.nan, 430.0])


def test_constant_bands_part_their_neighbours_but_stay_usable():
    parted = SpectralGrid(TEN, None, np.ones(10, dtype=bool), np.arange(10) == 4)
    assert parted.usable.all()
    assert [len(stretch) for stretch in parted.stretches] == [4, 5]
    assert parted.neighbours(3) == (2, None)
    assert parted.neighbours(4) == (None, None)
    assert parted.locate(TEN[4]) == SpectralPoint(4, 4, 0.0)
    with pytest.raises(WavelengthError, match="hold one value only"):
        parted.locate(TEN[4] + 1)
