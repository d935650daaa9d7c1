"""Images of EnMAP and DESIS have the wavelengths that the METADATA.XML beside them states."""

import os

import numpy as np
import pytest

from hiner.core.errors import ParameterError
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.wavelength_file import read_wavelength_file

ENMAP = "ENMAP01-____L2A-DT0000001867_20220724T104526Z_008_V010302_20230628T165614Z-"
DESIS = "DESIS-HSI-L2A-DT0483531728_001-20200817T101018-V0210-"
# Two detectors overlap near 900 nm.
BANDS = [(418.4, 6.9), (895.5, 8.1), (902.3, 10.9), (904.1, 8.2), (2445.5, 7.4)]


def enmap_xml(bands=BANDS, vnir="1,2,4", swir="3,5"):
    listed = "".join(
        f'<bandID number="{number}"><wavelengthCenterOfBand>{nm}</wavelengthCenterOfBand><FWHMOfBand>{width}</FWHMOfBand>'
        "<GainOfBand>0.0001</GainOfBand><OffsetOfBand>0</OffsetOfBand></bandID>"
        for number, (nm, width) in enumerate(bands, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><level_X><base><level>L2A</level></base><specific>'
        f"<vnirProductQuality><expectedChannelsList>{vnir}</expectedChannelsList></vnirProductQuality>"
        f"<swirProductQuality><expectedChannelsList>{swir}</expectedChannelsList></swirProductQuality>"
        '<qualityFlag><deadPixels><bandID number="9">3</bandID></deadPixels></qualityFlag>'
        f"<bandCharacterisation>{listed}</bandCharacterisation></specific></level_X>"
    )


def desis_xml(bands):
    listed = "".join(
        f"<band><bandNumber>{number}</bandNumber><wavelengthCenterOfBand>{nm}</wavelengthCenterOfBand>"
        f"<wavelengthWidthOfBand>{width}</wavelengthWidthOfBand><response>0.1,0.9,0.1</response>"
        "<wavelengths>400.1,401.9,403</wavelengths></band>"
        for number, (nm, width) in enumerate(bands, start=1)
    )
    return f"<hsi_doc><specific><bandCharacterisation>{listed}</bandCharacterisation></specific></hsi_doc>"


@pytest.fixture
def product(make_raster, tmp_path):
    """A function that writes an image of so many bands with a metadata file beside it."""

    def make(image, n_bands, metadata="", text="", **options):
        cube = np.arange(n_bands * 12, dtype=np.uint16).reshape(n_bands, 3, 4)
        if metadata:
            (tmp_path / metadata).write_text(text, encoding="utf-8")
        return make_raster(cube, name=image, **options)

    return make


def bands_of(path):
    with open_raster(path) as source:
        return [(band.wavelength, band.fwhm) for band in source.description.bands], source.warnings


@pytest.mark.parametrize("image", ["SPECTRAL_IMAGE.TIF", "SPECTRAL_IMAGE_COG.tiff"])
@pytest.mark.parametrize("ending", ["XML", "xml"])
def test_an_image_of_enmap_has_its_wavelengths(product, image, ending):
    bands, warnings = bands_of(product(ENMAP + image, 5, f"{ENMAP}METADATA.{ending}", enmap_xml()))
    assert bands == BANDS
    assert not warnings


def test_an_image_of_one_detector_has_that_ones_bands(product):
    vnir, _ = bands_of(product(ENMAP + "SPECTRAL_IMAGE_VNIR.TIF", 3, ENMAP + "METADATA.XML", enmap_xml()))
    swir, _ = bands_of(product(ENMAP + "SPECTRAL_IMAGE_SWIR.TIF", 2))
    assert vnir == [BANDS[0], BANDS[1], BANDS[3]]
    assert swir == [BANDS[2], BANDS[4]]


def test_an_image_of_desis_has_its_wavelengths(product):
    path = product(DESIS + "SPECTRAL_IMAGE.tif", 2, DESIS + "METADATA.xml", desis_xml([(401.9, 3.5), (404.5, 3.4)]))
    assert bands_of(path)[0] == [(401.9, 3.5), (404.5, 3.4)]


def test_what_the_image_states_itself_counts_first(product):
    own = {"wavelength": "{500, 600}", "wavelength_units": "nm"}
    text = desis_xml([(401.9, 3.5), (404.5, 3.4)])
    path = product(DESIS + "SPECTRAL_IMAGE.tif", 2, DESIS + "METADATA.xml", text, dataset=own)
    assert [nm for nm, _ in bands_of(path)[0]] == [500, 600]


def test_metadata_of_other_bands_are_not_used_and_that_is_told(product):
    bands, warnings = bands_of(product(ENMAP + "SPECTRAL_IMAGE.TIF", 4, ENMAP + "METADATA.XML", enmap_xml()))
    assert bands == [(None, None)] * 4
    assert any("tells of 5 bands, the image has 4" in text for text in warnings)
    _, warnings = bands_of(product(ENMAP + "SPECTRAL_IMAGE_VNIR.TIF", 4))
    assert any("tells of 3 bands of VNIR, the image has 4" in text for text in warnings)


@pytest.mark.parametrize(
    "text", [
        "", "<level_X>", "<level_X></level_X>", enmap_xml()[:600], enmap_xml().replace("418.4", "blue"),
        enmap_xml().replace('number="2"', 'number="two"'), enmap_xml().replace('number="2"', 'number="1"'),
        enmap_xml().replace('number="2"', 'number="' + 5000 * "7" + '"'), enmap_xml().replace("418.4", "0"),
        enmap_xml().replace("418.4", "-418"), enmap_xml().replace("418.4", "nan"), enmap_xml().replace("418.4", "1e300"),
        enmap_xml().replace('encoding="UTF-8"', 'encoding="foo"'), 500 * "<a>" + 500 * "</a>",
        '<!DOCTYPE a [<!ENTITY b "cccc">]>' + enmap_xml().partition("?>")[2],
    ],
)  # fmt: skip
def test_damaged_metadata_are_told_and_not_used(product, tmp_path, text):
    path = product(ENMAP + "SPECTRAL_IMAGE.TIF", 5, ENMAP + "METADATA.XML", text)
    bands, warnings = bands_of(path)
    assert bands == [(None, None)] * 5
    assert any("METADATA.XML" in warning and "not used" in warning for warning in warnings)
    with pytest.raises(ParameterError, match="METADATA.XML"):
        read_wavelength_file(tmp_path / (ENMAP + "METADATA.XML"))


@pytest.mark.parametrize("vnir", ["1,2,9", "1,2,2", "1,2,a", ""])
def test_a_detectors_bands_that_are_not_described_are_told_and_a_whole_image_needs_no_such_list(product, vnir):
    bands, warnings = bands_of(product(ENMAP + "SPECTRAL_IMAGE_VNIR.TIF", 3, ENMAP + "METADATA.XML", enmap_xml(vnir=vnir)))
    assert bands == [(None, None)] * 3
    assert any("METADATA.XML" in warning and "not used" in warning for warning in warnings)
    assert bands_of(product(ENMAP + "SPECTRAL_IMAGE.TIF", 5))[0] == BANDS


def test_what_is_wrong_with_metadata_that_nobody_needs_is_not_told(product):
    own = {"wavelength": "{500, 600}", "wavelength_units": "nm"}
    _, warnings = bands_of(product(ENMAP + "SPECTRAL_IMAGE.TIF", 2, ENMAP + "METADATA.XML", "<broken", dataset=own))
    assert not warnings


def test_paths_may_be_bytes(product):
    path = product(ENMAP + "SPECTRAL_IMAGE.TIF", 5, ENMAP + "METADATA.XML", enmap_xml())
    assert bands_of(os.fsencode(path))[0] == BANDS


@pytest.mark.parametrize("image", ["clip.tif", "SPECTRAL_IMAGE.tif", ENMAP + "QL_VNIR.TIF"])
def test_other_images_have_none(product, image):
    bands, _ = bands_of(product(image, 5, ENMAP + "METADATA.XML", enmap_xml()))
    assert bands == [(None, None)] * 5


def test_the_metadata_file_can_be_given_for_a_cut_out(tmp_path):
    path = tmp_path / (ENMAP + "METADATA.XML")
    path.write_text(enmap_xml(), encoding="utf-8")
    assert read_wavelength_file(path) == [nm for nm, _ in BANDS]
