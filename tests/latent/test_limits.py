"""Scenes and wishes at the ends of what can be coded: a file that keeps its promise, or a clear error."""

import re

import numpy as np
import pytest
from synthetic import make_scene

from hiner.core.codec import CompressOptions, plan
from hiner.core.errors import ParameterError, SceneError
from hiner.core.hnr_file import HnrFile
from hiner.core.simple import compress_array


def noise(low, high, dtype, shape=(8, 24, 24), seed=0):
    """Noise that is alike in neighbouring bands and pixels, from low to high."""
    random = np.cumsum(np.cumsum(np.random.default_rng(seed).normal(size=shape), 1), 2)
    return (low + (high - low) * (random - random.min()) / np.ptp(random)).astype(dtype)


def written(cube, tmp_path, **wish):
    path = tmp_path / "a.hnr"
    outcome = compress_array(cube, path, method="latent", **wish)
    return outcome, HnrFile(path).read_bands(range(len(cube)))


Y, X = np.mgrid[:64, :64]
SIMPLE = {
    "two fields": np.stack([(X > 30) * (k + 3) for k in range(6)]).astype(np.uint8),
    "ramp": np.stack([(X + Y) * (k + 1) for k in range(6)]).astype(np.uint16),
    "the same ramp in all bands": np.stack([X + Y] * 8).astype(np.uint16),
    "a bright half and little noise": (np.where(X < 32, 100, 4000) + noise(0, 5, np.uint16, (8, 64, 64))).astype(np.uint16),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", SIMPLE)
@pytest.mark.parametrize("rate", [0.3, 4.0, 32.0])
def test_a_simple_scene_comes_back_exactly_from_fewer_bits_than_wished(tmp_path, name, rate):
    outcome, decoded = written(SIMPLE[name], tmp_path, rate=rate)
    if not np.array_equal(decoded, SIMPLE[name]):
        # Of files of one kilobyte what the header will take is not known to 2 %.
        assert outcome.rate == pytest.approx(rate, rel=0.05)
    assert outcome.rate < rate * 1.03
    assert rate < 4 or np.array_equal(decoded, SIMPLE[name])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", ["float32", "uint16"])
def test_more_bits_are_never_worse(tmp_path, dtype):
    cube = np.random.default_rng(1).normal(3e4, 5e3, (8, 32, 32)).astype(dtype)
    figures = [written(cube, tmp_path, rate=rate)[0] for rate in (8, 16, 20, 24, 28, 32)]
    assert all(b.psnr >= a.psnr for a, b in zip(figures, figures[1:]))
    # The planes are numbers of 24 bits.
    assert figures[-1].quality.largest_error < 1e-5 * np.ptp(cube)


def test_planes_of_little_variance_beside_one_of_much_are_coded(tmp_path):
    """A step of 3900 between two halves, and noise of one unit, each band its own: 75 dB were the limit of 32 bits."""
    random = np.random.default_rng(0)
    cube = (np.where(np.arange(96) < 48, 100, 4000) + random.integers(0, 5, (8, 96, 96))).astype(np.float32)
    assert written(cube, tmp_path, target_psnr=85)[0].psnr == pytest.approx(85, abs=0.2)


WIDE = [(1e5, 0), (1e6, 0), (1.25e6, 0), (2e6, 0), (2e6, 1), (4e6, 2), (1e8, 3), (1e8, 46)]


@pytest.mark.parametrize("largest, bound", WIDE)
def test_whole_numbers_of_a_wide_range_keep_their_bound(tmp_path, largest, bound):
    cube = noise(0, largest, np.int32)
    _, decoded = written(cube, tmp_path, max_error=bound)
    assert np.abs(decoded.astype(np.int64) - cube).max() <= bound


def test_a_bound_is_kept_of_noise_that_no_coarse_planes_are_near_enough_for(tmp_path):
    cube = np.random.default_rng(1).integers(0, 1 << 22, (4, 16, 16)).astype(np.int32)
    _, decoded = written(cube, tmp_path, max_error=2)
    assert np.abs(decoded.astype(np.int64) - cube).max() <= 2


@pytest.mark.parametrize("low, high", [(0, 1e6), (-1e3, 1e3), (1e6, 1e6 + 100), (-1e-3, 1e-3)])
def test_a_bound_too_fine_for_floats_is_refused_before_the_work_and_what_is_advised_works(tmp_path, low, high):
    cube = noise(low, high, np.float32)
    with pytest.raises(ParameterError, match="cannot be kept") as refused:
        plan(make_scene(cube), CompressOptions(max_error=(high - low) * 1e-8))
    least = float(re.search(r"Give (\S+) or more", str(refused.value)).group(1))
    _, decoded = written(cube, tmp_path, max_error=least)
    assert np.abs(decoded.astype(float) - cube).max() <= least


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", ["uint16", "float32"])
@pytest.mark.parametrize("bound", [1e5, 1e39, 1e300])
def test_a_bound_beyond_the_range_bounds_nothing_and_breaks_nothing(tmp_path, dtype, bound):
    cube = noise(0, 6e4, dtype)
    _, decoded = written(cube, tmp_path, max_error=bound)
    assert np.abs(decoded.astype(float) - cube).max() <= 3.1e4


def test_of_a_psnr_that_cannot_be_met_the_next_above_is_taken(tmp_path):
    cube = np.zeros((4, 32, 32), np.uint8)
    cube[:, 3, 4] = 1
    outcome, decoded = written(cube, tmp_path, target_psnr=40)
    assert outcome.psnr >= 39.9 and np.array_equal(decoded, cube)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "cube",
    [noise(0, 1e-200, "float64"), noise(0, 1e-310, "float64")],
    ids=["too close together", "closer still"],
)
def test_ranges_that_cannot_be_measured_are_told(tmp_path, cube):
    with pytest.raises(SceneError, match="to measure"):
        written(cube, tmp_path)


def test_values_too_far_apart_for_their_type_are_told(tmp_path):
    apart = np.stack([noise(-3e38, -2.9e38, "float32")[0], noise(2.9e38, 3e38, "float32")[0]])
    for cube in (noise(-2.9e38, 3e38, "float32"), apart):
        with pytest.raises(SceneError, match="too far"):
            written(cube, tmp_path)


@pytest.mark.parametrize("columns", [64, 30, 3])
def test_a_bound_is_found_in_few_tries_however_much_is_invalid(tmp_path, columns, monkeypatch):
    from hiner.core.methods.latent.trial import Trial

    tries, encode = [], Trial.encode
    monkeypatch.setattr(Trial, "encode", lambda trial, number: tries.append(number) or encode(trial, number))
    cube = noise(1, 65535, np.uint16, (6, 64, 64), seed=3)
    cube[:, :, columns:] = 0
    written(cube, tmp_path, nodata=0, max_error=0)
    assert len(tries) <= 9
