"""Every report is a whole, closed page that says what was measured and asks nothing of the network."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from html_document import Document
from measured_scenes import NODATA, header_of, make_scene, measured, outcome_of
from whole_bands import whole_bands

from hiner.core.methods.contract import Plan
from hiner.core.quality.evaluate import SceneBands, evaluate
from hiner.core.report.compression import compression_html
from hiner.core.report.evaluation import evaluation_html
from hiner.core.report.info import info_html
from hiner.core.report.numbers import decimal

NASTY = "</td><script>alert(1)</script>&amp;\x00'\""


def _pages(scene):
    quality, pictures = measured(scene)
    plan = Plan(("Network: 9,000 parameters", "Device: cpu"), 1000, 30.0, 25.0)
    return {
        "evaluation": evaluation_html(quality, scene.description, pictures, "a/scene.hnr", "hiner"),
        "info": info_html(header_of(scene), "a/scene.hnr", 1234),
        "compression": compression_html(outcome_of(scene, quality), plan, pictures),
    }


@pytest.fixture(scope="module")
def scene():
    return make_scene()


@pytest.fixture(scope="module")
def pages(scene):
    return _pages(scene)


def _check_whole(page):
    """Closed elements, one heading of the first order, nothing fetched, nothing run, all described."""
    document = Document(page)
    assert page.startswith("<!DOCTYPE html>")
    assert document.attributes("html") == [{"lang": "en"}]
    assert len(document.attributes("h1")) == 1
    for tag in ("script", "link", "iframe", "object", "base", "form"):
        assert document.attributes(tag) == []
    for _, attributes in document.tags:
        for name in ("src", "srcset", "href"):
            assert attributes.get(name, "data:").startswith("data:")
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"url\(|@import|https?://", page)
    assert all(image["alt"] for image in document.attributes("img"))
    assert all("scope" in heading for heading in document.attributes("th"))
    return document


ODDITIES = {
    "no wavelengths": {"places": None},
    "two bands": {"shape": (2, 9, 9), "nodata": None},
    "one pixel": {"shape": (3, 1, 1), "nodata": None},
    "thin": {"shape": (6, 3, 2000)},
    "floats": {"dtype": "float64", "nodata": float("nan")},
    "nothing known": {"places": None, "source": ""},
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_pages_of_odd_scenes_are_whole(oddity):
    for page in _pages(make_scene(**ODDITIES[oddity])).values():
        _check_whole(page)


def test_pages_are_whole(pages):
    for page in pages.values():
        _check_whole(page)


def test_metadata_and_names_cannot_break_a_page():
    scene = make_scene(source=NASTY, metadata=((NASTY, NASTY), ("time", "noon")))
    place = replace(scene.description.georeference, crs_wkt=f'GEOGCRS["{NASTY}"]')
    scene = replace(scene, description=replace(scene.description, georeference=place))
    quality, pictures = measured(scene)
    evaluation = evaluation_html(quality, scene.description, pictures, NASTY, NASTY)
    information = info_html(header_of(scene, **{NASTY: NASTY}), NASTY, 99)
    for page in (evaluation, information):
        document = _check_whole(page)
        assert "alert(1)" in document.words
        page.encode("utf-8")


def test_evaluation_states_the_figures_and_their_convention(scene, pages):
    quality, _ = measured(scene)
    words = Document(pages["evaluation"]).words
    assert f"PSNR, mean over bands {decimal(quality.mean_psnr, 2)} dB" in words
    assert f"SSIM, mean over bands {decimal(quality.mean_ssim, 4)}" in words
    assert "Largest error 9 stored units" in words
    assert "bits per sample" in words
    assert "its own largest minus smallest valid value" in words
    assert "mean over 11 bands" in words
    assert "As published 43.21 dB" in words
    assert "multiply by 0.0001" in words
    assert "WGS 84 / UTM zone 33N (EPSG:32633)" in words
    assert "11 of 12; without data or marked bad: 2" in words


def test_evaluation_has_plots_pictures_and_a_row_per_band(scene, pages):
    document = Document(pages["evaluation"])
    alternatives = [image["alt"] for image in document.attributes("img")]
    assert any(text.startswith("PSNR of each band") for text in alternatives)
    assert any(text.startswith("RMSE and largest") for text in alternatives)
    assert sum("decoded minus original" in text for text in alternatives) == 2
    assert sum(text.startswith("True colour") for text in alternatives) == 2
    assert len(document.attributes("details")) >= 1
    rows = [heading for heading in document.attributes("th") if heading["scope"] == "row"]
    assert len(rows) >= scene.description.n_bands
    assert len([row for row in document.attributes("tr") if row.get("class") == "unused"]) == 1


def test_constant_and_exact_bands_are_said_to_be_left_out():
    scene = make_scene(nodata=None)
    scene.cube[3] = 7
    quality, _ = measured(scene)
    psnr = quality.psnr.copy()
    psnr[5] = np.inf
    words = Document(evaluation_html(replace(quality, psnr=psnr), scene.description)).words
    assert "mean over 10 bands (1 band constant, 1 band free of any error left out)" in words


def test_info_says_what_can_be_asked_for(scene, pages):
    words = Document(pages["info"]).words
    assert "550.00 to 700.00 nm 1500.00 to 1700.00 nm" in words
    assert "450.00 nm" in words
    assert "Strides 2 \u00d7 2, 5 \u00d7 4" in words
    assert "PSNR, mean over bands 41.50 dB" in words
    assert "something_new 3.000" in words
    assert "Compression ratio 6.22 : 1" in words
    assert "Nodata value \u22129,999" in words


def test_wavelengths_named_are_never_outside_the_bands():
    """400.017 to 400.093 nm is shown as 400.02 to 400.09 nm."""
    scene = make_scene((3, 6, 6), places=lambda n: [400.017, 400.05, 400.093], nodata=None)
    words = Document(info_html(header_of(scene), "scene.hnr", 99)).words
    assert "Wavelengths 400.02 to 400.09 nm" in words


def test_info_of_a_file_without_figures(scene):
    header = replace(header_of(scene), measured={}, parameters={}, encoder="")
    words = Document(info_html(header, "scene.hnr", 99)).words
    assert "The file says nothing of its quality." in words


def test_compression_says_what_it_took(pages):
    document = Document(pages["compression"])
    assert "Network 9,000 parameters" in document.words
    assert "Time in all 31 s Time expected 25 s Trained 50 epochs in 25 s" in document.words
    assert any(image["alt"].startswith("PSNR over the training") for image in document.attributes("img"))


def test_without_matplotlib_a_report_is_written_and_says_what_it_lacks(scene, pages, monkeypatch):
    quality, pictures = measured(scene)
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    for page in (
        evaluation_html(quality, scene.description, pictures),
        info_html(header_of(scene), "scene.hnr", 99),
        compression_html(outcome_of(scene, quality), None, pictures),
    ):
        document = _check_whole(page)
        assert document.attributes("img") == []
        assert "no plots and no pictures" in document.words
        assert "python3-matplotlib" in document.words
        assert "PSNR, mean over bands" in document.words


def test_nothing_needs_pyplot(scene, monkeypatch):
    """pyplot keeps state that worker threads would share."""
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    assert "data:image/png" in info_html(header_of(scene), "scene.hnr", 99)


def test_threads_make_the_same_page(scene, pages):
    quality, pictures = measured(scene)

    def make(_):
        return info_html(header_of(scene), "a/scene.hnr", 1234)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(make, range(6))) == {pages["info"]}


def test_nodata_is_not_part_of_any_picture(scene):
    _, pictures = measured(scene)
    assert not pictures.colour.valid[:3, :5].any()
    assert pictures.colour.low.min() > NODATA
    assert np.isnan(pictures.sam[:3, :5]).all()


def _constant_pages():
    scene = make_scene(nodata=None)
    scene = replace(scene, cube=np.full_like(scene.cube, 7))
    quality = evaluate(SceneBands(scene), whole_bands(scene.cube.__getitem__))
    quality = quality.of_file(99, scene.description)
    plan = Plan(("Bands to code: 0",), 99, 30.0, 0.029)
    return quality, (
        compression_html(outcome_of(scene, quality), plan), evaluation_html(quality, scene.description),
    )


def test_a_constant_scene_has_words_where_there_is_nothing_to_plot():
    quality, pages = _constant_pages()
    for page in pages:
        words = _check_whole(page).words
        assert "Every band is constant. Every sample that was compared came back exactly" in words
        assert "PSNR of each band over" not in page
    assert "Time expected less than a second" in Document(pages[0]).words


def test_the_log_of_a_constant_scene_speaks_of_no_nan(qgis):
    from hiner.hiner_qgis.describe import outcome_lines

    quality, _ = _constant_pages()
    lines = "\n".join(outcome_lines(outcome_of(make_scene(nodata=None), quality)))
    assert "Every band is constant, stored exactly" in lines
    assert "nan" not in lines
