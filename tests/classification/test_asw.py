"""ASW starts as the identity, learns, and is held to the codec's loss."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.classification.network.asw import SpectralWeighting, weighting_loss  # noqa: E402


def test_it_starts_as_the_identity():
    x = torch.rand(5, 9, 20)
    assert torch.equal(SpectralWeighting(20)(x), x)


def test_factors_weigh_bands_and_the_mlp_joins_them():
    torch.manual_seed(0)
    weighting, x = SpectralWeighting(4, hidden=3), torch.rand(2, 5, 4)
    with torch.no_grad():
        for parameter in weighting.parameters():
            parameter.copy_(torch.randn_like(parameter))
        mean = x.mean(dim=1)
        gelu = torch.nn.functional.gelu
        first, last = weighting.factors[0], weighting.factors[2]
        s = gelu(mean @ first.weight.T + first.bias) @ last.weight.T + last.bias
        weighed = x + s[:, None, :] * x
        first, last = weighting.across[0], weighting.across[2]
        expected = weighed + gelu(weighed @ first.weight.T + first.bias) @ last.weight.T + last.bias
        assert torch.allclose(weighting(x), expected, atol=1e-6)


def test_its_first_step_moves_it():
    torch.manual_seed(0)
    weighting, x = SpectralWeighting(6), torch.rand(3, 4, 6)
    optimiser = torch.optim.SGD(weighting.parameters(), lr=0.1)
    weighting(x).square().sum().backward()
    optimiser.step()
    assert not torch.allclose(weighting(x), x)


def test_its_loss_is_the_codecs_by_band_over_the_batch():
    random = np.random.default_rng(0)
    out, original = random.random((3, 4, 5)), random.random((3, 4, 5))
    bands_out, bands = out.reshape(12, 5).T, original.reshape(12, 5).T
    cosine = (bands_out * bands).sum(1) / np.sqrt((bands_out**2).sum(1) * (bands**2).sum(1))
    expected = 0.5 * np.abs(out - original).mean() + 0.005 * np.degrees(np.arccos(cosine)).mean()
    loss = weighting_loss(torch.from_numpy(out), torch.from_numpy(original))
    assert loss.item() == pytest.approx(expected, rel=1e-6)
