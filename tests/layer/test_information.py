"""What the information panel says of a layer."""

import os
from dataclasses import replace

from layer_scene import COLS, ROWS

from hiner.core.hnr_file import HnrFile


def test_the_information_panel_says_how_the_file_was_made(open_layer, hnr_path):
    html = open_layer(hnr_path).htmlMetadata()
    header = HnrFile(hnr_path).header
    assert f"{header.measured['psnr_db']:.2f} dB" in html
    assert f"{8 * os.path.getsize(hnr_path) / (ROWS * COLS * 12):.4f} bits per sample" in html
    assert "430.0 to 555.0 nm, 605.0 to 705.0 nm" in html
    assert "flight.tif" in html
    assert "in stored values" not in html


def test_the_information_panel_says_in_what_units_errors_are_where_the_layer_is_scaled(open_layer, variant):
    scaled = variant("scaled.hnr", lambda d: replace(d, bands=tuple(replace(b, scale=0.0001) for b in d.bands)))
    html = open_layer(scaled).htmlMetadata()
    assert "in stored values (physical value = stored value \u00d7 0.0001)" in html


def test_the_information_panel_numbers_bands_that_have_no_wavelengths(open_layer, variant):
    bare = variant("bare.hnr", lambda d: replace(d, bands=tuple(replace(b, wavelength=None, fwhm=None) for b in d.bands)))
    assert "band 1, band 2, band 3" in open_layer(bare).htmlMetadata()
