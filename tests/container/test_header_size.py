"""The header of a real scene is small beside a file of 20 kB, and loses nothing of its metadata."""

import numpy as np
import pytest

from hiner.core.container.packed_header import pack_header, unpack_header

EXACT = ("wavelength", "fwhm", "good", "scale", "offset", "name", "usable", "minimum", "maximum")


@pytest.mark.parametrize(
    ("name", "bound"),
    [("enmap", 1250), ("enmap_holes", 1250), ("indian_pines", 1100), ("jasper_ridge", 750)],
)
def test_header_bytes(real_header, name, bound):
    header = real_header(name)
    packed = pack_header(header)
    assert len(packed) <= bound
    written, read = header.to_json(), unpack_header(packed).to_json()
    for column in EXACT:
        assert read["per_band"][column] == written["per_band"][column]
    del written["per_band"], read["per_band"]
    assert read == written


@pytest.mark.parametrize("name", ["enmap", "indian_pines", "jasper_ridge"])
def test_stretch_of_a_layer_moves_by_less_than_two_grey_levels_in_nine_of_ten_bands(real_header, name):
    meant = real_header(name)
    kept = unpack_header(pack_header(meant)).statistics
    level = (meant.statistics.high - meant.statistics.low) / 256
    for figure in ("low", "high", "mean"):
        shift = np.abs(getattr(kept, figure) - getattr(meant.statistics, figure)) / level
        assert np.nanpercentile(shift, 90) < 2
