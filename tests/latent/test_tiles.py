"""A tile's planes come back as they were coded, whatever its size, from streams that may be damaged."""

import numpy as np
import pytest

from hiner.core.errors import FormatError
from hiner.core.methods.latent import context, features, quantise, tile_encoder, tiling, trellis, wavelet
from hiner.core.methods.latent.geometry import levels_for, subbands
from hiner.core.methods.latent.tile_decoder import TileDecoder


def coefficients(shape, n_planes=5, seed=0, scale=1.0):
    """Quantised coefficients of planes whose energy falls: (low, details, filled, levels)."""
    random = np.random.default_rng(seed)
    planes = np.cumsum(np.cumsum(random.normal(size=(n_planes, *shape)), 1), 2)
    planes = scale * planes / (1 + np.arange(n_planes))[:, None, None]
    levels = levels_for(*shape)
    low, details = wavelet.forward(planes, levels)
    prices = np.tile(np.log2(2 + np.arange(4096)).astype(np.float32), (2, 1, 1))

    def without_context(scaled, integers, filled, report):
        tables = [[np.zeros(b.shape, np.int16) for b in bands] for bands in integers]
        return quantise.cheapest(scaled, tables, filled, prices)

    integers, filled = quantise.quantise(details, without_context, rounds=1)
    return np.rint(low).astype(np.int32), integers, filled, levels


def coded(shape, model, n_lanes=4, **options):
    low, details, filled, levels = coefficients(shape, **options)
    data = tile_encoder.encode(low, details, filled, quantise.indices(details, model), model, n_lanes)
    return data, low, details, filled


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (33, 1), (2, 9), (16, 16), (45, 70)])
@pytest.mark.parametrize("scale", [0.02, 1.0, 300.0])
def test_planes_come_back(model, shape, scale):
    data, low, details, filled = coded(shape, model, scale=scale)
    tile = TileDecoder(data, len(low), filled, *shape, model, 4)
    assert np.array_equal(tile.low, low)
    if details:
        tile.level(0)
    for level, bands in enumerate(details):
        for band, decoded in zip(bands, tile.level(level)):
            assert np.array_equal(band, decoded)


def test_levels_can_be_decoded_one_after_the_other(model):
    data, low, details, filled = coded((40, 40), model)
    tile = TileDecoder(data, len(low), filled, 40, 40, model, 4)
    coarse = [band.copy() for band in tile.level(1)]
    assert tile.details[0] is None
    for band, decoded in zip(details[1], coarse):
        assert np.array_equal(band, decoded)
    for band, decoded in zip(details[0], tile.level(0)):
        assert np.array_equal(band, decoded)


def test_context_indices_are_the_same_in_float32_and_float64(model):
    _, details, _, _ = coefficients((45, 70), scale=8.0)
    magnitudes = [[np.abs(band) for band in bands] for bands in details]
    for _, _, number, _, inputs, _ in features.whole_tile(magnitudes):
        assert inputs.max() <= 449
        single = model.networks[number].index(inputs)
        double = model.networks[number].index(inputs.astype(np.float64))
        assert np.array_equal(single, double)


def test_inputs_that_are_one_for_a_plane_may_be_given_once(model):
    random = np.random.default_rng(1)
    for number, network in enumerate(model.networks):
        logs = random.integers(0, 450, (context.n_sums(number), 3, 40, 50)).astype(np.float32)
        known = random.integers(0, 450, (3, features.STATISTICS + features.FLAGS))
        every = np.concatenate([logs.reshape(len(logs), -1), known.T.repeat(2000, 1).astype(np.float32)])
        marked = np.concatenate([logs.reshape(len(logs), -1), np.eye(3, dtype=np.float32).repeat(2000, 1)])
        assert np.array_equal(network.index_of(marked, known), network.index(every))


def test_context_indices_are_the_same_in_torch_with_any_number_of_threads(model):
    torch = pytest.importorskip("torch")
    inputs = np.random.default_rng(0).integers(0, 450, (features.n_inputs(3), 5000)).astype(np.float32)
    expected = model.networks[3].index(inputs)
    before = torch.get_num_threads()
    for n_threads in (1, 2):
        torch.set_num_threads(n_threads)
        x = torch.from_numpy(inputs)
        for layer in model.networks[3].layers:
            x = torch.from_numpy(layer.weight).T @ x + torch.from_numpy(layer.bias)[:, None]
            x = torch.floor(x)
            last = layer is model.networks[3].layers[-1]
            x = x.clamp(0, model.networks[3].n_tables - 1 if last else 1023)
        assert np.array_equal(x[0].numpy().astype(np.int64), expected)
    torch.set_num_threads(before)


def test_a_layer_that_could_round_is_refused():
    from hiner.core.methods.latent.network import Layer

    with pytest.raises(FormatError):
        Layer(np.full((40, 1), 1000), np.zeros(1), 3, 449)


def test_the_inputs_know_nothing_of_what_comes_later(model):
    """Changing a coefficient of the last pass changes no index of the passes before it."""
    _, details, _, _ = coefficients((32, 32))
    before = quantise.indices(details, model)
    changed = [tuple(band.copy() for band in bands) for bands in details]
    changed[0][2][-1, 1, 0] += 7
    after = quantise.indices(changed, model)
    for first, second in zip(before[0], after[0]):
        assert np.array_equal(first[:-1], second[:-1])
    for row, col in ((0, 0), (1, 1), (0, 1)):
        assert np.array_equal(before[0][2][-1, row::2, col::2], after[0][2][-1, row::2, col::2])


def test_damaged_streams_end_in_an_error_or_in_other_numbers(model):
    data, low, details, filled = coded((40, 48), model, scale=3.0)
    random = np.random.default_rng(3)
    refused = 0
    for _ in range(300):
        spoilt = bytearray(data)
        for _ in range(random.integers(1, 4)):
            spoilt[random.integers(len(spoilt))] = random.integers(256)
        if random.random() < 0.2:
            spoilt = spoilt[: random.integers(len(spoilt))]
        try:
            decoded = TileDecoder(bytes(spoilt), len(low), filled, 40, 48, model, 4).level(0)
        except FormatError:
            refused += 1
        else:
            assert decoded[0].shape == details[0][0].shape
    assert refused > 100


def test_tiles_are_coded_alone(model):
    """Each tile's stream decodes to the tile's part of the scene's coefficients."""
    shape = (64, 330)
    low, details, filled, levels = coefficients(shape, n_planes=2)
    for tile in tiling.tiles(*shape):
        part, low_part = tiling.cut(details, tile), low[(slice(None), *tiling.low_part(tile, levels))]
        index = quantise.indices(part, model)
        data = tile_encoder.encode(low_part, part, filled, index, model, 4)
        size = tile[1] - tile[0], tile[3] - tile[2]
        assert [[b.shape[1:] for b in bands] for bands in part] == [list(s) for s in subbands(*size, levels)[0]]
        decoded = TileDecoder(data, 2, filled, *size, model, 4)
        decoded.level(0)
        assert all(np.array_equal(a, b) for x, y in zip(part, decoded.details) for a, b in zip(x, y))
        assert trellis.block_shape(part[0][0].shape[1:])[0] == 16
