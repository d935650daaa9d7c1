"""A scene of several tiles is coded and decoded in several processes, to the same bytes and samples as in one."""

import numpy as np
import pytest

from hiner.core import parallel
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent import tile_jobs
from hiner.core.processes import pool
from hiner.core.simple import compress_array


@pytest.fixture(scope="module")
def cube():
    """Two tiles of correlated bands with noise, (bands, rows, cols) int16."""
    random = np.random.default_rng(3)
    fields = np.cumsum(np.cumsum(random.normal(size=(8, 90, 330)), 1), 2)
    fields *= 300 / fields.std((1, 2))[:, None, None]
    bands = random.uniform(-1, 1, (24, 8)) @ fields.reshape(8, -1)
    return np.rint(bands + 20 * random.normal(size=bands.shape)).astype(np.int16).reshape(24, 90, 330)


@pytest.fixture
def calls(monkeypatch):
    """Names of the jobs that processes beside this one did."""
    own, names = pool.Pool(), []
    monkeypatch.setattr(tile_jobs, "WORTH", 1)
    monkeypatch.setattr(tile_jobs, "SHARED", own)
    monkeypatch.setattr(own, "call", lambda name, *rest: names.append(name) or pool.Pool.call(own, name, *rest))
    yield names
    own.close()
    parallel.set_threads(0)


def test_bytes_and_samples_are_the_same(tmp_path, cube, calls):
    parallel.set_threads(1)
    compress_array(cube, tmp_path / "alone.hnr", rate=0.4)
    alone = HnrFile(tmp_path / "alone.hnr").read_bands(range(24))
    parallel.set_threads(2)
    calls.clear()
    compress_array(cube, tmp_path / "beside.hnr", rate=0.4)
    assert set(calls) == {"choose_in_tile", "encode_tile", "decode_tile"}
    assert tile_jobs.SHARED.n_idle == 2
    assert (tmp_path / "beside.hnr").read_bytes() == (tmp_path / "alone.hnr").read_bytes()
    assert np.array_equal(HnrFile(tmp_path / "beside.hnr").read_bands(range(24)), alone)


def test_levels_that_another_process_decoded_are_gone_on_from(tmp_path, cube, calls):
    """A coarse picture first, then a finer, then the scene itself, of one file that stays open."""
    compress_array(cube, tmp_path / "a.hnr", rate=0.4)
    parallel.set_threads(1)
    wanted = [read(HnrFile(tmp_path / "a.hnr"), step) for step in (2, 1)]
    parallel.set_threads(2)
    calls.clear()
    hnr = HnrFile(tmp_path / "a.hnr")
    assert np.array_equal(read(hnr, 2), wanted[0])
    assert np.array_equal(read(hnr, 1), wanted[1])
    assert np.array_equal(read(hnr, 2), wanted[0])
    assert calls == 4 * ["decode_tile"]


def read(hnr, step):
    shape = -(-hnr.description.n_rows // step), -(-hnr.description.n_cols // step)
    return hnr.read_bands([3], shape=shape, coarse=True)


def test_a_single_tile_stays_in_this_process(tmp_path, cube, calls):
    compress_array(cube[:, :200, :200].copy(), tmp_path / "a.hnr", rate=0.4)
    HnrFile(tmp_path / "a.hnr").read_bands([0])
    assert calls == []
    assert tile_jobs.SHARED.n_idle == 0
