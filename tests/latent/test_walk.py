"""Whole files are read with each tile decoded once, or twice where little memory is left; counted in a scale model.

Tiles of 32 pixels instead of 256, with fewer levels, so that a tile depends on its neighbours alone, as real ones do.
"""

from collections import Counter

import numpy as np
import pytest
from synthetic import make_scene, smooth
from whole_bands import whole_bands

from hiner.core import codec, evaluation, hnr_file
from hiner.core.codec import CompressOptions, compress
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent import correction_streams, geometry, planes, tiling
from hiner.core.parallel import threads
from hiner.core.quality import band_rows, file_bands
from hiner.core.quality.evaluate import SceneBands, evaluate

ROWS, COLS, BANDS = 130, 197, 10
N_TILES = 4 * 6


@pytest.fixture(scope="module")
def model():
    """The scale of the model, for as long as this module's tests."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (geometry, planes, correction_streams):
            patch.setattr(module, "TILE", 32)
        patch.setattr(geometry, "THINNEST", 8)
        patch.setattr(geometry, "MOST_LEVELS_TILED", 2)
        yield


@pytest.fixture(scope="module")
def scene(model):
    cube = textured(BANDS, ROWS, COLS)
    cube[:, 40:70, 100:130] = -9999
    cube[3, 60:64, 10:14] = -9999
    return make_scene(cube, -9999)


def textured(n_bands, n_rows, n_cols):
    """A cube whose bands are sums of few pictures, so that few planes have to be coded."""
    random = np.random.default_rng(0)
    noise = np.tensordot(random.normal(size=(n_bands, 1)), random.normal(0, 60, (1, n_rows, n_cols)), 1)
    return (smooth(n_rows, n_cols, n_bands) + noise).astype("int16")


@pytest.fixture(scope="module", params=[{"rate": 0.5}, {"max_error": 60.0}], ids=["rate", "bound"])
def path(request, scene, tmp_path_factory):
    path = tmp_path_factory.mktemp("walk") / "a.hnr"
    compress(scene, path, CompressOptions(**request.param))
    assert len(tiling.tiles(ROWS, COLS)) == N_TILES
    return path


@pytest.fixture(autouse=True)
def decoded(monkeypatch):
    """How often the planes of each tile were made, its coefficients and its corrections decoded."""
    counts = {"planes": Counter(), "coefficients": Counter(), "corrections": Counter()}

    def noting(module, name, what, key):
        real = getattr(module, name)

        def noted(*args):
            counts[what][key(*args)] += 1
            return real(*args)

        monkeypatch.setattr(module, name, noted)

    monkeypatch.setattr(hnr_file, "GROUP", 4)
    noting(planes.ScenePlanes, "_synthesise", "planes", lambda self, box, *_: box)
    noting(planes, "TileDecoder", "coefficients", lambda data, *_: data)
    noting(correction_streams.corrections, "decode", "corrections", lambda data, *_: data)
    return counts


@pytest.fixture
def kept(monkeypatch):
    """The most tiles of coefficients, and of planes, that lay in memory."""
    most, real = [0, 0], planes.ScenePlanes._keep

    def noting(self, cache, *args):
        real(self, cache, *args)
        most[:] = max(most[0], len(self._decoders)), max(most[1], len(self._planes))

    monkeypatch.setattr(planes.ScenePlanes, "_keep", noting)
    return most


def most(counts):
    return max(counts.values(), default=1)


def small_caches(monkeypatch):
    """Too small for any row of tiles."""
    for name in ("PLANE_BYTES", "COEFFICIENT_BYTES"):
        monkeypatch.setattr(planes, name, 0)


@pytest.mark.parametrize("mib, once", [(256, True), (0.05, False), (0.0, False)])
def test_a_raster_is_written_with_each_tile_decoded_once_or_twice(path, decoded, kept, tmp_path, monkeypatch, mib, once):
    gdal = pytest.importorskip("osgeo.gdal")
    import hiner.core.decompression.decompress as module

    expected = HnrFile(path).read_bands(range(BANDS))
    decoded["planes"].clear(), decoded["coefficients"].clear(), decoded["corrections"].clear()
    kept[:] = 0, 0
    monkeypatch.setattr(module, "SMALLEST_MEMORY_MIB", 0)
    module.decompress(path, tmp_path / "a.tif", memory_mib=mib)
    assert np.array_equal(gdal.Open(str(tmp_path / "a.tif")).ReadAsArray(), expected)
    assert most(decoded["planes"]) == 1
    assert len(decoded["planes"]) == len(decoded["coefficients"]) == N_TILES
    assert most(decoded["coefficients"]) <= (1 if once else 2)
    # Streams of no bytes, of which there may be many, are all the same.
    decoded["corrections"].pop(b"", None)
    assert most(decoded["corrections"]) == 1
    if not once:
        # Each thread may hold one more for a moment.
        assert kept[0] <= planes.FEWEST_WALKED + threads()
        assert kept[1] == 1


@pytest.mark.parametrize("ahead", [0, 1 << 30])
def test_a_file_is_measured_with_each_tile_decoded_once(scene, path, decoded, monkeypatch, ahead):
    """And its figures are those of bands that were decoded whole, to the last bit."""
    whole = HnrFile(path).read_bands(range(BANDS))
    monkeypatch.setattr(band_rows, "STRIP_PIXELS", 7 * COLS)
    expected = evaluate(SceneBands(scene), whole_bands(whole.__getitem__))
    small_caches(monkeypatch)
    monkeypatch.setattr(file_bands, "AHEAD_BYTES", ahead)
    monkeypatch.setattr(evaluation, "gather_pictures", lambda *_: None)
    for counts in decoded.values():
        counts.clear()
    quality = evaluation.evaluate_file(scene, path).quality
    assert most(decoded["planes"]) == most(decoded["coefficients"]) == 1
    assert len(decoded["planes"]) == N_TILES
    for figure in ("psnr", "rmse", "max_error", "bias", "ssim", "cam", "sam_map", "ranges"):
        assert np.array_equal(getattr(quality, figure), getattr(expected, figure), equal_nan=True), figure


def test_the_pictures_take_one_more_decoding(scene, path, decoded, monkeypatch):
    small_caches(monkeypatch)
    monkeypatch.setattr(file_bands, "AHEAD_BYTES", 0)
    evaluation.evaluate_file(scene, path)
    assert most(decoded["planes"]) <= 3
    assert len(decoded["planes"]) == N_TILES


def test_a_low_scene_is_measured_with_each_tile_decoded_twice_at_most(model, decoded, monkeypatch, tmp_path):
    """Of one row of tiles half of the raster's bands are in memory at a time."""
    small_caches(monkeypatch)
    monkeypatch.setattr(file_bands, "AHEAD_BYTES", 0)
    monkeypatch.setattr(codec, "_with_figures", lambda *args: args[-2])
    compress(make_scene(textured(9, 36, 170)), tmp_path / "a.hnr", CompressOptions(rate=0.5))
    assert most(decoded["coefficients"]) == 1
    assert most(decoded["planes"]) <= 3


@pytest.mark.parametrize("options", [{"rate": 0.5}, {"max_error": 60.0}], ids=["rate", "bound"])
def test_a_scene_one_tile_wide_is_measured_with_each_tile_decoded_once(model, decoded, monkeypatch, tmp_path, options):
    narrow = make_scene(textured(40, ROWS, 30))
    monkeypatch.setattr(codec, "_with_figures", lambda *args: args[-2])
    compress(narrow, tmp_path / "a.hnr", CompressOptions(**options))
    small_caches(monkeypatch)
    monkeypatch.setattr(evaluation, "gather_pictures", lambda *_: None)
    for counts in decoded.values():
        counts.clear()
    evaluation.evaluate_file(narrow, tmp_path / "a.hnr")
    decoded["corrections"].pop(b"", None)
    assert most(decoded["planes"]) == most(decoded["coefficients"]) == most(decoded["corrections"]) == 1


def test_many_bands_of_any_pixels_are_read_with_each_tile_decoded_once(path, decoded, monkeypatch):
    whole = HnrFile(path).read_bands(range(BANDS))
    monkeypatch.setattr(planes, "PLANE_BYTES", 0)
    monkeypatch.setattr(planes, "FEWEST_CACHED", 1)
    monkeypatch.setattr(planes, "COEFFICIENT_BYTES", 1 << 40)
    for window, shape in (((3, 5, 110, 150), None), ((3, 5, 110, 150), (40, 71)), ((31, 31, 2, 2), (5, 3))):
        decoded["planes"].clear()
        read = HnrFile(path).read_bands(range(BANDS), window, shape)
        row, col, height, width = window
        down, across = ((np.arange(n) + 0.5) * length // n for n, length in zip(shape or window[2:], window[2:]))
        centres = np.ix_(range(BANDS), row + down.astype(int), col + across.astype(int))
        assert np.array_equal(read, whole[centres])
        assert most(decoded["planes"]) == 1
