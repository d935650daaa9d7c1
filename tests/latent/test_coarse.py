"""Pictures at a reduced resolution: means over pixels, without decoding the finest levels."""

import numpy as np
import pytest
from scipy import ndimage

from hiner.core.errors import Cancelled
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent import level_decoder, wavelet
from hiner.core.simple import compress_array
from hiner.core.spectral.grid import SpectralPoint

ROWS, COLS = 300, 277


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    random = np.random.default_rng(0)
    planes = ndimage.gaussian_filter(random.normal(size=(3, ROWS, COLS)), (0, 15, 15))
    planes /= planes.std((1, 2))[:, None, None]
    cube = np.tensordot(random.normal(size=(8, 3)), planes, 1).astype("float32")
    path = tmp_path_factory.mktemp("coarse") / "a.hnr"
    compress_array(cube, path, 500 + 10.0 * np.arange(8), rate=1.0)
    return path


def whole(path):
    return HnrFile(path).decoder.decode(SpectralPoint(3, 3, 0.0), range(ROWS), range(COLS)).astype(np.float64)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_values_are_those_of_the_wavelets_low_band_of_the_whole_band(path, level):
    low, _ = wavelet.forward(whole(path)[None], level)
    step = 1 << level
    rows, cols = range(0, ROWS, step), range(0, COLS, step)
    coarse = HnrFile(path).decoder.decode_many([SpectralPoint(3, 3, 0.0)], rows, cols, coarse=True)
    assert np.abs(coarse[0] - low[0] / step).max() < 1e-4 * np.ptp(low[0] / step)


def test_the_finest_levels_are_not_decoded(path, monkeypatch):
    decoded = set()
    real = level_decoder.LevelDecoder.decode

    def noting(self, reader, check=None):
        decoded.add(self._level)
        return real(self, reader, check)

    monkeypatch.setattr(level_decoder.LevelDecoder, "decode", noting)
    HnrFile(path).read_bands([3], shape=(ROWS // 4, COLS // 4), coarse=True)
    assert min(decoded) == 2


def test_a_tile_that_was_stopped_halfway_is_begun_anew_even_if_another_thread_still_holds_it(path):
    hnr = HnrFile(path)
    planes = hnr.decoder._planes
    held = planes._decoder(0, 2, None)

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        planes._decoder(0, 0, stop)
    # What the other thread does once it has the coarse levels that it wanted.
    planes._keep(planes._decoders, 0, held, 9)
    assert np.array_equal(hnr.read_bands([3]), HnrFile(path).read_bands([3]))


@pytest.mark.parametrize("window", [None, (17, 30, 1, 1), (250, 200, 50, 77), (299, 0, 1, 277)])
def test_nothing_changes_at_the_scenes_own_resolution(path, window):
    exact, coarse = (HnrFile(path).read_bands([1, 3], window, coarse=coarse) for coarse in (False, True))
    assert np.array_equal(exact, coarse)


@pytest.mark.parametrize("shape", [(20, 17), (40, 139), (150, 139), (300, 20)])
@pytest.mark.parametrize("window", [None, (3, 5, 290, 263)])
def test_any_reduced_picture_is_near_the_mean_around_its_pixels(path, window, shape):
    row, col, height, width = window or (0, 0, ROWS, COLS)
    coarse = HnrFile(path).read_bands([3], window, shape, coarse=True)[0]
    rows = row + (2 * np.arange(shape[0]) + 1) * height // (2 * shape[0])
    cols = col + (2 * np.arange(shape[1]) + 1) * width // (2 * shape[1])
    spacing = min(np.diff(rows).min(), np.diff(cols).min())
    band = whole(path)
    means = ndimage.uniform_filter(band, 2 ** int(np.log2(max(spacing, 1))), mode="mirror")
    assert coarse.shape == shape
    assert np.abs(coarse - means[np.ix_(rows, cols)]).max() < 0.1 * np.ptp(band)


def test_a_sample_is_the_same_in_any_window(tmp_path):
    """To the last bit: what lies near a half would else be rounded one way here and another way there."""
    random = np.random.default_rng(0)
    planes = np.cumsum(np.cumsum(random.normal(size=(3, ROWS, COLS)), 1), 2)
    planes /= planes.std((1, 2))[:, None, None]
    cube = np.tensordot(random.normal(size=(8, 3)), planes, 1).astype("float32")
    compress_array(cube, tmp_path / "a.hnr", 450 + 50.0 * np.arange(8), rate=1.0)
    hnr = HnrFile(tmp_path / "a.hnr")
    whole = hnr.read_bands(range(8))
    for row, col, n_rows, n_cols in ((0, 0, 256, 256), (256, 0, 44, 256), (17, 30, 1, 1), (3, 5, 101, 267), (299, 0, 1, 277)):
        part = hnr.read_bands(range(8), (row, col, n_rows, n_cols))
        assert np.array_equal(part, whole[:, row : row + n_rows, col : col + n_cols])
    # In whatever order a library sums: plane after plane, each product rounded before it is added.
    row, total = hnr.decoder._matrix[3].astype(np.float32), np.float32(0)
    for weight, plane in zip(row, [1, *hnr.decoder._planes.tile(0)]):
        total = total + weight * plane
    scale, offset = np.float32(hnr.decoder._scale), np.float32(hnr.decoder._offset)
    decoded = hnr.decoder.decode(SpectralPoint(3, 3, 0.0), range(ROWS), range(COLS))
    assert np.array_equal(decoded, total * scale + offset)
