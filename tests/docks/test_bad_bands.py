"""The docks on a file whose bad band has no wavelength while the others have theirs."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from layer_scene import BAD_BAND, WAVELENGTHS

from hiner.core.hnr_file import HnrFile

pytest.importorskip("matplotlib")

KNOWN = np.delete(WAVELENGTHS, BAD_BAND).tolist()


@pytest.fixture
def path(qgis, variant):
    def unplaced(description):
        bands = list(description.bands)
        bands[BAD_BAND] = replace(bands[BAD_BAND], wavelength=None)
        return replace(description, bands=tuple(bands))

    return variant("unplaced.hnr", unplaced)


@pytest.fixture
def spectrum(path):
    from hiner.hiner_qgis.docks.spectrum import pixel_spectrum

    return pixel_spectrum(HnrFile(path), 40, 7, "pixel")


def test_sliders_reach_over_the_bands_that_have_one(docks, iface, open_layer, path):
    from hiner.hiner_qgis.docks import presets

    layer = open_layer(path + "?wl=650,550,450")
    iface.choose(layer)
    slider, spin = docks[0].rows()[0].slider, docks[0].rows()[0].spin
    assert (slider.minimum() / 10, slider.maximum() / 10) == (WAVELENGTHS[0], WAVELENGTHS[-1])
    assert spin.value() == 650.0
    assert len(presets.bad_bands(HnrFile(path).grid)) == 0
    slider.resize(200, 40)
    assert not slider.grab().isNull()


def test_a_layer_that_shows_the_bad_band_leaves_the_sliders_at_a_place(docks, iface, open_layer, path):
    from qgis.core import QgsSingleBandGrayRenderer

    layer = open_layer(path + "?wl=file")
    layer.setRenderer(QgsSingleBandGrayRenderer(layer.dataProvider(), BAD_BAND + 1))
    iface.choose(layer)
    assert docks[0].rows()[0].spin.value() == WAVELENGTHS[0]


def test_it_is_in_no_table_and_in_no_library(spectrum, tmp_path):
    from hiner.hiner_qgis.docks.spectral_library import library_text
    from hiner.hiner_qgis.docks.spectrum_table import save_table

    save_table([spectrum], tmp_path / "table.csv")
    rows = list(csv.DictReader((tmp_path / "table.csv").read_text(encoding="utf-8").splitlines()))
    bands = {int(row["band"]): float(row["wavelength_nm"]) for row in rows if row["band"]}
    assert bands == {k + 1: w for k, w in enumerate(WAVELENGTHS) if k != BAD_BAND}
    profile = json.loads(json.loads(library_text([spectrum]))["features"][0]["properties"]["profiles"])
    assert profile["x"] == KNOWN
    assert profile["bbl"] == [1] * 11
    np.testing.assert_allclose(profile["y"], np.delete(spectrum.band_values, BAD_BAND), rtol=1e-8)


def test_a_band_of_one_value_is_shown_as_bad_ones_are(qgis, tmp_path):
    from hiner.core.simple import compress_array
    from hiner.hiner_qgis.docks import presets
    from hiner.hiner_qgis.docks.spectrum import pixel_spectrum

    cube = np.random.default_rng(3).integers(900, 1100, (5, 8, 9)).astype("uint16")
    cube[2] = 0
    compress_array(cube, tmp_path / "filled.hnr", [500, 510, 520, 530, 540], max_error=0)
    hnr = HnrFile(tmp_path / "filled.hnr")
    spectrum = pixel_spectrum(hnr, 3, 4, "pixel")
    assert spectrum.good.tolist() == [True, True, False, True, True]
    assert np.isnan(spectrum.band_values[2])
    assert not (spectrum.values < 500).any()
    assert presets.bad_bands(hnr.grid).tolist() == [520.0]
    assert "among bad bands" in presets.hint(hnr.grid, 520.0, presets.nearest(hnr.grid, 520.0))
