"""TARGET_PSNR: the file has the mean PSNR that was wished, or no error at all in fewer bytes, or it says so."""

import math

import numpy as np
import pytest
from synthetic import make_scene

from hiner.core.codec import CompressOptions, compress
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.psnr_wish import missed
from hiner.core.progress import Progress
from hiner.core.simple import compress_array


class Told(Progress):
    def __init__(self):
        self.lines = []

    def log(self, message):
        self.lines.append(message)


def quiet_and_loud(dtype=np.uint8):
    """Bands of few grey levels and of many, with noise: some come back exactly long before others."""
    random = np.random.default_rng(4)
    y, x = np.mgrid[:40, :44]
    levels = np.array([2, 3, 5, 9, 40, 90, 160, 250])[:, None, None]
    shade = 0.5 + 0.5 * np.sin(y / 9 + np.arange(8)[:, None, None] / 7) * np.cos(x / 8)
    return np.clip(np.rint(levels * shade + random.normal(size=(8, 40, 44)) * levels / 60), 0, levels).astype(dtype)


def mean_psnr(cube, decoded):
    """Mean over the bands that have an error, each against its own range; infinite where none has."""
    figures = []
    for original, band in zip(cube.astype(float), decoded.astype(float)):
        if (original != band).any():
            figures.append(10 * math.log10(np.ptp(original) ** 2 / ((original - band) ** 2).mean()))
    return np.mean(figures) if figures else math.inf


@pytest.fixture(scope="module")
def lossless_bytes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lossless")
    return {
        dtype: compress_array(quiet_and_loud(dtype), folder / "a.hnr", max_error=0).quality.n_bytes
        for dtype in ("uint8", "int16")
    }


@pytest.mark.parametrize("dtype", ["uint8", "int16"])
@pytest.mark.parametrize("target", [30, 36, 42, 48, 60, 75, 100])
def test_the_wish_is_met_or_nothing_is_lost_in_fewer_bytes(tmp_path, dtype, target, lossless_bytes):
    cube, path, told = quiet_and_loud(dtype), tmp_path / "a.hnr", Told()
    outcome = compress(make_scene(cube), path, CompressOptions(target_psnr=target), told)
    reached = mean_psnr(cube, HnrFile(path).read_bands(range(8)))
    assert outcome.psnr == pytest.approx(reached)
    assert outcome.quality.n_bytes < 1.02 * lossless_bytes[dtype]
    if math.isinf(reached):
        assert [line for line in told.lines if "No loss at all takes fewer bytes" in line]
    elif abs(reached - target) > 0.1:
        assert [line for line in told.lines if f"{reached:.2f} dB" in line and "not met" in line]
    assert reached > target - 0.1


def test_noise_is_never_coded_beyond_its_own_bits(tmp_path):
    cube = np.random.default_rng(0).integers(-30000, 30000, (20, 40, 40)).astype(np.int16)
    outcome = compress_array(cube, tmp_path / "a.hnr", target_psnr=100)
    assert outcome.rate < 17.5 and outcome.psnr == math.inf


def test_floats_are_not_whole_numbers(tmp_path):
    cube = quiet_and_loud("float32")
    outcome = compress_array(cube, tmp_path / "a.hnr", target_psnr=75)
    assert outcome.psnr == pytest.approx(75, abs=0.1)


def test_a_miss_is_told_in_decibels():
    assert "87.53 dB, 0.47 dB below" in missed(88, 87.53)
    assert "88.25 dB, 0.25 dB above" in missed(88, 88.25)
    for met in (88.0, 88.09, 87.91, math.inf, math.nan):
        assert missed(88, met) == ""
    assert missed(None, 40.0) == ""


def test_a_file_that_misses_says_so(tmp_path):
    """One sample of a thousand differs from the others: every step either loses it or keeps it."""
    cube = np.full((4, 32, 32), 9, np.float32)
    cube[:, 3, 4] = 10
    told = Told()
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", CompressOptions(target_psnr=10), told)
    assert outcome.psnr > 10.1
    assert [line for line in told.lines if f"{outcome.psnr:.2f} dB" in line and "above" in line]
