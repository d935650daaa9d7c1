"""The networks are the published ones, and fit any image with little padding."""

import math

import numpy as np
import pytest

from hiner.core.errors import ParameterError
from hiner.core.network.architecture import Architecture, published_width, widest
from hiner.core.network.geometry import choose_strides, computed_pixels
from hiner.core.network.presets import PUBLISHED_SIZES, published_network


def test_indian_pines_half_a_million_by_hand():
    """Strides 5, 3, 2, 2 on 3x3; widths fall by 1.2; kernels 1, 3, 5, 5."""
    network = published_network("indian_pines").architecture(145, 145, 200, 500_000)
    assert network.frame == (180, 180)
    assert network.widths == (58, 48, 40, 33, 28)
    assert network.kernels == (1, 3, 5, 5)
    by_hand = (
        (16 * 58 + 58)
        + (58 * 48 * 25 * 1 + 48 * 25)
        + (48 * 40 * 9 * 9 + 40 * 9)
        + (40 * 33 * 4 * 25 + 33 * 4)
        + (33 * 28 * 4 * 25 + 28 * 4)
        + (28 * 1 * 9 + 1)
    )
    assert network.decoder_parameters() == by_hand
    assert network.parameters(200) == by_hand + 200 * 16 * 3 * 3


@pytest.mark.parametrize(
    "name, size, bands, frame",
    [
        ("indian_pines", (145, 145), 200, (180, 180)),
        ("pavia_university", (610, 340), 103, (720, 360)),
        ("pavia_centre", (1096, 715), 102, (1200, 720)),
        ("child", (960, 1280), 100, (960, 1280)),
    ],
)
@pytest.mark.parametrize("wished", PUBLISHED_SIZES)
def test_published_networks_have_the_published_size(name, size, bands, frame, wished):
    """The quadratic leaves out biases, the head and the smallest width of 12, and rounds down."""
    network = published_network(name).architecture(*size, bands, wished)
    assert network.frame == frame
    assert 0.9 * wished < network.parameters(bands) <= 1.025 * wished


def test_width_is_the_root_of_the_quadratic():
    """Stages' weights a * w^2 + stem 16 * w + embeddings = wished, solved by numpy.roots."""
    grid, strides, bands, wished = (3, 3), ((5, 5), (3, 3), (2, 2), (2, 2)), 200, 1_000_000
    a = sum(
        s * s * k * k / 1.2 ** (2 * i + 1) for i, (s, k) in enumerate([(5, 1), (3, 3), (2, 5), (2, 5)])
    )
    root = np.roots([a, 16, bands * 16 * 9 - wished]).max()
    assert published_width(grid, strides, bands, wished) == int(root)


def test_torch_counts_the_same_parameters():
    torch_network = pytest.importorskip("hiner.core.network.torch_network")
    network = Architecture((37, 91), ((4, 5), (3, 3), (2, 2)), 20)
    decoder = torch_network.Decoder(network)
    assert sum(p.numel() for p in decoder.parameters()) == network.decoder_parameters()
    arrays = torch_network.decoder_arrays(decoder)
    assert {name: a.shape for name, a in arrays.items()} == network.shapes


@pytest.mark.parametrize(
    "size",
    [(65, 65), (67, 1300), (100, 100), (127, 131), (145, 145), (64, 128), (610, 340), (1201, 997)],
)
def test_little_is_computed_beyond_the_image(size):
    """Under 10 % for sides above 64: the stage before the frame is cut, and all stages together."""
    strides = choose_strides(*size)
    network = Architecture(size, strides, 30)
    at_full = math.prod(computed_pixels(n, [s[i] for s in strides]) for i, n in enumerate(size))
    assert at_full < 1.1 * math.prod(size)
    exact = Architecture(size, strides, 30)
    assert exact.frame == size
    assert 2 <= math.prod(network.grid) <= 40


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 2000), (2, 2), (5, 7)])
def test_tiny_and_thin_images_have_a_network(size):
    network = widest(size, choose_strides(*size), 20, 60_000)
    assert network.frame == size
    assert math.prod(network.grid) <= 40


def test_widest_is_the_widest():
    strides = choose_strides(100, 100)
    network = widest((100, 100), strides, 50, 80_000)
    wider = Architecture((100, 100), strides, network.first_width + 1)
    assert network.smallest_width == 12
    assert network.parameters(50) <= 80_000 < wider.parameters(50)


def test_a_small_size_gets_narrower_layers_than_published():
    network = widest((64, 64), choose_strides(64, 64), 30, 18_000)
    assert min(network.widths) < 12
    assert 0.6 * 18_000 < network.parameters(30) <= 18_000


def test_too_few_parameters_are_refused_with_the_number_needed():
    with pytest.raises(ParameterError, match="28801"):
        published_network("indian_pines").architecture(145, 145, 200, 20_000)


@pytest.mark.parametrize(
    "frame, strides, width",
    [((0, 5), ((1, 1),), 8), ((5, 5), (), 8), ((5, 5), ((9, 1),), 8), ((5, 5), ((2, 2),), 0)],
)
def test_impossible_shapes_are_refused(frame, strides, width):
    with pytest.raises(ParameterError):
        Architecture(frame, strides, width)
