"""Pieces of a batch, in any number of threads, give the slopes of the batch; dropout drops its share."""

import copy

import numpy as np
import pytest
from simulated_gpu import simulated_gpu

torch = pytest.importorskip("torch")

from hiner.core import parallel  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.network import gradients  # noqa: E402
from hiner.core.classification.network.asw import weighting_loss  # noqa: E402
from hiner.core.classification.network.dropout import Dropout  # noqa: E402
from hiner.core.classification.network.gradients import BatchGradients  # noqa: E402
from hiner.core.classification.network.network import build_network  # noqa: E402
from hiner.core.training.device import one_thread_each  # noqa: E402


@pytest.fixture
def batch():
    torch.manual_seed(2)
    return torch.rand(11, 9, 12), torch.randint(0, 4, (11,))


def network_of(**changes):
    torch.manual_seed(3)
    network = build_network(settings_for("patch", patch=3, **changes), 12, 4).train()
    for parameter in network.parameters():
        # Away from zeros, where ASW's slopes would be nothing.
        parameter.data.add_(0.05 * torch.rand_like(parameter))
    return network


def slopes(network, batch, beta=0.4, in_threads=False, seed=0):
    filled = BatchGradients(network, torch.nn.CrossEntropyLoss(), beta, in_threads)
    loss, right = filled.fill(*batch, np.random.default_rng(seed))
    return float(loss), int(right), [parameter.grad.clone() for parameter in network.parameters()]


@pytest.mark.parametrize("asw", [True, False])
@pytest.mark.parametrize("positions", [10**6, 40, 1])
def test_pieces_give_the_slopes_of_the_whole_batch(monkeypatch, batch, asw, positions):
    monkeypatch.setattr(gradients, "POSITIONS_AT_ONCE", positions)
    network = network_of(asw=asw, dropout=0.0)
    whole = copy.deepcopy(network)
    scores, weighted = whole(batch[0])
    expected = torch.nn.functional.cross_entropy(scores, batch[1])
    if asw:
        expected = expected + 0.4 * weighting_loss(weighted, batch[0])
    expected.backward()
    loss, right, found = slopes(network, batch)
    assert loss == pytest.approx(float(expected), rel=1e-5)
    assert right == int((scores.argmax(1) == batch[1]).sum())
    for mine, parameter in zip(found, whole.parameters()):
        assert torch.allclose(mine, parameter.grad, atol=1e-6)


def test_the_number_of_threads_changes_nothing(monkeypatch, batch):
    monkeypatch.setattr(gradients, "POSITIONS_AT_ONCE", 40)
    network = network_of()
    with one_thread_each(torch):
        alone = slopes(network, batch)
        monkeypatch.setattr(parallel, "threads", lambda: 3)
        together = slopes(network, batch, in_threads=True)
    assert alone[:2] == together[:2]
    assert all(torch.equal(a, b) for a, b in zip(alone[2], together[2]))
    other = slopes(network, batch, seed=1)
    assert any(not torch.equal(a, b) for a, b in zip(alone[2], other[2]))


def test_each_thread_takes_denormal_numbers_as_zeros(monkeypatch, batch):
    """Of them millions arise late in a training, and Intel's processors take hundreds of cycles for each."""
    if not torch.set_flush_denormal(False):
        pytest.skip("this processor cannot take denormal numbers as zeros")
    monkeypatch.setattr(gradients, "POSITIONS_AT_ONCE", 40)
    monkeypatch.setattr(parallel, "threads", lambda: 2)
    products = []

    def score(scores, classes):
        products.append(float(torch.tensor([1e-20]) * torch.tensor([1e-20])))
        return torch.nn.functional.cross_entropy(scores, classes)

    BatchGradients(network_of(asw=False), score, 0.0, True).fill(*batch, np.random.default_rng(0))
    assert len(products) > 2
    assert set(products) == {0.0}
    assert float(torch.tensor([1e-20]) * torch.tensor([1e-20])) > 0


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_dropout_drops_its_share_and_keeps_the_mean(share):
    drop = Dropout(share).train()
    drop.generator = np.random.default_rng(0)
    kept = drop(torch.ones(1003, 501))
    n = kept.numel()
    spread = (n * share * (1 - share)) ** 0.5
    assert abs(int((kept == 0).sum()) - share * n) < 4 * spread
    assert torch.allclose(kept[kept != 0], torch.tensor(1 / (1 - share)))
    assert drop.eval()(kept) is kept


def test_dropout_of_everything_leaves_nothing():
    assert not Dropout(1.0).train()(torch.ones(100)).any()


@pytest.mark.parametrize("asw", [False, True])
@pytest.mark.parametrize("variant", ["best", "patch", "pixel", "vit"])
def test_the_classifiers_step_stays_on_the_gpu(variant, asw):
    settings = settings_for(variant, device="cuda", asw=asw)
    with simulated_gpu():
        network = build_network(settings, 60, 5).train()
        patches = torch.rand(8, network.classifier.config.n_pixels, 60)
        scores, weighted = network(patches)
        loss = torch.nn.functional.cross_entropy(scores, torch.zeros(8, dtype=torch.int64))
        assert (loss + weighting_loss(weighted, patches)).is_cuda


def test_torch_gets_its_threads_back():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with one_thread_each(torch) as alone:
        assert torch.get_num_threads() == 1
        assert alone in (True, False)
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)
