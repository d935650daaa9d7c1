"""Bad bands that have no wavelength harm nothing: the others keep theirs, from the raster to every output."""

import csv
import io
import json
import re

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")

from hiner.core.codec import CompressOptions, compress
from hiner.core.decompression.decompress import decompress
from hiner.core.errors import SceneError, WavelengthError
from hiner.core.evaluation import evaluate_file
from hiner.core.hnr_file import HnrFile
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene
from hiner.core.report.info import info_html
from hiner.core.report.tables import info_json, quality_csv
from hiner.core.simple import compress_array

WAVELENGTHS = [0, 0, 500, 510, 0, 530, 540]
GOOD = [0, 0, 1, 1, 0, 1, 1]


def header(wavelengths, good):
    lists = {"wavelength": wavelengths, "bbl": good}
    return {name: "{" + ",".join(map(str, values)) + "}" for name, values in lists.items()}


def make(path, wavelengths=WAVELENGTHS, good=GOOD):
    raster = gdal.GetDriverByName("ENVI").Create(str(path), 20, 15, len(wavelengths), gdal.GDT_Int16)
    raster.SetMetadata({**header(wavelengths, good), "wavelength_units": "Nanometers"}, "ENVI")
    y, x = np.mgrid[:15, :20]
    cube = np.stack([1000 + 30 * k + 5 * y + 9 * np.sin(x / 3 + k / 4) for k in range(len(wavelengths))])
    raster.WriteRaster(0, 0, 20, 15, np.rint(cube).astype("int16").tobytes())
    return path


def scene_of(path, **options):
    with open_raster(str(path), **options) as source:
        return read_scene(source)


@pytest.fixture
def scene(tmp_path):
    return scene_of(make(tmp_path / "original.dat"))


@pytest.fixture
def hnr_path(scene, tmp_path):
    compress(scene, tmp_path / "scene.hnr", CompressOptions(max_error=0))
    return tmp_path / "scene.hnr"


def stated(description):
    return [band.wavelength for band in description.bands]


EXPECTED = [None, None, 500.0, 510.0, None, 530.0, 540.0]


def test_the_file_has_the_wavelengths_that_the_raster_has(scene, hnr_path):
    assert stated(scene.description) == stated(HnrFile(hnr_path).description) == EXPECTED


@pytest.mark.parametrize("name", ["back.dat", "back.tif"])
def test_and_so_have_decoded_rasters(scene, hnr_path, tmp_path, name):
    decompress(hnr_path, tmp_path / name)
    back = scene_of(tmp_path / name)
    assert stated(back.description) == EXPECTED
    assert [band.good for band in back.description.bands] == [bool(good) for good in GOOD]
    kept = np.flatnonzero(GOOD)
    np.testing.assert_array_equal(back.cube[kept], scene.cube[kept])


def test_an_envi_header_alone_says_the_same(hnr_path, tmp_path):
    decompress(hnr_path, tmp_path / "back.dat")
    (tmp_path / "back.dat.aux.xml").unlink()
    assert stated(scene_of(tmp_path / "back.dat").description) == EXPECTED


def test_wavelengths_between_good_bands_can_be_asked_for_and_across_bad_ones_not(hnr_path):
    hnr = HnrFile(hnr_path)
    assert hnr.grid.ranges() == [(500.0, 510.0), (530.0, 540.0)]
    assert np.isfinite(hnr.read_wavelengths([505.0])).all()
    with pytest.raises(WavelengthError, match="500 to 510, 530 to 540 nm"):
        hnr.read_wavelengths([520.0])


def test_figures_and_reports_leave_their_places_empty(scene, hnr_path):
    evaluation = evaluate_file(scene, hnr_path)
    rows = list(csv.DictReader(io.StringIO(quality_csv(evaluation.quality))))
    places = [next(value for key, value in row.items() if key.startswith("wavelength")) for row in rows]
    assert places == ["", "", "500.0", "510.0", "", "530.0", "540.0"]
    assert evaluation.notes == ()
    hnr = HnrFile(hnr_path)
    for page in (evaluation.html(), info_html(hnr.header, "scene.hnr", 999)):
        assert "500.00 to 510.00 nm" in page
        assert not re.search(r"\bnan\b(?! ?=)", re.sub(r"base64,[^\"]*", "", page), re.IGNORECASE)
    assert json.loads(info_json(hnr.header, "scene.hnr", 999))["per_band"]["wavelength"] == EXPECTED


ALL, NONE = [480, 490, 500, 510, 520, 530, 540], [None] * 7


@pytest.mark.parametrize("wavelengths, places", [(ALL, ALL), (None, NONE)])
def test_a_file_that_keeps_them_is_evaluated_against_a_raster_that_does_not(scene, tmp_path, wavelengths, places):
    compress_array(scene.cube, tmp_path / "kept.hnr", wavelengths, max_error=0)
    evaluation = evaluate_file(scene, tmp_path / "kept.hnr")
    assert evaluation.quality.usable.all()
    assert stated(evaluation.description) == places
    assert "Decoding took" in evaluation.html()


def test_a_good_band_without_a_wavelength_is_still_refused(tmp_path):
    path = make(tmp_path / "original.dat", good=[0, 0, 1, 1, 1, 1, 1])
    with pytest.raises(SceneError, match="1 of 5 bands .* the first is band 5"):
        scene_of(path)


def test_a_list_of_the_users_own_may_have_zeros_for_them(tmp_path):
    path = make(tmp_path / "original.dat", wavelengths=[1, 2, 3, 4, 5, 6, 7])
    assert stated(scene_of(path, wavelengths=WAVELENGTHS).description) == EXPECTED
