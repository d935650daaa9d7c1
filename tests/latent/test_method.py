"""Scenes coded with the method `latent`: round trips, windows, rates, damage."""

import os
import re
import time
from dataclasses import replace

import numpy as np
import pytest
from synthetic import make_scene, smooth

from hiner.core.codec import CompressOptions, compress, plan
from hiner.core.container.reader import HnrContainer
from hiner.core.container.writer import write_hnr
from hiner.core.errors import Cancelled, FormatError, ParameterError
from hiner.core.hnr_file import HnrFile
from hiner.core.progress import Progress
from hiner.core.scene.description import DTYPES, Band

LATENT = CompressOptions(method="latent", rate=2.0)


def textured(rows, cols, n_bands, seed=0):
    """A cube with detail, a few spectra and noise, 100 to about 4000."""
    random = np.random.default_rng(seed)
    fields = np.cumsum(np.cumsum(random.normal(size=(4, rows, cols)), 1), 2)
    fields = fields / np.abs(fields).max((1, 2), keepdims=True) + random.normal(size=fields.shape) * 0.05
    x = np.linspace(0, 1, n_bands)
    spectra = np.stack([np.ones(n_bands), np.sin(3 * x), np.cos(5 * x), x**2])
    return 2000 + 450 * np.tensordot(spectra, fields, ((0), (0))) + random.normal(size=(n_bands, rows, cols)) * 5


def psnr(cube, decoded):
    error = ((cube.astype("f8") - decoded.astype("f8")) ** 2).mean((1, 2))
    return float(np.mean(10 * np.log10(np.ptp(cube.astype("f8"), axis=(1, 2)) ** 2 / error)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_data_type_comes_back(tmp_path, dtype):
    low, high = (0, 120) if dtype == "int8" else (3, 250) if dtype == "uint8" else (100, 4000)
    cube = smooth(24, 30, 8, low, high)
    cube = cube.astype(dtype) if dtype.startswith("float") else np.rint(cube).astype(dtype)
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", LATENT)
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(8))
    assert decoded.dtype == dtype
    assert decoded.min() >= cube.min()
    assert decoded.max() <= cube.max()
    assert outcome.psnr > 35
    assert np.abs(decoded.astype("f8") - cube.astype("f8")).max() < 0.1 * (high - low)


def test_large_integers_keep_their_digits(tmp_path):
    cube = (4_000_000_001 + np.rint(smooth(16, 16, 6, 0, 50))).astype("uint32")
    compress(make_scene(cube), tmp_path / "a.hnr", replace(LATENT, rate=16.0))
    error = np.abs(HnrFile(tmp_path / "a.hnr").read_bands(range(6)).astype("i8") - cube.astype("i8"))
    assert error.mean() < 2


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (3, 200), (1, 40), (37, 2)])
def test_odd_shapes(tmp_path, shape):
    cube = np.rint(smooth(*shape, 5)).astype("uint16")
    compress(make_scene(cube), tmp_path / "a.hnr", replace(LATENT, target_psnr=45.0, rate=None))
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(5))
    assert decoded.shape == (5, *shape)
    assert np.abs(decoded.astype("f8") - cube).max() < 200


def test_a_constant_scene_is_exact(tmp_path):
    cube = np.full((4, 12, 9), 1234, "int32")
    compress(make_scene(cube), tmp_path / "a.hnr", LATENT)
    assert np.array_equal(HnrFile(tmp_path / "a.hnr").read_bands(range(4)), cube)


def test_holes_bad_and_empty_bands_come_back_as_nodata(tmp_path):
    cube = np.rint(textured(40, 48, 16)).astype("int16")
    cube[9] = 77
    cube[:, 10:18, 20:30] = -1
    cube[7] = -1
    cube[3, 0, 0] = -1
    bands = tuple(Band(400 + 10.0 * i, 9.0, good=i != 5) for i in range(16))
    scene = make_scene(cube, -1.0, bands)
    compress(scene, tmp_path / "a.hnr", replace(LATENT, target_psnr=40.0, rate=None))
    file = HnrFile(tmp_path / "a.hnr")
    decoded = file.read_bands(range(16))
    for band in range(16):
        expected = scene.validity.of_band(band) & (band not in (5, 7))
        assert np.array_equal(decoded[band] != -1, expected), band
    assert (decoded[9][scene.validity.of_band(9)] == 77).all()
    assert np.isfinite(file.read_wavelengths([412.0, 490.0, 505.0])).all()


def test_a_window_is_that_part_of_the_whole(tmp_path):
    cube = np.rint(textured(300, 620, 5)).astype("uint16")
    compress(make_scene(cube), tmp_path / "a.hnr", replace(LATENT, rate=1.0))
    whole = HnrFile(tmp_path / "a.hnr").read_bands(range(5))
    for window in ((0, 0, 300, 620), (100, 200, 150, 120), (290, 610, 10, 10), (0, 250, 5, 9)):
        a, b, rows, cols = window
        part = HnrFile(tmp_path / "a.hnr").read_bands(range(5), window)
        assert np.abs(part.astype(int) - whole[:, a : a + rows, b : b + cols]).max() <= 1


def test_tiles_leave_no_seams(tmp_path):
    cube = np.rint(textured(64, 600, 6)).astype("uint16")
    compress(make_scene(cube), tmp_path / "a.hnr", replace(LATENT, rate=0.5))
    error = (HnrFile(tmp_path / "a.hnr").read_bands(range(6)).astype("f8") - cube) ** 2
    by_column = error.mean((0, 1))
    assert by_column[252:260].mean() < 1.5 * by_column.mean()


@pytest.mark.parametrize("rate", [0.5, 1.5])
def test_the_wished_rate_is_met(tmp_path, rate):
    cube = np.rint(textured(96, 96, 20)).astype("uint16")
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", replace(LATENT, rate=rate))
    assert outcome.rate == pytest.approx(rate, rel=0.02)
    assert os.path.getsize(tmp_path / "a.hnr") * 8 == pytest.approx(rate * cube.size, rel=0.02)


@pytest.mark.parametrize("target", [38.0, 45.0])
def test_the_wished_psnr_is_met(tmp_path, target):
    cube = np.rint(textured(64, 80, 20)).astype("uint16")
    options = replace(LATENT, rate=None, target_psnr=target)
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", options)
    assert outcome.psnr == pytest.approx(target, abs=0.1)
    assert psnr(cube, HnrFile(tmp_path / "a.hnr").read_bands(range(20))) == pytest.approx(target, abs=0.1)


def test_the_wished_file_size_is_met(tmp_path):
    cube = np.rint(textured(96, 96, 20)).astype("uint16")
    compress(make_scene(cube), tmp_path / "a.hnr", replace(LATENT, rate=None, file_size=20_000))
    assert os.path.getsize(tmp_path / "a.hnr") == pytest.approx(20_000, rel=0.02)


class Log(Progress):
    """Keeps what is logged."""

    def __init__(self):
        self.lines = []

    def log(self, message):
        self.lines.append(message)


def test_a_size_that_no_file_can_have_is_told_in_bytes(tmp_path):
    scene = make_scene(np.rint(textured(96, 96, 20)).astype("uint16"))
    options, log = replace(LATENT, rate=None, file_size=100), Log()
    assert "Wished: 100 bytes" in plan(scene, options).lines
    compress(scene, tmp_path / "a.hnr", options, log)
    (line,) = [line for line in log.lines if "cannot be reached" in line]
    told = int(re.search(r"about ([\d,]+) bytes", line)[1].replace(",", ""))
    assert "The wished 100 bytes" in line
    assert told == pytest.approx(os.path.getsize(tmp_path / "a.hnr"), rel=0.05)


def test_a_size_that_is_met_is_not_talked_about(tmp_path):
    log = Log()
    compress(make_scene(np.rint(textured(96, 96, 20)).astype("uint16")), tmp_path / "a.hnr", LATENT, log)
    assert not any("cannot be reached" in line for line in log.lines)


@pytest.mark.parametrize("file_size, message", [(2, "too small"), (10**6, "too large")])
def test_a_size_beyond_all_files_is_refused_in_bytes(file_size, message):
    scene = make_scene(np.rint(textured(96, 96, 20)).astype("uint16"))
    with pytest.raises(ParameterError, match=f"{message} for this scene: give 3 to 737,280 bytes"):
        plan(scene, replace(LATENT, rate=None, file_size=file_size))


@pytest.mark.parametrize(
    "change, message",
    [({"rate": 1e9}, "rate"), ({"model_size": 5}, "model size"), ({"preset": "best"}, "draft"), ({"target_psnr": 40.0}, "not two")],
)
def test_wishes_that_cannot_be_are_refused(tmp_path, change, message):
    scene = make_scene(np.rint(smooth(16, 16, 5)).astype("uint16"))
    with pytest.raises(ParameterError, match=message):
        compress(scene, tmp_path / "a.hnr", replace(LATENT, **change))
    assert os.listdir(tmp_path) == []


def test_cancelling_leaves_nothing(tmp_path):
    class Cancel(Progress):
        reached = 0.0

        def report(self, fraction, message=""):
            self.reached = fraction

        def is_cancelled(self):
            return self.reached > 0.1

    with pytest.raises(Cancelled):
        compress(make_scene(textured(32, 32, 6)), tmp_path / "a.hnr", LATENT, Cancel())
    assert os.listdir(tmp_path) == []


def test_altered_sections_with_right_checks(tmp_path):
    cube = np.rint(textured(40, 48, 10)).astype("uint16")
    compress(make_scene(cube), tmp_path / "good.hnr", LATENT)
    container = HnrContainer(tmp_path / "good.hnr")
    header, good = container.header, container.section("LATN")
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(250):
        spoilt = bytearray(good)
        for _ in range(random.integers(1, 4)):
            spoilt[random.integers(len(spoilt))] = random.integers(256)
        if random.random() < 0.2:
            spoilt = spoilt[: random.integers(len(spoilt))]
        write_hnr(tmp_path / "a.hnr", header, {"LATN": bytes(spoilt)})
        started = time.monotonic()
        try:
            pixels = HnrFile(tmp_path / "a.hnr").read_bands([0], (0, 0, 4, 4))
        except FormatError:
            refused += 1
        else:
            assert pixels.shape == (1, 4, 4)
        assert time.monotonic() - started < 5
    assert refused > 100


@pytest.mark.parametrize(
    "change",
    [
        {"planes": 10**9}, {"planes": -1}, {"planes": 2.0}, {"step": 10**6}, {"step": None}, {"shifts": []},
        {"shifts": [0, 0, 0, 300]}, {"shifts": 3}, {"model": 99}, {"model": "x"},
    ],
)
def test_absurd_parameters_are_refused(tmp_path, change):
    compress(make_scene(np.rint(textured(20, 20, 5)).astype("uint16")), tmp_path / "good.hnr", LATENT)
    container = HnrContainer(tmp_path / "good.hnr")
    header = replace(container.header, parameters={**container.header.parameters, **change})
    write_hnr(tmp_path / "a.hnr", header, {"LATN": container.section("LATN")})
    with pytest.raises(FormatError):
        HnrFile(tmp_path / "a.hnr").read_bands([0])


def test_between_bands_is_scipys_pchip():
    interpolate = pytest.importorskip("scipy.interpolate")
    from hiner.core.methods.latent import pchip

    random = np.random.default_rng(0)
    for n in (2, 3, 9):
        x, y = np.cumsum(random.uniform(1, 3, n)), random.normal(size=(n, 30))
        for place in range(n - 1):
            expected = interpolate.PchipInterpolator(x, y)(x[place] + 0.3 * (x[place + 1] - x[place]))
            assert np.allclose(pchip.between(x, y, place, 0.3), expected)
