"""A file of few bytes that claims a huge scene takes little memory, read or refused."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from hiner.core.container.layout import SAMPLES_PER_BYTE
from hiner.core.container.reader import HnrContainer
from hiner.core.container.writer import write_hnr
from hiner.core.errors import FormatError
from hiner.core.hnr_file import HnrFile
from hiner.core.methods.latent import correction_streams, scene_stream
from hiner.core.simple import compress_array

SIDE = 60_000


@pytest.fixture
def allocated():
    """The most bytes that were in use at a time, once called."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.fixture
def constant(tmp_path):
    """Two constant bands, which need no payload, of SIDE x SIDE pixels."""
    compress_array(np.full((2, 8, 8), 5, np.int16), tmp_path / "small.hnr")
    header = HnrContainer(tmp_path / "small.hnr").header
    description = replace(header.description, n_rows=SIDE, n_cols=SIDE)
    padding = bytes(description.n_samples // SAMPLES_PER_BYTE)
    write_hnr(tmp_path / "a.hnr", replace(header, description=description), {"LATN": b"", "PADD": padding})
    return tmp_path / "a.hnr"


def test_pixels_of_a_constant_scene_of_any_size(constant, allocated):
    file = HnrFile(constant)
    assert (file.read_bands([0], (SIDE - 1, SIDE - 1, 1, 1)) == 5).all()
    assert (file.read_bands([0, 1], shape=(50, 50), coarse=True) == 5).all()
    assert (file.read_averages([[0.5, 0.5]], (7, 9, 3, 3)) == 5).all()
    assert file.validity.count([0, 1]) == SIDE * SIDE
    assert allocated() < 4e6


def test_tiles_are_not_listed_where_the_stream_is_too_short_for_their_lengths(allocated):
    with pytest.raises(FormatError):
        scene_stream.unpack(bytes(10**5), 0, 5, 600_000, 600_000)
    with pytest.raises(FormatError):
        correction_streams.Corrections(bytes(10**5), 2, (600_000, 600_000), None)
    assert allocated() < 1e6
