"""Band names that a program made become a pattern; others stay what they are."""

import pytest

from hiner.core.container.names import pack_names, unpack_names
from hiner.core.errors import FormatError

WAVELENGTHS = [418.24, 1026.0, 2445.53]


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["", "", ""], ""),
        (["reflectance"] * 3, "reflectance"),
        (["Band 1", "Band 2", "Band 3"], "Band {number}"),
        (["418.24", "1026.0", "2445.53"], "{wavelength}"),
        (
            ["band 1 (418.24 Nanometers)", "band 2 (1026.0 Nanometers)", "band 3 (2445.53 Nanometers)"],
            "band {number} ({wavelength} Nanometers)",
        ),
        (["b1 418.24nm", "b2 1026nm", "b3 2445.53nm"], "b{number} {wavelength}nm"),
        (["3D 1", "3D 2", "3D 3"], "3D {number}"),
    ],
)
def test_patterns_are_found_and_expanded(names, pattern):
    packed = pack_names(names, WAVELENGTHS)
    assert packed["pattern"] == pattern
    assert unpack_names(packed, WAVELENGTHS) == names


@pytest.mark.parametrize(
    "names",
    [
        ["blue", "green", "red"],
        ["Band 1", "Band 2", "Band 2"],
        ["{number}", "{number}", "{number}"],
        ["{number}{number}", "", "{wavelength}"],
        ["x" * 500] * 3,
    ],
)
def test_other_names_stay_a_list(names):
    packed = pack_names(names, WAVELENGTHS)
    assert packed == names
    assert unpack_names(packed, WAVELENGTHS) == names


def test_bands_without_wavelength_keep_their_names():
    names = ["a 418.24", "a", "a 2445.53"]
    packed = pack_names(names, [418.24, None, 2445.53])
    assert unpack_names(packed, [418.24, None, 2445.53]) == names


@pytest.mark.parametrize(
    "packed",
    [
        7,
        {},
        {"pattern": 3},
        {"pattern": "{number}{number}"},
        {"pattern": "x" * 129},
        {"pattern": "{wavelength}", "wavelength": "%s"},
        {"pattern": "{wavelength}", "wavelength": ["float"]},
    ],
)
def test_what_is_no_pattern_is_refused(packed):
    with pytest.raises(FormatError):
        unpack_names(packed, WAVELENGTHS)
