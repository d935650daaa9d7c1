"""NumPy decodes what torch decodes, and a window or a reduced resolution is a part of the whole."""

import numpy as np
import pytest
from scipy.special import erf

from hiner.core.errors import Cancelled
from hiner.core.network import numpy_network
from hiner.core.network.architecture import Architecture, widest
from hiner.core.network.geometry import choose_strides

SIZES = [(37, 91), (5, 67), (1, 1), (64, 50)]


@pytest.fixture(scope="module")
def torch_network():
    pytest.importorskip("torch")
    return pytest.importorskip("hiner.core.network.torch_network")


def random_network(torch_network, architecture, seed=0):
    """A decoder whose outputs reach from 0 to 1, its arrays, and an embedding."""
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        decoder = torch_network.Decoder(architecture).eval()
        with torch.no_grad():
            for parameter in decoder.parameters():
                parameter.mul_(2.5)
            embedding = torch.randn(1, 16, *architecture.grid)
            whole = decoder(embedding)[0, 0].numpy()
    return torch_network.decoder_arrays(decoder), embedding[0].numpy(), whole


def fitting(size):
    return widest(size, choose_strides(*size), 10, 30_000)


@pytest.mark.parametrize("size", SIZES)
def test_numpy_equals_torch(torch_network, size):
    architecture = fitting(size)
    arrays, embedding, whole = random_network(torch_network, architecture)
    rows, cols = np.arange(size[0]), np.arange(size[1])
    decoded = numpy_network.decode(architecture, arrays, embedding, rows, cols)
    assert decoded.shape == size
    assert np.abs(decoded - whole).max() < 1e-5


def test_torch_decodes_whole_bands_as_numpy_does(torch_network):
    from hiner.core.network.torch_decoding import TorchBands

    architecture = fitting((37, 91))
    arrays, embedding, whole = random_network(torch_network, architecture)
    bands = TorchBands(architecture, arrays).decode(np.stack([embedding, embedding * 0.5]), 30, 91)
    rows, cols = np.arange(30), np.arange(91)
    half = numpy_network.decode(architecture, arrays, embedding * np.float32(0.5), rows, cols)
    assert np.abs(bands[0] - whole[:30]).max() < 1e-4
    assert np.abs(bands[1] - half).max() < 1e-4


@pytest.mark.parametrize("size", SIZES)
def test_any_rows_and_columns_equal_the_whole_band(torch_network, size):
    architecture = fitting(size)
    arrays, embedding, whole = random_network(torch_network, architecture)
    random = np.random.default_rng(1)
    for _ in range(12):
        rows = np.unique(random.integers(0, size[0], random.integers(1, size[0] + 1)))
        cols = np.unique(random.integers(0, size[1], random.integers(1, size[1] + 1)))
        part = numpy_network.decode(architecture, arrays, embedding, rows, cols)
        assert np.abs(part - whole[np.ix_(rows, cols)]).max() < 1e-5


def test_blocks_of_rows_change_nothing(torch_network, monkeypatch):
    architecture = fitting((64, 50))
    arrays, embedding, whole = random_network(torch_network, architecture)
    monkeypatch.setattr(numpy_network, "BLOCK_VALUES", 3000)
    decoded = numpy_network.decode(architecture, arrays, embedding, np.arange(64), np.arange(50))
    assert np.abs(decoded - whole).max() < 1e-5


def test_one_pixel_of_a_large_frame_costs_little(torch_network):
    """Only the receptive field is computed: a pixel of 4000x4000 in far less than the frame needs."""
    architecture = Architecture((4000, 4000), choose_strides(4000, 4000), 14)
    arrays, embedding, _ = _without_decoding(architecture)
    seen = []
    original = numpy_network._convolve

    def counting(x, *rest):
        seen.append(x.size)
        return original(x, *rest)

    numpy_network._convolve = counting
    try:
        numpy_network.decode(architecture, arrays, embedding, np.array([2001]), np.array([77]))
    finally:
        numpy_network._convolve = original
    assert max(seen) < 100 * architecture.widths[0]


def _without_decoding(architecture):
    random = np.random.default_rng(0)
    arrays = {n: random.normal(0, 0.1, s).astype("f4") for n, s in architecture.shapes.items()}
    return arrays, random.normal(size=(16, *architecture.grid)).astype("f4"), None


def test_unequal_strides_shuffle_as_torch_does_for_equal_ones(torch_network):
    import torch

    x = torch.arange(2 * 6 * 3 * 4, dtype=torch.float32).reshape(1, 12, 3, 4)
    by_hand = np.zeros((2, 3 * 2, 4 * 3), dtype="f4")
    for channel in range(2):
        for sy in range(2):
            for sx in range(3):
                by_hand[channel, sy::2, sx::3] = x[0, channel * 6 + sy * 3 + sx].numpy()
    assert np.array_equal(torch_network.shuffle(x, (2, 3))[0].numpy(), by_hand)
    square = torch.arange(2 * 4 * 3 * 4, dtype=torch.float32).reshape(1, 8, 3, 4)
    assert torch.equal(
        torch_network.shuffle(square, (2, 2)), torch.nn.functional.pixel_shuffle(square, 2)
    )


def test_gelu_against_scipy():
    x = np.linspace(-9, 9, 200_001, dtype=np.float32)
    exact = x * 0.5 * (1 + erf(x.astype("f8") / np.sqrt(2)))
    assert np.abs(numpy_network.gelu(x) - exact).max() < 1e-6


def test_decoding_can_be_stopped():
    architecture = Architecture((64, 64), ((4, 4), (4, 4)), 12)
    arrays, embedding, _ = _without_decoding(architecture)

    def stop():
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        numpy_network.decode(architecture, arrays, embedding, np.arange(64), np.arange(64), stop)
