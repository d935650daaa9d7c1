"""A step in mixed precision learns what one in float32 does; on a GPU nothing waits for a value or lies elsewhere."""

import contextlib
import itertools
import weakref

import numpy as np
import pytest
from simulated_gpu import simulated_gpu

torch = pytest.importorskip("torch")

from hiner.core.network.architecture import Architecture  # noqa: E402
from hiner.core.training.loss import hiner_loss  # noqa: E402
from hiner.core.training.model import Codec  # noqa: E402
from hiner.core.training.schedule import Schedule  # noqa: E402
from hiner.core.training.steps import Batch, EagerStep, GraphStep  # noqa: E402

SIZE, BANDS = (24, 20), 12
NETWORK = Architecture(SIZE, ((3, 3), (2, 2), (2, 2)), 16)
KINDS = list(itertools.product([False, True], repeat=3))  # residual, mixing, valid


def codec(residual):
    torch.manual_seed(0)
    return Codec(NETWORK, np.linspace(0, 1, BANDS), Schedule(residual=residual))


def batch_of(bands, mixing, valid):
    y, x, b = torch.arange(SIZE[0])[:, None], torch.arange(SIZE[1]), bands[:, None, None]
    target = (torch.sin(y / 5 + b / 4) * torch.cos(x / 6 - b / 5) + 1) / 2
    between = (bands, torch.full((len(bands),), 0.4)) if mixing else ()
    return Batch(target, torch.ones_like(target) if valid else None, bands, *between)


@pytest.mark.parametrize("residual, mixing, valid", KINDS)
def test_mixed_precision_learns_what_float32_does(residual, mixing, valid):
    bands, errors = torch.arange(BANDS), {}
    for mixed in (False, True):
        model = codec(residual)
        step = EagerStep(model, torch.optim.Adam(model.parameters(), lr=4e-3), mixed)
        errors[mixed] = [float(step(batch_of(bands, mixing, valid), 4e-3).mean()) for _ in range(40)]
        assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert errors[False][-1] < 0.7 * errors[False][0]
    assert errors[True][-1] == pytest.approx(errors[False][-1], rel=0.1)


@pytest.mark.parametrize("residual, mixing, valid", KINDS)
def test_the_codecs_step_can_be_recorded_on_a_gpu(residual, mixing, valid):
    with simulated_gpu():
        batch = batch_of(torch.arange(BANDS), mixing, valid)
        decoded = codec(residual)(batch.bands, batch.partners, batch.fractions)
        loss = hiner_loss(decoded, batch.target, batch.valid)
        assert decoded.is_cuda and loss.is_cuda


def test_the_simulation_tells_what_lies_elsewhere_and_what_is_read():
    with simulated_gpu():
        on_gpu = torch.rand(3)
        with pytest.raises(RuntimeError):
            on_gpu + torch.rand(3, device="cpu")
        with pytest.raises(Exception, match="_local_scalar_dense"):
            float(on_gpu.sum())


class Recorder:
    """Stands in for torch's recording: what is asked for while it runs is done when it is replayed."""

    def __init__(self, monkeypatch, fails=False):
        self.recording, self.work, self.replays, self.computed, self.fails = False, None, 0, 0, fails
        self.held = lambda: None
        monkeypatch.setattr(torch.cuda, "CUDAGraph", lambda: self, raising=False)
        monkeypatch.setattr(torch.cuda, "graph", self.graph, raising=False)
        monkeypatch.setattr(torch.cuda, "Stream", lambda: self)
        monkeypatch.setattr(torch.cuda, "current_stream", lambda: self)
        monkeypatch.setattr(torch.cuda, "stream", lambda _: contextlib.nullcontext())

    def wait_stream(self, _):
        pass

    @contextlib.contextmanager
    def graph(self, *_, **__):
        self.recording = True
        yield
        self.recording = False

    def replay(self):
        self.replays += 1
        self.work()

    def update(self, batch):
        """As `EagerStep.update`: twice the target."""
        if self.recording and self.fails:
            self.recording = False
            activations = torch.zeros(3)
            self.held = weakref.ref(activations)
            raise RuntimeError("operation not permitted when stream is capturing")
        if not self.recording:
            assert self.held() is None  # what a failed recording took is free again
            self.computed += 1
            return 2 * batch.target
        errors = torch.empty_like(batch.target)
        self.work = lambda: torch.mul(batch.target, 2, out=errors)
        return errors


@pytest.mark.parametrize("fails", [False, True])
def test_steps_are_recorded_once_and_run_one_by_one_where_that_fails(monkeypatch, fails):
    recorder = Recorder(monkeypatch, fails)
    optimiser = torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    step, results = GraphStep(recorder, optimiser), []
    for number in range(8):
        results.append(step(Batch(torch.tensor([float(number)]), None, torch.tensor([0])), 1e-3 * number))
        assert optimiser.param_groups[0]["lr"] == pytest.approx(1e-3 * number)
    assert [float(errors) for errors in results] == [2.0 * number for number in range(8)]
    warm_up = GraphStep.WARM_UP_STEPS
    assert (recorder.computed, recorder.replays) == ((8, 0) if fails else (warm_up, 8 - warm_up))
