"""Wavelength files as people and programs write them."""

import pytest

from hiner.core.errors import ParameterError
from hiner.core.raster.wavelength_file import read_wavelength_file


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, encoding="utf-8"):
        path = tmp_path / "wavelengths.csv"
        path.write_bytes(text.encode(encoding))
        return read_wavelength_file(path)

    return write_and_read


@pytest.mark.parametrize(
    "text",
    [
        "450\n550.5\n", "450\r\n550.5\r\n", "450\n\n# infrared left out\n550.5",
        "wavelength\n450\n550.5\n", "Wavelength (nm)\n450\n550.5\n",
        "band,wavelength\nB1,450\nB2,550.5\n", "1,450\n2,550.5\n", "B1;450\nB2;550,5\n",
        "blue\t450\ngreen\t550,5\n", "blue light 450\ngreen light 550.5\n", "1 450\n2 550.5\n",
        "wavelength,fwhm\n450,5\n550.5,6\n", "name;Wellenlaenge;wavelength [nm]\na;b;450\nc;d;550,5\n",
        '"band 1, blue",450\n"band 2, green",550.5\n', "band wavelength fwhm\n1 450 5\n2 550.5 6\n",
        "450 # blue\n550.5 # green\n",
    ],
)
def test_one_wavelength_a_line_alone_or_behind_a_name(read, text):
    assert read(text) == [450.0, 550.5]


def test_a_byte_order_mark_is_no_header(read):
    assert read("450\n550\n", encoding="utf-8-sig") == [450.0, 550.0]


def test_micrometres_are_left_to_the_rule_for_units(read):
    assert read("0.45\n0.55\n") == [0.45, 0.55]


def test_zero_stands_for_none(read):
    assert read("wavelength\n0\n450\n0.0\n") == [0.0, 450.0, 0.0]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("450\nblue\n550\n", "line 2"), ("450\n-5\n", "line 2"), ("450\nnan\n", "line 2"),
        ("1,450,5\n2,550,6\n", "line 1"), ("wavelength\n", "no wavelengths"), ("", "no wavelengths"), ("0\n0\n", "no wavelengths"),
        ("\0\0\0", "not a list"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(read, text, part):
    with pytest.raises(ParameterError, match=part) as refusal:
        read(text)
    assert "wavelengths.csv" in str(refusal.value)


@pytest.mark.parametrize("text", [
    "450,53\n455,12\n", "423.03 5.80\n428.80 5.90\n", "450.5,5\n455.1,5\n", "1,450\n3,460\n", "5 450\n6 455\n",
    "0,45\n0,55\n", "1,1\n1,2\n", "wavelength\n450,53\n455,12\n", "Wellenlaenge\n450,53\n455,12\n",
])
def test_pairs_that_may_be_decimal_commas_or_widths_are_not_guessed_at(read, text):
    with pytest.raises(ParameterError, match="With|with decimal commas"):
        read(text)


def test_files_that_are_no_text_or_absent(tmp_path):
    binary = tmp_path / "image.csv"
    binary.write_bytes(bytes(range(128, 256)))
    for path in (binary, tmp_path / "absent.csv", tmp_path):
        with pytest.raises(ParameterError, match=path.name):
            read_wavelength_file(path)
