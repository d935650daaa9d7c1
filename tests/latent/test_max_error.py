"""MAX_ERROR: no valid sample is off by more than was wished, whatever the data type; 0 loses nothing."""

import math
import os

import numpy as np
import pytest
from synthetic import make_scene, smooth

from hiner.core.codec import CompressOptions, compress
from hiner.core.errors import FormatError, ParameterError
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent import corrections, normal_laws
from hiner.core.methods.latent.shipped import context_model
from hiner.core.scene.description import DTYPES, Band


def noisy(rows, cols, n_bands, low, high, noise, seed=0):
    """Smooth bands with noise and a few samples far off."""
    random = np.random.default_rng(seed)
    cube = smooth(rows, cols, n_bands, low, high) + random.normal(size=(n_bands, rows, cols)) * noise
    far = random.random(cube.shape) < 1e-3
    cube[far] = low + (high - low) * random.random(int(far.sum()))
    return np.clip(cube, low, high)


def compressed(cube, path, max_error, nodata=None, **options):
    outcome = compress(make_scene(cube, nodata), path, CompressOptions(max_error=max_error, **options))
    file = HnrFile(path)
    return outcome, file, file.read_bands(range(len(cube)))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("share", [0.004, 0.05])
def test_the_bound_holds_for_every_data_type(tmp_path, dtype, share):
    low, high = (-100, 120) if dtype == "int8" else (3, 250) if dtype == "uint8" else (100, 4000)
    cube = noisy(40, 50, 10, low, high, (high - low) * 0.02)
    cube = cube.astype(dtype) if dtype.startswith("float") else np.rint(cube).astype(dtype)
    bound = (high - low) * share
    outcome, _, decoded = compressed(cube, tmp_path / "a.hnr", bound)
    error = np.abs(decoded.astype("f8") - cube.astype("f8")).max()
    assert error <= bound
    # Nor is the file closer than was asked for.
    assert error > bound / 2 - 1
    assert outcome.quality.largest_error == pytest.approx(error)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "uint16", "int32"])
def test_nothing_is_lost_at_a_bound_of_zero(tmp_path, dtype):
    low, high = (-100, 120) if dtype == "int8" else (3, 250)
    cube = np.rint(noisy(40, 50, 10, low, high, 4)).astype(dtype)
    outcome, _, decoded = compressed(cube, tmp_path / "a.hnr", 0)
    assert np.array_equal(decoded, cube)
    assert outcome.psnr == np.inf
    assert os.path.getsize(tmp_path / "a.hnr") < cube.size


def test_nothing_is_lost_over_several_tiles(tmp_path):
    cube = np.rint(noisy(70, 340, 9, 0, 900, 5)).astype("int16")
    _, file, decoded = compressed(cube, tmp_path / "a.hnr", 0)
    assert np.array_equal(decoded, cube)
    assert np.array_equal(file.read_bands([8], (30, 240, 20, 40))[0], cube[8, 30:50, 240:280])


def test_holes_constant_and_bad_bands_with_a_bound(tmp_path):
    cube = np.rint(noisy(40, 48, 12, 0, 4000, 30)).astype("int16")
    cube[4], cube[7] = 77, -1
    cube[:, 10:18, 20:30] = -1
    bands = tuple(Band(400 + 10.0 * i, 9.0, good=i != 5) for i in range(12))
    scene = make_scene(cube, -1.0, bands)
    compress(scene, tmp_path / "a.hnr", CompressOptions(max_error=0))
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(12))
    for band in range(12):
        valid = scene.validity.of_band(band) & (band not in (5, 7))
        assert np.array_equal(decoded[band] != -1, valid), band
        assert np.array_equal(decoded[band][valid], cube[band][valid]), band


def test_a_nodata_value_among_the_values(tmp_path):
    # A decoded 500 would read as nodata and is moved to 501, which must stay within the bound.
    cube = np.rint(noisy(40, 50, 6, 0, 1000, 20)).astype("int16")
    cube[:, :3] = 500
    _, _, decoded = compressed(cube, tmp_path / "a.hnr", 2, nodata=500.0)
    valid = cube != 500
    assert np.abs(decoded.astype(int) - cube)[valid].max() <= 2
    assert (decoded[valid] != 500).all()


def test_wavelengths_between_bands_need_no_corrections(tmp_path):
    cube = np.rint(noisy(24, 30, 6, 0, 900, 5)).astype("int16")
    bands = tuple(Band(400 + 10.0 * i) for i in range(6))
    compress(make_scene(cube, None, bands), tmp_path / "a.hnr", CompressOptions(max_error=3))
    between = HnrFile(tmp_path / "a.hnr").read_wavelengths([405.0])[0]
    assert np.abs(between - cube[:2].mean(0)).mean() < 40


@pytest.mark.parametrize("bound", [-1.0, float("nan"), float("inf")])
def test_bounds_that_are_none(tmp_path, bound):
    with pytest.raises(ParameterError, match="largest error"):
        compressed(np.rint(smooth(16, 16, 5)).astype("int16"), tmp_path / "a.hnr", bound)
    assert os.listdir(tmp_path) == []


def test_a_bound_finer_than_the_data_type(tmp_path):
    cube = noisy(16, 20, 5, 0, 1e6, 10).astype("float32")
    with pytest.raises(ParameterError, match="cannot be kept"):
        compressed(cube, tmp_path / "a.hnr", 1e-6)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("spread, excess", [(0.2, 1.06), (0.4, 1.06), (3.0, 1.06), (40.0, 1.06), (5000.0, 1.1)])
def test_corrections_come_back_and_cost_about_their_entropy(spread, excess):
    model, random = context_model(), np.random.default_rng(3)
    whole = np.rint(random.normal(size=(8, 60, 70)) * spread).astype(np.int32)
    data = corrections.encode(whole, model)
    assert np.array_equal(corrections.decode(data, whole.shape, model), whole)
    places = np.arange(-8 * int(spread + 1), 8 * int(spread + 1) + 1)
    edges = [0.5 * (1 + math.erf((place - 0.5) / spread / math.sqrt(2))) for place in [*places, places[-1] + 1]]
    shares = np.diff(edges)
    entropy = -(shares[shares > 0] * np.log2(shares[shares > 0])).sum() * whole.size / 8
    assert len(data) < excess * entropy + 60
    assert corrections.estimated_bits(whole, model) / 8 == pytest.approx(len(data), rel=0.05, abs=60)


def test_no_corrections_take_no_bytes():
    assert corrections.encode(np.zeros((8, 20, 20), np.int32), context_model()) == b""


def test_damaged_corrections_are_refused_or_bounded():
    model, random = context_model(), np.random.default_rng(1)
    whole = np.rint(random.normal(size=(4, 30, 40)) * 3).astype(np.int32)
    good, refused = corrections.encode(whole, model), 0
    for _ in range(300):
        spoilt = bytearray(good)
        spoilt[random.integers(len(spoilt))] ^= 1 << random.integers(8)
        try:
            decoded = corrections.decode(bytes(spoilt), whole.shape, model)
        except FormatError:
            refused += 1
        else:
            assert np.abs(decoded).max() <= corrections.LARGEST
    assert refused > 100


def test_normal_laws_are_those_of_the_error_function():
    stats = pytest.importorskip("scipy.stats")
    rows = normal_laws.frequencies()
    assert (rows.sum(1) == 1 << 16).all()
    assert rows.min() >= 1
    for table in (8, 16, 24, 31):
        # The density at whole numbers, normalised: from deviation 1 on, the integral around them.
        deviation = 2 ** ((table - 8) / 4)
        expected = 2 * (stats.norm.cdf(1.5 / deviation) - stats.norm.cdf(0.5 / deviation))
        assert rows[table, 1] / 65536 == pytest.approx(expected, rel=0.05)
