"""Which source answers for a band, in which unit, and what is said about the rest."""

import pytest

from hiner.core.errors import ParameterError
from hiner.core.raster.band_metadata import read_spectral_metadata

NM = {"wavelength_units": "Nanometers"}


def in_bands(values, **more):
    return [{"wavelength": str(value), **more} for value in values]


def test_the_order_is_own_imagery_bands_dataset_layer():
    sources = {
        "own": [500, 600],
        "imagery": [{"CENTRAL_WAVELENGTH_UM": "0.501"}, {"CENTRAL_WAVELENGTH_UM": "0.601"}],
        "bands": in_bands([502, 602], **NM),
        "dataset": [{"wavelength": "{503, 603}"}, {"wavelength": "{504, 604}"}],
        "layer": {"enmapbox/wavelength": [505, 605]},
    }
    expected = [(500, 600), (501, 601), (502, 602), (503, 603), (505, 605)]
    for name, wavelengths in zip(["own", "imagery", "bands", "dataset", "layer"], expected):
        assert read_spectral_metadata(2, **sources).wavelengths == wavelengths
        del sources[name]
    assert read_spectral_metadata(2).wavelengths == (None, None)


def test_each_band_is_answered_by_the_first_source_that_has_it():
    metadata = read_spectral_metadata(
        3, imagery=[{}, {"CENTRAL_WAVELENGTH_UM": "0.55"}, {}], bands=[{"wavelength": "450"}, {}, {}],
        dataset=[{"wavelength": "{1, 2, 650}", "wavelength units": "nm"}],
    )
    assert metadata.wavelengths == (450, 550, 650)


def test_widths_and_marks_come_from_their_own_first_source():
    metadata = read_spectral_metadata(
        2, own=[500, 600],
        imagery=[{"CENTRAL_WAVELENGTH_UM": "0.5", "FWHM_UM": "0.0065"}, {}],
        bands=[{"bbl": "0"}, {}],
        dataset=[{"fwhm": "{7, 8}", "bbl": "{1, 0}", "wavelength": "{500, 600}"}],
    )
    assert metadata.fwhm == (6.5, 8.0)
    assert metadata.good == (False, False)


@pytest.mark.parametrize(
    "key", ["wavelength", "Wavelength", "wavelengths", "center_wavelength", "center wavelength"]
)
def test_keys_as_files_write_them(key):
    assert read_spectral_metadata(1, bands=[{key: "642.1"}]).wavelengths == (642.1,)


@pytest.mark.parametrize("key", ["wavelength_units", "Wavelength_unit", "wavelength units"])
def test_unit_keys_as_files_write_them(key):
    bands = [{"wavelength": "120", key: "Micrometers"}]
    assert read_spectral_metadata(1, bands=[{"wavelength": "2.5", key: "Micrometers"}]).wavelengths == (2500,)
    # 120 um is no wavelength: the key was seen, since its unit was overruled.
    assert "Micrometers" in read_spectral_metadata(1, bands=bands).warnings[0]


@pytest.mark.parametrize(("key", "value"), [("wavelength_nm", "642.1"), ("Wavelength_um", "0.6421")])
def test_keys_that_name_their_unit(key, value):
    bands = [{key: value, "wavelength_units": "Unknown"}]
    metadata = read_spectral_metadata(1, bands=bands)
    assert metadata.wavelengths == pytest.approx((642.1,))
    assert metadata.warnings == ()


@pytest.mark.parametrize(
    ("unit", "values"), [("nm", ["450", "514.28571"]), ("um", ["0.45", "0.51428571"]), (None, ["450", "514.28571"])]
)
def test_the_place_along_a_netcdf_dimension_of_wavelengths(unit, values):
    bands = [{"NETCDF_DIM_Wavelength": value, "NETCDF_DIM_time": "7"} for value in values]
    metadata = read_spectral_metadata(2, bands=bands, dataset=[{"Wavelength#units": unit} if unit else {}, {}])
    assert metadata.wavelengths == (450, 514.28571)
    assert metadata.warnings == ()


def test_other_netcdf_dimensions_are_no_wavelengths():
    bands = [{"NETCDF_DIM_time": "450"}, {"NETCDF_DIM_wavenumber": "9000"}]
    assert read_spectral_metadata(2, bands=bands).wavelengths == (None, None)


def test_lists_in_braces_over_several_lines():
    items = {"wavelength": "{\n 400.5, 500.5,\n 600.5}", "Wavelength Units": "nm", "fwhm": "{5,6,7}"}
    metadata = read_spectral_metadata(3, dataset=[{}, items])
    assert metadata.wavelengths == (400.5, 500.5, 600.5)
    assert metadata.fwhm == (5, 6, 7)
    assert metadata.warnings == ()


def test_micrometres_convert_with_their_widths():
    items = {"wavelength": "{0.4,2.5}", "fwhm": "{0.01,0.012}", "wavelength units": "Micrometers"}
    metadata = read_spectral_metadata(2, dataset=[items])
    assert metadata.wavelengths == (400, 2500)
    assert metadata.fwhm == (10, 12)


@pytest.mark.parametrize(
    ("wavelengths", "unit", "widths", "expected"),
    [
        ("0.45, 0.65, 12", "Micrometers", "5.8, 6.5, 9", (5.8, 6.5, 9)),
        ("450, 650, 2500", "Nanometers", "0.0058, 0.0065, 0.012", (5.8, 6.5, 12)),
        ("450, 650, 2500", "Nanometers", "5.8, 0.0065, 12", (5.8, 6.5, 12)),
        ("450, 650, 865", "Nanometers", "65, 700, 20", (65, 0.7, 20)),
    ],
)
def test_widths_that_cannot_be_in_the_wavelengths_unit_are_in_the_other(wavelengths, unit, widths, expected):
    items = {"wavelength": f"{{{wavelengths}}}", "wavelength units": unit, "fwhm": f"{{{widths}}}"}
    metadata = read_spectral_metadata(3, dataset=[items])
    assert metadata.fwhm == pytest.approx(expected)
    (told,) = metadata.warnings
    assert "FWHM" in told


@pytest.mark.parametrize(
    ("unit", "widths", "expected"),
    [("Nanometers", "450, 0.05, 65", (450, 0.05, 65)), ("Nanometers", "6e6, 6e6, 6e6", (6e6, 6e6, 6e6))],
)
def test_other_widths_stay_as_they_are(unit, widths, expected):
    items = {"wavelength": "{450, 650, 865}", "wavelength units": unit, "fwhm": f"{{{widths}}}"}
    metadata = read_spectral_metadata(3, dataset=[items])
    assert metadata.fwhm == expected
    assert metadata.warnings == ()


@pytest.mark.parametrize("unit", [{}, {"wavelength_units": "Unknown"}])
def test_without_a_unit_size_decides_and_widths_follow(unit):
    metadata = read_spectral_metadata(1, bands=[{"wavelength": "0.46", "fwhm": "0.01", **unit}])
    assert (metadata.wavelengths, metadata.fwhm) == ((460,), (10,))
    metadata = read_spectral_metadata(1, bands=[{"wavelength": "460", "fwhm": "10", **unit}])
    assert (metadata.wavelengths, metadata.fwhm) == ((460,), (10,))
    assert metadata.warnings == ()


@pytest.mark.parametrize(
    "bands", [[{"wavelength": "0.46", "fwhm": "0.01", **NM}], [{"wavelength": "0.46 nm", "fwhm": "0.01"}]]
)
def test_a_wrong_unit_is_overruled_with_a_warning(bands):
    metadata = read_spectral_metadata(1, bands=bands)
    assert (metadata.wavelengths, metadata.fwhm) == ((460,), (10,))
    assert "0.46" in metadata.warnings[0]
    assert "micrometres" in metadata.warnings[0]


def test_imagery_in_nanometres_by_mistake_is_overruled():
    metadata = read_spectral_metadata(1, imagery=[{"CENTRAL_WAVELENGTH_UM": "642.1", "FWHM_UM": "8"}])
    assert (metadata.wavelengths, metadata.fwhm) == ((642.1,), (8,))
    assert "nanometres" in metadata.warnings[0]


def test_imagery_that_gdal_rounded_gives_way_to_the_digits_it_was_rounded_from():
    # What GDAL 3.10 makes of an ENVI header with 400.5, 600.26 and 700.9 nm, 6.5 nm wide.
    metadata = read_spectral_metadata(
        3,
        imagery=[{"CENTRAL_WAVELENGTH_UM": text, "FWHM_UM": "0.006"} for text in ("0.401", "0.600", "0.700")],
        bands=in_bands(["400.5", "600.26", "700.9"], **NM),
        dataset=[{"fwhm": "{6.5, 6.5, 9}", "wavelength": "{400, 600, 700}", "wavelength_units": "nm"}],
    )
    assert metadata.wavelengths == (400.5, 600.26, 700)
    assert metadata.fwhm == (6.5, 6.5, 6)


def test_the_datasets_unit_serves_bands_that_state_none():
    metadata = read_spectral_metadata(
        1, bands=[{"wavelength": "50"}], dataset=[{"wavelength units": "Angstroms"}]
    )
    assert metadata.wavelengths == (50000,)
    assert metadata.warnings


def test_an_unknown_word_for_a_unit_warns():
    metadata = read_spectral_metadata(1, bands=[{"wavelength": "550", "wavelength_units": "furlongs"}])
    assert metadata.wavelengths == (550,)
    assert "furlongs" in metadata.warnings[0]


@pytest.mark.parametrize("unit", ["Index", "Wavenumber", "GHz"])
def test_what_is_no_wavelength_is_not_called_one(unit):
    metadata = read_spectral_metadata(2, bands=in_bands([450, 550], wavelength_units=unit))
    assert metadata.wavelengths == (None, None)
    assert unit in metadata.warnings[0]


def test_band_numbers_are_not_taken_for_wavelengths():
    metadata = read_spectral_metadata(3, dataset=[{"wavelength": "{1, 2, 3}"}])
    assert metadata.wavelengths == (None, None, None)
    assert "count" in metadata.warnings[0]


def test_zero_and_text_are_no_wavelengths():
    metadata = read_spectral_metadata(3, bands=in_bands(["0", "n/a", "650"], **NM))
    assert metadata.wavelengths == (None, None, 650)


@pytest.mark.parametrize(
    ("mark", "good"), [("1", True), ("0", False), ("0.0", False), ("1.0", True), ("x", True)]
)
def test_bad_band_marks(mark, good):
    assert read_spectral_metadata(1, bands=[{"bbl": mark}]).good == (good,)


def test_lists_of_another_length_are_ignored_and_told():
    metadata = read_spectral_metadata(
        3, dataset=[{"wavelength": "{400, 500}", "fwhm": "{5, 6}", "bbl": "{0, 0}"}]
    )
    assert metadata.wavelengths == (None, None, None)
    assert metadata.good == (True, True, True)
    assert metadata.mismatch == "The metadata list 2 wavelengths for 3 bands"
    assert len(metadata.warnings) == 2


def test_own_wavelengths_must_be_one_per_band():
    with pytest.raises(ParameterError, match="2 wavelengths were given for 3 bands"):
        read_spectral_metadata(3, own=[400, 500])


def test_own_wavelengths_in_micrometres():
    assert read_spectral_metadata(2, own=[0.4, 2.5]).wavelengths == (400, 2500)


@pytest.mark.parametrize(
    "layer",
    [
        {"enmapbox/wavelength": [450.0, 550.0]},
        {"qps/wavelength": "[0.45, 0.55]"},
        {"QGISPAM/band/1//wavelength": "450", "QGISPAM/band/2//wavelength": 550},
    ],
)
def test_properties_of_a_layer(layer):
    assert read_spectral_metadata(2, layer=layer).wavelengths == (450, 550)


def test_a_list_of_one_wavelength_for_most_bands_is_refused():
    with pytest.raises(ParameterError, match="8 of the 10 wavelengths that were given are the same, 500 nm"):
        read_spectral_metadata(10, own=[500.0] * 8 + [510.0, 520.0])


def test_a_wavelength_of_many_bands_is_told():
    found = read_spectral_metadata(8, bands=[{"wavelength": str(w)} for w in (400, 500, 500, 500, 500, 600, 700, 800)])
    assert found.wavelengths[1:5] == (500.0,) * 4
    assert any("4 bands have the same wavelength, 500 nm" in text for text in found.warnings)


def test_overlapping_detectors_share_wavelengths_without_a_word():
    own = [900.0, 910.0, 910.0, 920.0, 920.0, 920.0, 930.0]
    assert read_spectral_metadata(7, own=own).warnings == ()


def test_a_list_that_counts_the_bands_is_told_in_plain_words():
    (text,) = read_spectral_metadata(4, own=[1, 2, 3, 4]).warnings
    assert text.startswith("The wavelengths in the list that was given only count the bands")
