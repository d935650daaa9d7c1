"""Whole numbers of a range too wide for sums of 32 bits: their low bits stand in the file, and nothing is lost."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic import make_scene

from hiner.core.codec import CompressOptions, compress, plan
from hiner.core.container.reader import HnrContainer
from hiner.core.errors import FormatError
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent.decoder import CORRECTION_STEP, RESIDUE_BITS, LatentDecoder
from hiner.core.methods.latent.residues import SECTION, Residues, pack
from hiner.core.spectral.grid import SpectralPoint

EXACT = CompressOptions(max_error=0)


def walks(low, high, dtype, shape=(8, 24, 24)):
    """Random walks along rows and columns, from low to high."""
    random = np.cumsum(np.cumsum(np.random.default_rng(0).normal(size=shape), 1), 2)
    return (low + (high - low) * (random - random.min()) / np.ptp(random)).astype(dtype)


def scenes():
    random = np.random.default_rng(1)
    one_wide = random.integers(0, 1000, (6, 20, 24)).astype(np.uint32)
    one_wide[3] *= 2000
    tiled = walks(-1e6, 1e6, np.int32, (3, 64, 320))
    return {
        "noise of 22 bits": random.integers(0, 1 << 22, (4, 16, 16)).astype(np.int32),
        "noise of all 32 bits": random.integers(-(1 << 31), 1 << 31, (5, 40, 40)).astype(np.int32),
        "smooth over all 32 bits": walks(0, 2**32 - 1, np.uint32),
        "one wide band": one_wide,
        "several tiles": tiled,
    }


@pytest.mark.parametrize("name", scenes())
def test_nothing_is_lost_whatever_the_range(tmp_path, name):
    cube, path = scenes()[name], tmp_path / "a.hnr"
    outcome = compress(make_scene(cube), path, EXACT)
    assert outcome.header.parameters[RESIDUE_BITS] > 0
    assert np.array_equal(HnrFile(path).read_bands(range(len(cube))), cube)
    n_rows, n_cols = cube.shape[1:]
    window = HnrFile(path).read_bands([1], (3, n_cols - 9, n_rows - 5, 8))[0]
    assert np.array_equal(window, cube[1, 3:-2, n_cols - 9 : n_cols - 1])


def test_holes_stay_holes(tmp_path):
    cube = walks(10, 4e6, np.int32)
    cube[:, 4:9, 5:20], cube[2, 0, 0] = 0, 0
    compress(make_scene(cube, 0.0), tmp_path / "a.hnr", EXACT)
    assert np.array_equal(HnrFile(tmp_path / "a.hnr").read_bands(range(8)), cube)


def test_many_planes_far_from_the_least_value(tmp_path):
    """Sums of many terms are off by more than those of a few are: 4.3e-7 of the range, and more."""
    random = np.random.default_rng(0)
    few = np.cumsum(random.normal(size=(50, 24, 24)), 0) * 5e5
    cube = np.rint(np.concatenate([few] * 3)).astype(np.int32) + random.integers(0, 900, (150, 24, 24), dtype=np.int32)
    cube[:, :1] = -32768000
    compress(make_scene(cube), tmp_path / "a.hnr", EXACT)
    assert np.array_equal(HnrFile(tmp_path / "a.hnr").read_bands(range(150)), cube)


def test_a_reader_that_does_not_know_residues_comes_close(tmp_path):
    cube = walks(0, 4e6, np.int32)
    compress(make_scene(cube), tmp_path / "a.hnr", EXACT)
    container = HnrContainer(tmp_path / "a.hnr")
    parameters = dict(container.header.parameters)
    del parameters[RESIDUE_BITS]
    decoder = LatentDecoder(replace(container.header, parameters=parameters), container.section)
    for band in range(8):
        off = decoder.decode(SpectralPoint(band, band, 0.0), np.arange(24), np.arange(24)) - cube[band]
        assert np.abs(off).max() <= parameters[CORRECTION_STEP] / 2 + 4e6 * 1e-6


def test_noise_takes_no_more_than_its_bits(tmp_path):
    cube = np.random.default_rng(2).integers(0, 1 << 32, (10, 80, 80)).astype(np.uint32)
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", EXACT)
    assert outcome.rate < 33


def test_the_plan_of_any_range_is_one_that_can_be_kept():
    assert "no loss" in plan(make_scene(walks(0, 4e9, np.uint32)), EXACT).lines[0]


@pytest.mark.parametrize("n_bits", [1, 5, 31])
def test_the_number_nearest_with_its_low_bits_is_the_one(n_bits):
    random, shape = np.random.default_rng(n_bits), (70, 340)
    bands = random.integers(-(1 << 31), 1 << 31, (3, *shape))
    packed = Residues(pack(bands, n_bits, shape), n_bits, 3, shape)
    tiles = [(0, 70, 0, 256), (0, 70, 256, 340)]
    for number, (a, b, c, d) in enumerate(tiles):
        rows, cols = np.arange(3, b - a, 2), np.arange(1, d - c)
        whole = bands[2, a:b, c:d][rows][:, cols]
        near = whole + random.uniform(-0.499, 0.499, whole.shape) * (1 << n_bits)
        assert np.array_equal(packed.exact(near, number, 2, rows, cols), whole)


def test_residues_that_are_none_are_refused(tmp_path):
    cube = walks(0, 4e6, np.int32)
    compress(make_scene(cube), tmp_path / "a.hnr", EXACT)
    container = HnrContainer(tmp_path / "a.hnr")
    good, header = {name: container.section(name) for name in container.section_names}, container.header
    bits = header.parameters[RESIDUE_BITS]
    for absurd in (0, -1, 33, 2.0, True, "9", [9], bits + 1, bits - 1):
        with pytest.raises(FormatError):
            _decoded(replace(header, parameters={**header.parameters, RESIDUE_BITS: absurd}), good)
    random, refused = np.random.default_rng(0), 0
    for _ in range(60):
        spoilt = bytearray(good[SECTION])
        spoilt[random.integers(len(spoilt))] ^= 1 << random.integers(8)
        spoilt = spoilt[: random.integers(len(spoilt))] if random.random() < 0.3 else spoilt
        try:
            _decoded(header, {**good, SECTION: bytes(spoilt)})
        except FormatError:
            refused += 1
    assert refused > 10


def _decoded(header, sections):
    return LatentDecoder(header, sections.__getitem__).decode(SpectralPoint(2, 2, 0.0), np.arange(24), np.arange(24))
