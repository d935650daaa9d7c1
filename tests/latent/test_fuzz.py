"""20 000 sections with wrong content behind right checks: refused or wrong pixels, never a crash or a hang."""

import time
import tracemalloc

import numpy as np
import pytest
from synthetic import make_scene, smooth

from hiner.core.codec import CompressOptions, compress
from hiner.core.container.reader import HnrContainer
from hiner.core.errors import FormatError
from hiner.core.methods.latent.decoder import LatentDecoder
from hiner.core.spectral.grid import SpectralPoint

TRIES, TRACED = 20_000, 2000
SHAPE = 14, 18
SECONDS = 2.0


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """(header, {section: bytes}) of a file with planes and corrections."""
    path = tmp_path_factory.mktemp("fuzz") / "a.hnr"
    cube = np.rint(smooth(*SHAPE, 5, 100, 4000)).astype("int16")
    cube += np.random.default_rng(2).integers(-60, 60, cube.shape).astype("int16")
    compress(make_scene(cube), path, CompressOptions(max_error=20))
    container = HnrContainer(path)
    return container.header, {name: container.section(name) for name in ("LATN", "CORR")}


def spoil(data, random):
    """Some bytes changed, cut off, added, or moved."""
    data = bytearray(data)
    kind = random.integers(6)
    if kind == 0:
        return bytes(data[: random.integers(len(data) + 1)])
    if kind == 1:
        return bytes(data) + random.bytes(int(random.integers(1, 9)))
    if kind == 2:
        start = random.integers(len(data))
        data[start : start + random.integers(1, 40)] = random.bytes(int(random.integers(40)))
        return bytes(data)
    # Lengths and side information stand in front: half of the changes go there.
    reach = len(data) if kind < 5 else min(len(data), 60)
    for _ in range(random.integers(1, 5)):
        data[random.integers(reach)] = random.integers(256)
    return bytes(data)


def test_wrong_content_is_refused_or_decodes_to_something(parts):
    header, good = parts
    random, refused, slowest = np.random.default_rng(0), 0, 0.0
    rows, cols = (np.arange(n) for n in SHAPE)
    tracemalloc.start()
    peak = None
    for turn in range(TRIES):
        if turn == TRACED:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        name = "LATN" if turn % 3 else "CORR"
        sections = {**good, name: spoil(good[name], random)}
        started = time.monotonic()
        try:
            pixels = LatentDecoder(header, sections.__getitem__).decode(SpectralPoint(2, 2, 0.0), rows, cols)
        except FormatError:
            refused += 1
        else:
            assert pixels.shape == SHAPE
        slowest = max(slowest, time.monotonic() - started)
    assert refused > TRIES / 2
    assert slowest < SECONDS
    # The context model's tables and a handful of windows, whatever the streams claim.
    assert peak < 64 << 20
