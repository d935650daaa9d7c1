"""Headers that are not UTF-8 give files that decode: GDAL hands their texts out as bytes or with escapes."""

import json
import os

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")

from hiner.core.codec import CompressOptions, compress
from hiner.core.decompression.decompress import decompress
from hiner.core.hnr_file import HnrFile
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene
from hiner.core.report.tables import info_json
from hiner.core.vrt.writing import write_vrt
from hiner.core.whole_file import save_text

ROWS, COLS, BANDS = 6, 8, 3
HEADER = (
    f"ENVI\nsamples = {COLS}\nlines = {ROWS}\nbands = {BANDS}\nheader offset = 0\nfile type = ENVI Standard\n"
    "data type = 2\ninterleave = bsq\nbyte order = 0\nwavelength = {0.45, 0.55, 0.65}\n"
)
NAMES = ["Grün", "Rübe", "Öl"]


def make_envi(folder, more, encoding):
    cube = np.random.default_rng(3).integers(1, 999, (BANDS, ROWS, COLS)).astype("<i2")
    (folder / "scene.dat").write_bytes(cube.tobytes())
    (folder / "scene.hdr").write_bytes((HEADER + more + "\n").encode(encoding))
    return str(folder / "scene.dat")


def compressed(path, folder):
    """(the path of the scene as a `.hnr` file, the warnings of its reading)."""
    with open_raster(path) as source:
        compress(read_scene(source), folder / "scene.hnr", CompressOptions(max_error=0))
        return folder / "scene.hnr", source.warnings


def names_of(path):
    dataset = gdal.Open(str(path))
    return [dataset.GetRasterBand(band).GetDescription() for band in range(1, BANDS + 1)]


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_band_names_come_through_to_every_output(tmp_path, encoding):
    hnr, _ = compressed(make_envi(tmp_path, f"band names = {{{', '.join(NAMES)}}}", encoding), tmp_path)
    assert [band.name.split()[0] for band in HnrFile(hnr).description.bands] == NAMES
    for name in ("back.tif", "back.dat"):
        decompress(hnr, tmp_path / name)
        assert [name.split()[0] for name in names_of(tmp_path / name)] == NAMES
    write_vrt(hnr, tmp_path / "scene.vrt")
    assert "Rübe" in (tmp_path / "scene.vrt").read_text(encoding="utf-8")
    save_text(tmp_path / "scene.json", info_json(HnrFile(hnr).header, str(hnr), os.path.getsize(hnr)))
    bands = json.loads((tmp_path / "scene.json").read_text(encoding="utf-8"))["per_band"]
    assert [name.split()[0] for name in bands["name"]] == NAMES


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_micrometres_are_known_in_either_encoding(tmp_path, encoding):
    hnr, warnings = compressed(make_envi(tmp_path, "wavelength units = µm", encoding), tmp_path)
    assert warnings == []
    np.testing.assert_allclose(HnrFile(hnr).description.wavelengths, [450, 550, 650])
    decompress(hnr, tmp_path / "back.tif")


def test_the_scenes_own_items_are_texts(tmp_path):
    hnr, _ = compressed(make_envi(tmp_path, "sensor type = Kühn", "latin-1"), tmp_path)
    decompress(hnr, tmp_path / "back.tif")
    assert gdal.Open(str(tmp_path / "back.tif")).GetMetadata()["sensor_type"] == "Kühn"
