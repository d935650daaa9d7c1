"""Training fits, repeats with a seed, ignores invalid pixels, stops when told."""

import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.errors import Cancelled, DeviceError, ParameterError  # noqa: E402
from hiner.core.network import numpy_network  # noqa: E402
from hiner.core.network.architecture import Architecture  # noqa: E402
from hiner.core.progress import Progress, clock  # noqa: E402
from hiner.core.scene.scene import Validity  # noqa: E402
from hiner.core.training.device import choose_device  # noqa: E402
from hiner.core.training.schedule import PUBLISHED, Schedule  # noqa: E402
from hiner.core.training.targets import BandTargets  # noqa: E402
from hiner.core.training.trainer import train  # noqa: E402

ROWS, COLS, BANDS = 24, 20, 12
NETWORK = Architecture((ROWS, COLS), ((3, 3), (2, 2), (2, 2)), 16)


def smooth_cube():
    y, x = np.mgrid[:ROWS, :COLS]
    cube = [np.sin(y / 5 + b / 4) * np.cos(x / 6 - b / 5) for b in range(BANDS)]
    return (1000 + 400 * np.array(cube)).astype("uint16")


def targets_of(cube, valid=None, exceptions=None):
    valid = np.ones(cube.shape[1:], bool) if valid is None else valid
    validity = Validity(valid, np.ones(len(cube), bool), exceptions or {})
    inside = cube[:, valid]
    return BandTargets(
        cube,
        validity,
        inside.min(1),
        inside.max(1),
        np.linspace(0, 1, len(cube)),
        np.arange(len(cube)),
        np.r_[1 : len(cube), -1],
    )


def psnr(trained, targets):
    rows, cols = np.arange(ROWS), np.arange(COLS)
    errors = []
    for i, embedding in enumerate(trained.embeddings):
        decoded = numpy_network.decode(NETWORK, trained.arrays, embedding, rows, cols)
        valid = targets.valid([i])
        square = (decoded - targets.normalised([i])[0]) ** 2
        errors.append(square.mean() if valid is None else square[valid[0] > 0].mean())
    return -10 * np.log10(errors).mean()


def test_training_fits_a_smooth_scene():
    targets = targets_of(smooth_cube())
    few = psnr(train(targets, NETWORK, Schedule(epochs=3)), targets)
    many = psnr(train(targets, NETWORK, Schedule(epochs=60)), targets)
    assert many > 28
    assert many > few + 5


def test_the_reported_psnr_is_that_of_the_bands():
    targets = targets_of(smooth_cube())
    trained = train(targets, NETWORK, Schedule(epochs=40, mixing=0.0))
    assert trained.history[-1][2] == pytest.approx(psnr(trained, targets), abs=0.5)


def test_one_seed_gives_one_network():
    targets, schedule = targets_of(smooth_cube()), Schedule(epochs=2, seed=7)
    first, second = (train(targets, NETWORK, schedule) for _ in range(2))
    other = train(targets, NETWORK, Schedule(epochs=2, seed=8))
    assert all(np.array_equal(first.arrays[n], second.arrays[n]) for n in first.arrays)
    assert not np.array_equal(first.embeddings, other.embeddings)


def test_the_callers_random_state_is_left_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    train(targets_of(smooth_cube()), NETWORK, Schedule(epochs=1))
    assert torch.equal(torch.rand(3), expected)


def test_invalid_pixels_change_nothing():
    valid = np.random.default_rng(0).random((ROWS, COLS)) < 0.7
    clean, spoilt = smooth_cube(), smooth_cube()
    spoilt[:, ~valid] = 65535
    schedule = Schedule(epochs=2)
    first = train(targets_of(clean, valid), NETWORK, schedule)
    second = train(targets_of(spoilt, valid), NETWORK, schedule)
    assert np.array_equal(first.embeddings, second.embeddings)


def test_a_band_with_its_own_holes_is_trained_without_them():
    cube = smooth_cube()
    hole = np.ones((ROWS, COLS), bool)
    hole[3:9, 4:12] = False
    spoilt = cube.copy()
    spoilt[5][~hole] = 0
    schedule, exceptions = Schedule(epochs=2), {5: hole}
    first, second = (targets_of(c, exceptions=exceptions) for c in (cube, spoilt))
    for targets in (first, second):
        targets._minimum[:] = cube.min((1, 2))
        targets._scale[:] = 1 / np.ptp(cube.astype("f8"), axis=(1, 2))
    one, other = (train(targets, NETWORK, schedule) for targets in (first, second))
    assert np.array_equal(one.embeddings, other.embeddings)


def test_a_frame_larger_than_the_image_is_cut_before_the_loss():
    frame = Architecture((30, 24), ((5, 3), (3, 4), (2, 2)), 16)
    trained = train(targets_of(smooth_cube()), frame, Schedule(epochs=2))
    assert np.isfinite(trained.history[-1][2])


class Watching(Progress):
    """Counts reports and cancels at a time."""

    def __init__(self, cancel_after=None):
        self.cancel_after, self.started, self.reports = cancel_after, time.monotonic(), []

    def report(self, fraction, message=""):
        self.reports.append((time.monotonic() - self.started, fraction, message))

    def is_cancelled(self):
        passed = time.monotonic() - self.started
        return self.cancel_after is not None and passed > self.cancel_after


def test_cancelling_ends_the_training_within_a_second():
    large = Architecture((512, 512), ((4, 4), (4, 4), (4, 4), (4, 4)), 24)
    cube = np.random.default_rng(0).integers(0, 1000, (4, 512, 512)).astype("uint16")
    watching = Watching(cancel_after=1.0)
    with pytest.raises(Cancelled):
        train(targets_of(cube), large, Schedule(epochs=1000), progress=watching)
    assert time.monotonic() - watching.started < 2.5


def test_a_device_without_enough_memory_is_told_as_such(monkeypatch):
    def out_of_memory(*_):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr("hiner.core.training.steps.EagerStep.update", out_of_memory)
    with pytest.raises(DeviceError, match="smaller model"):
        train(targets_of(smooth_cube()), NETWORK, Schedule(epochs=1))


def test_progress_is_told_often_with_psnr_and_time_left():
    watching = Watching()
    train(targets_of(smooth_cube()), NETWORK, Schedule(epochs=60), progress=watching)
    times = [moment for moment, _, _ in watching.reports]
    assert max(np.diff([0, *times])) < 1.5
    assert watching.reports[-1][1] == 1.0
    assert "dB" in watching.reports[-1][2] and "left" in watching.reports[-1][2]


def test_training_ends_when_the_wished_psnr_is_confirmed():
    targets, asked = targets_of(smooth_cube()), []

    def reached(arrays, embeddings):
        asked.append(set(arrays))
        return len(asked) == 2

    trained = train(targets, NETWORK, Schedule(epochs=200, target_psnr=20.0), reached=reached)
    assert len(asked) == 2
    assert len(trained.history) < 200


def test_learning_rate_warms_up_and_falls_to_zero():
    schedule = Schedule(rate=2.0)
    assert schedule.learning_rate(0.0) == pytest.approx(0.2)
    assert schedule.learning_rate(0.1) == pytest.approx(2.0)
    assert schedule.learning_rate(0.55) == pytest.approx(1.0)
    assert schedule.learning_rate(1.0) == pytest.approx(0.0)
    assert (PUBLISHED.epochs, PUBLISHED.batch, PUBLISHED.rate) == (300, 1, 1e-3)


def test_an_unknown_device_is_refused():
    with pytest.raises(ParameterError, match="tpu"):
        choose_device("tpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_asking_for_a_gpu_that_is_not_there_says_so():
    with pytest.raises(DeviceError, match="cpu"):
        choose_device("cuda")
    assert choose_device("auto") == "cpu"


def test_time_left_reads_like_a_clock():
    assert [clock(s) for s in (42, 725, 3723)] == ["0:42", "12:05", "1:02:03"]
