"""The network is SpectralFormer: wrapped groups, fusion from the third layer, sizes as published."""

import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.classification.network import attention  # noqa: E402
from hiner.core.classification.network.position_map import map_positions  # noqa: E402
from hiner.core.classification.network.spectralformer import (  # noqa: E402
    Attention,
    CrossLayerFusion,
    Encoder,
    GroupwiseEmbedding,
    SpectralFormer,
    SpectralFormerConfig,
)
from hiner.core.errors import ParameterError  # noqa: E402
from hiner.core.training.denormals import denormals_as_zeros  # noqa: E402
from hiner.core.training.device import one_thread_each  # noqa: E402


def small(**changes):
    return SpectralFormerConfig(**{"n_bands": 6, "n_classes": 4, "n_pixels": 9, **changes})


def test_a_group_is_a_band_with_its_neighbours_and_the_ends_wrap():
    embedding = GroupwiseEmbedding(small(n_pixels=1, group=3))
    with torch.no_grad():
        embedding.map.bias.zero_()
        embedding.map.weight.zero_()
        # The first three outputs copy the band before, the band itself, the band after.
        for offset in range(3):
            embedding.map.weight[offset, 0, offset] = 1
        groups = embedding(torch.arange(6.0).reshape(1, 1, 6))[0, :, :3]
    by_hand = [[5, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0]]
    assert groups.tolist() == by_hand


def test_the_embedding_is_one_linear_map_of_a_groups_pixels():
    config = small(group=3)
    embedding, x = GroupwiseEmbedding(config), torch.rand(2, 9, 6)
    bands = [[5, 0, 1], [0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0]]
    flat = x[:, :, bands].permute(0, 2, 1, 3).reshape(2, 6, 27)  # (batch, groups, pixels * 3)
    expected = flat @ embedding.map.weight.reshape(64, 27).T + embedding.map.bias
    assert torch.allclose(embedding(x), expected, atol=1e-6)


def test_a_step_takes_every_other_group():
    config = small(n_bands=7, group=3, step=2)
    embedding = GroupwiseEmbedding(config)
    every = GroupwiseEmbedding(small(n_bands=7, group=3))
    every.load_state_dict(embedding.state_dict())
    x = torch.rand(1, 9, 7)
    assert torch.allclose(embedding(x), every(x)[:, ::2], atol=1e-6)
    assert SpectralFormer(config)(x).shape == (1, 4)


def test_fusion_is_the_published_one_by_two_convolution_over_positions():
    config = small()
    fusion = CrossLayerFusion(config)
    published = torch.nn.Conv2d(7, 7, (1, 2))
    with torch.no_grad():
        published.weight.copy_(fusion.map.weight.reshape(7, 2, 7).permute(0, 2, 1)[:, :, None, :])
        published.bias.copy_(fusion.map.bias)
    x, earlier = torch.rand(3, 7, 64), torch.rand(3, 7, 64)
    expected = published(torch.stack([x, earlier], dim=3))[..., 0]
    assert torch.allclose(fusion(x, earlier), expected, atol=1e-6)


def test_fusion_starts_at_the_third_layer_with_the_input_of_two_layers_before():
    encoder, x = Encoder(small(layers=4)).eval(), torch.rand(2, 7, 64)
    inputs, seen = [], []
    for attention in encoder.attention:
        attention.norm.register_forward_hook(lambda module, args, out: inputs.append(args[0]))
    for fusion in encoder.fusion:
        fusion.register_forward_hook(lambda module, args, out: seen.append((*args, out)))
    encoder(x)
    assert len(seen) == 2
    assert torch.equal(inputs[0], x)
    assert torch.equal(seen[0][1], x)
    assert torch.equal(seen[1][1], inputs[1])
    assert torch.equal(inputs[2], seen[0][2])
    assert torch.equal(inputs[3], seen[1][2])


def test_the_plain_vit_has_no_fusion_and_single_bands():
    network = SpectralFormer(small(group=1, cross_layer=False))
    assert len(network.encoder.fusion) == 0
    assert network.embedding.map.kernel_size == (1,)


def test_the_sizes_are_those_published_for_indian_pines():
    network = SpectralFormer(SpectralFormerConfig(n_bands=200, n_classes=16))
    embedding = 49 * 3 * 64 + 64
    places = 201 * 64 + 64
    attention = 64 + 64 + 64 * 3 * 4 * 16 + 4 * 16 * 64 + 64
    feed_forward = 64 + 64 + 64 * 8 + 8 + 8 * 64 + 64
    fusion = 201 * 201 * 2 + 201
    head = 64 + 64 + 64 * 16 + 16
    by_hand = embedding + places + 5 * (attention + feed_forward) + 3 * fusion + head
    assert sum(p.numel() for p in network.parameters()) == by_hand
    assert network(torch.rand(2, 49, 200)).shape == (2, 16)


def test_the_last_layer_computes_what_all_positions_would():
    torch.manual_seed(0)
    encoder, x = Encoder(small(layers=3)).eval(), torch.rand(2, 7, 64)
    first, second, third = zip(encoder.attention, encoder.feed_forward)
    y = x
    inputs = []
    for attention, feed_forward in (first, second, third):
        inputs.append(y)
        if len(inputs) == 3:
            y = encoder.fusion[0](y, inputs[0])
        y = y + attention(y)
        y = y + feed_forward(y)
    assert torch.allclose(encoder(x), y[:, 0], atol=1e-5)


def test_the_class_position_attends_as_any_other():
    torch.manual_seed(0)
    attention = Attention(small()).double().eval()
    x = torch.randn(2, 7, 64, dtype=torch.float64, requires_grad=True)
    alone, among_all = attention.of_class(x), attention(x)[:, :1]
    assert torch.allclose(alone, among_all)
    inputs, slope = [x, *attention.parameters()], torch.randn_like(alone)
    for mine, expected in zip(*(torch.autograd.grad(out, inputs, slope) for out in (alone, among_all))):
        assert torch.allclose(mine, expected)


def attention_written_out(joint):
    """Of two heads of two."""
    batch, positions, _ = joint.shape
    query, key, value = joint.reshape(batch, positions, 3, 2, 2).permute(2, 0, 3, 1, 4)
    shares = (query @ key.transpose(2, 3) / 2**0.5).softmax(-1)
    return (shares @ value).transpose(1, 2).reshape(batch, positions, 4)


# All at once, the heads of a patch, one head of one patch; scores that e's powers bear, and larger ones.
@pytest.mark.parametrize("scores_at_once", [2**18, 50, 12])
@pytest.mark.parametrize("size", [1, 30])
def test_attention_in_chunks_is_attention_with_its_slopes(monkeypatch, scores_at_once, size):
    monkeypatch.setattr(attention, "_SCORES_AT_ONCE", scores_at_once)
    torch.manual_seed(1)
    joint = (size * torch.randn(3, 5, 12, dtype=torch.float64)).requires_grad_()

    def chunked(joint):
        return attention.ChunkedAttention.apply(joint, 2)

    assert torch.allclose(chunked(joint), attention_written_out(joint))
    assert torch.allclose(attention.attend(joint, 2), attention_written_out(joint))
    assert torch.autograd.gradcheck(chunked, (joint,))


def test_attention_bears_scores_beyond_what_e_to_their_power_does():
    torch.manual_seed(2)
    joint, slope = 12 * torch.randn(3, 5, 12), torch.randn(3, 5, 4)
    exact = joint.double().requires_grad_()
    expected = attention_written_out(exact)
    expected.backward(slope.double())
    joint.requires_grad_()
    out = attention.attend(joint, 2)
    out.backward(slope)
    assert torch.allclose(out.double(), expected, atol=1e-2)
    assert torch.allclose(joint.grad.double(), exact.grad, atol=1e-2)


@pytest.mark.parametrize("score", [-400, -36, -33, 0, 45, 47, 400])
def test_attention_bears_scores_that_are_all_small_or_all_large(score):
    joint, slope = torch.zeros(1, 3, 3), torch.tensor([1.0, -2.0, 0.5]).reshape(1, 3, 1)
    joint[0, :, 0], joint[0, :, 1] = score / 10, 10.0
    joint[0, :, 2] = torch.tensor([1.0, 2.0, 4.0])
    joint.requires_grad_()
    out = attention.attend(joint, 1)
    out.backward(slope)
    assert torch.allclose(out, torch.full((1, 3, 1), 7 / 3))  # all scores alike: the values' mean
    assert torch.allclose(joint.grad[0, :, 2], torch.full((3,), -0.5 / 3))
    of_keys = score / 10 * torch.tensor([1.0, 2.0, 4.0]).sub(7 / 3) / 3 * -0.5
    assert torch.allclose(joint.grad[0, :, 1], of_keys, atol=1e-5)


def test_scores_near_nothing_take_no_longer_than_others():
    """Weight decay makes them of whole layers; MKL's powers of e take up to thirty times as long for them."""
    torch.manual_seed(5)
    joint = torch.randn(16, 201, 192)

    def seconds(size):
        scaled = (size * joint).requires_grad_()
        started = time.perf_counter()
        attention.ChunkedAttention.apply(scaled, 4).sum().backward()
        return time.perf_counter() - started

    # Scores of about 1 and of 1e-5, 1e-14, 1e-20, squared and cubed beyond float32's normal numbers.
    sizes = [1.0, 3e-3, 1e-7, 1e-10]
    with one_thread_each(torch), denormals_as_zeros(torch):
        turns = [[seconds(size) for size in sizes] for _ in range(7)]
    usual, *near_nothing = np.min(turns, axis=0)
    assert max(near_nothing) < 2 * usual


def test_no_patches_have_no_scores():
    assert attention.attend(torch.rand(0, 5, 12), 2).shape == (0, 5, 4)


def test_the_networks_slopes_are_those_of_small_steps():
    torch.manual_seed(4)
    network = SpectralFormer(small(width=4, layers=4, heads=2, head_width=2, dropout=0.0)).double().train()
    patches = torch.rand(2, 9, 6, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: network(x), (patches,))
    weight = network.encoder.fusion[0].map.weight

    def with_weight(values):
        with torch.no_grad():
            weight.copy_(values)
        return float(network(patches).sum().detach())

    (slope,) = torch.autograd.grad(network(patches).sum(), weight)
    before, step = weight.detach().clone(), torch.zeros_like(weight)
    step[2, 9] = 1e-6
    measured = (with_weight(before + step) - with_weight(before - step)) / 2e-6
    assert slope[2, 9, 0] == pytest.approx(measured, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("with_mkl", [False, True])
def test_a_map_over_positions_is_a_product_with_its_slopes(monkeypatch, with_mkl):
    monkeypatch.setattr(torch.backends.mkl, "is_available", lambda: with_mkl)
    torch.manual_seed(3)
    weight = torch.randn(4, 5, dtype=torch.float64, requires_grad=True)
    x = torch.randn(3, 5, 2, dtype=torch.float64, requires_grad=True)
    assert torch.allclose(map_positions(weight, x), torch.einsum("ij,bjk->bik", weight, x))
    assert torch.autograd.gradcheck(map_positions, (weight, x))


def test_every_pixel_and_band_reaches_the_scores():
    torch.manual_seed(0)
    network, x = SpectralFormer(small()).eval(), torch.rand(1, 9, 6, requires_grad=True)
    network(x).square().sum().backward()
    assert np.all(x.grad.numpy() != 0)


def test_groups_larger_than_the_spectrum_are_refused():
    with pytest.raises(ParameterError, match="6 bands"):
        SpectralFormer(small(group=7))
