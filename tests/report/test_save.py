"""Reports and tables appear whole or not at all, and say the same to programs."""

import csv
import io
import json

import pytest
from measured_scenes import header_of, make_scene, measured

from hiner.core.errors import OutputError
from hiner.core.report.tables import info_json, quality_csv
from hiner.core.whole_file import save_text


def test_text_is_utf8_and_replaces_what_was_there(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    save_text(path, "\u00b0 \u2212 \u00e9")
    assert path.read_bytes().decode("utf-8") == "\u00b0 \u2212 \u00e9"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(OutputError, match="folder"):
        save_text(tmp_path, "text")
    assert tmp_path.is_dir()


def test_csv_has_a_line_a_band_with_the_figures():
    scene = make_scene()
    quality, _ = measured(scene)
    rows = list(csv.DictReader(io.StringIO(quality_csv(quality))))
    assert [int(row["band"]) for row in rows] == list(range(1, 13))
    assert float(rows[4]["rmse"]) == pytest.approx(quality.rmse[4])
    assert float(rows[4]["wavelength_nm"]) == pytest.approx(scene.description.bands[4].wavelength)
    assert (rows[1]["compared"], rows[1]["psnr_db"]) == ("0", "")


def test_info_for_programs_is_json():
    document = json.loads(info_json(header_of(make_scene()), "folder/scene.hnr", 1234))
    assert document["file"] == "scene.hnr"
    assert document["bytes"] == 1234
    assert document["rate_bpppb"] == pytest.approx(8 * 1234 / (12 * 20 * 16))
    assert document["measured"]["psnr_db"] == 41.5
