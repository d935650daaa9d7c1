"""`hiner:info` and `hiner:evaluate` say what is in a file and how close it is."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

NODATA = -32768


def test_info_writes_a_page_and_the_header(run, hnr, wavelengths, tmp_path):
    page, document = str(tmp_path / "info.html"), str(tmp_path / "info.json")
    results = run("info", INPUT=hnr, OUTPUT_HTML=page, OUTPUT_JSON=document)
    assert results == {"OUTPUT_HTML": page, "OUTPUT_JSON": document}
    text = Path(page).read_text(encoding="utf-8")
    assert text.lstrip().lower().startswith("<!doctype html>")
    assert "scene.hnr" in text
    header = json.loads(Path(document).read_text(encoding="utf-8"))
    assert (header["rows"], header["columns"], header["bands"]) == (40, 48, 12)
    assert header["dtype"] == "int16"
    assert header["method"] == "hiner"
    assert header["per_band"]["wavelength"] == wavelengths
    assert header["bytes"] == os.path.getsize(hnr)
    assert header["rate_bpppb"] == pytest.approx(8 * header["bytes"] / (12 * 40 * 48))


def test_info_writes_only_what_is_asked_for(run, hnr, tmp_path):
    results = run("info", INPUT=hnr, OUTPUT_HTML=None, OUTPUT_JSON=str(tmp_path / "info.json"))
    assert list(results) == ["OUTPUT_JSON"]
    assert os.listdir(tmp_path) == ["info.json"]


def test_evaluate_agrees_with_the_definitions(run, raster, hnr, cube, read_raster, tmp_path):
    run("decompress", INPUT=hnr, OUTPUT=str(tmp_path / "decoded.tif"))
    decoded = read_raster(tmp_path / "decoded.tif")["cube"]
    valid = cube[0] != NODATA
    first, second = cube[:, valid].astype(float), decoded[:, valid].astype(float)
    rmse = np.sqrt(((first - second) ** 2).mean(axis=1))
    cosine = (first * second).sum(0) / np.sqrt((first**2).sum(0) * (second**2).sum(0))
    results = run("evaluate", REFERENCE=raster, INPUT=hnr, OUTPUT_HTML=str(tmp_path / "e.html"))
    assert results["RMSE"] == pytest.approx(rmse.mean())
    assert results["PSNR"] == pytest.approx(np.mean(20 * np.log10(np.ptp(first, axis=1) / rmse)))
    assert results["SAM"] == pytest.approx(np.degrees(np.arccos(np.clip(cosine, -1, 1))).mean(), rel=1e-4)
    assert results["MAX_ERROR"] == np.abs(first - second).max()
    assert 0 < results["SSIM"] < 1
    assert results["RATE"] == pytest.approx(8 * os.path.getsize(hnr) / cube.size)
    assert results["RATIO"] == pytest.approx(cube.nbytes / os.path.getsize(hnr))


def test_evaluate_writes_a_table_of_the_bands(run, raster, hnr, wavelengths, tmp_path):
    table = str(tmp_path / "e.csv")
    results = run("evaluate", REFERENCE=raster, INPUT=hnr, OUTPUT_HTML=None, OUTPUT_CSV=table)
    rows = list(csv.DictReader(Path(table).read_text(encoding="utf-8").splitlines()))
    assert [float(row["wavelength_nm"]) for row in rows] == wavelengths
    assert np.mean([float(row["psnr_db"]) for row in rows]) == pytest.approx(results["PSNR"])


def test_evaluate_shows_plots_and_pictures(run, raster, hnr, tmp_path):
    pytest.importorskip("matplotlib")
    page = tmp_path / "e.html"
    run("evaluate", REFERENCE=raster, INPUT=hnr, OUTPUT_HTML=str(page))
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/png;base64,") >= 4
    assert "http://" not in text.replace("http://www.w3.org/", "")


def test_evaluate_notes_a_raster_of_another_place_in_log_and_report(
    run, listen, write_raster, hnr, cube, wavelengths, tmp_path
):
    moved = (365355.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
    other = write_raster(tmp_path / "beside.tif", cube, [w + 5 for w in wavelengths], -32768, transform=moved)
    page, feedback = tmp_path / "e.html", listen()
    run("evaluate", feedback, REFERENCE=other, INPUT=hnr, OUTPUT_HTML=str(page))
    for text in ("up to 10.0 pixels apart", "band 1 is at 455.0 nm in the raster"):
        assert text in page.read_text(encoding="utf-8")
        assert any(text in line for line in feedback.infos)


def test_evaluate_notes_nothing_of_the_same_place_in_another_crs(run, listen, raster, hnr, tmp_path):
    from osgeo import gdal

    # The same numbers elsewhere on earth, and the raster itself.
    other = str(tmp_path / "elsewhere.tif")
    gdal.Translate(other, raster, outputSRS="EPSG:32632")
    feedback = listen()
    run("evaluate", feedback, REFERENCE=other, INPUT=hnr, OUTPUT_HTML=None)
    assert any("more than 1000 pixels" in line for line in feedback.infos)
    feedback = listen()
    run("evaluate", feedback, REFERENCE=raster, INPUT=hnr, OUTPUT_HTML=None)
    assert not any("not of the same" in line or "georeference" in line for line in feedback.infos)


def test_evaluate_refuses_another_raster(run, write_raster, hnr, cube, tmp_path):
    from qgis.core import QgsProcessingException

    other = write_raster(tmp_path / "other.tif", cube[:, :20])
    with pytest.raises(QgsProcessingException, match="20x48 pixels and 12 bands.*40x48"):
        run("evaluate", REFERENCE=other, INPUT=hnr, OUTPUT_HTML=str(tmp_path / "e.html"))
    assert not (tmp_path / "e.html").exists()


def test_a_compression_reports_what_it_cost(run, raster, tiny, tmp_path):
    page = tmp_path / "cost.html"
    results = run("compress", INPUT=raster, OUTPUT=str(tmp_path / "x.hnr"), OUTPUT_HTML=str(page), **tiny)
    text = page.read_text(encoding="utf-8")
    assert results["OUTPUT_HTML"] == str(page)
    assert "parameters" in text
    assert f"{results['PSNR']:.2f}" in text
