"""A file decodes to the same symbols with NumPy, torch and any number of threads, byte for byte."""

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from hiner.core.simple import compress_array

DECODE = """
    import hashlib, sys
    sys.path.insert(0, {tests!r})
    import conftest
    import numpy as np
    from hiner.core.container.reader import HnrContainer
    from hiner.core.methods.latent.decoder import LatentDecoder
    from hiner.core.methods.latent.network import CEILING, PassNetwork

    def with_torch(network, marked, known):
        logs, marks = marked[:-len(known)], marked[-len(known):]
        x = torch.from_numpy(np.concatenate([logs, known[marks.argmax(0)].T]))
        for layer in network.layers:
            last = layer is network.layers[-1]
            x = torch.from_numpy(layer.weight).T @ x + torch.from_numpy(layer.bias)[:, None]
            x = torch.floor(x).clamp(0, network.n_tables - 1 if last else CEILING)
        return x[0].to(torch.int64).numpy()

    if {torch!r}:
        import torch
        torch.set_num_threads({threads})
        PassNetwork.index_of = with_torch
    container = HnrContainer({path!r})
    planes = LatentDecoder(container.header, container.section)._planes
    tile = planes._decoder(0, 0, None)
    whole = [tile.low, *(band for level in tile.details for band in level)]
    assert sum(np.count_nonzero(band) for band in whole) > 10000
    print(hashlib.sha256(b"".join(band.astype("<i4").tobytes() for band in whole)).hexdigest())
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    random = np.random.default_rng(0)
    fields = np.cumsum(np.cumsum(random.normal(size=(5, 120, 140)), 1), 2)
    cube = np.tensordot(random.normal(size=(16, 5)), fields, 1) + random.normal(size=(16, 120, 140)) * 3
    path = str(tmp_path_factory.mktemp("same") / "a.hnr")
    compress_array(cube.astype("float32"), path, method="latent", rate=2.0)
    return path


def digest(path, checkout, torch, threads):
    code = textwrap.dedent(DECODE).format(tests=str(checkout / "tests"), torch=torch, threads=threads, path=path)
    counts = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, env={**os.environ, **counts}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_numpy_with_one_and_two_threads(path, checkout):
    one, two = (digest(path, checkout, False, threads) for threads in (1, 2))
    assert len(one) == 64
    assert one == two


def test_torch_with_one_and_two_threads(path, checkout):
    pytest.importorskip("torch")
    numpy = digest(path, checkout, False, 1)
    assert [digest(path, checkout, True, threads) for threads in (1, 2)] == [numpy, numpy]
