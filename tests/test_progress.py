"""What long work tells: not too often, and how long the rest will take."""

import pytest

from hiner.core.errors import Cancelled
from hiner.core.progress import Paced, Progress


class Told(Progress):
    def __init__(self):
        self.told, self.stop = [], False

    def report(self, fraction, message=""):
        self.told.append((fraction, message))

    def is_cancelled(self):
        return self.stop


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("hiner.core.progress.time.monotonic", lambda: now[0])
    return now


def test_many_small_steps_are_told_twice_a_second_with_the_time_left(clock):
    told = Told()
    paced = Paced(told, "Classifying")
    for step in range(101):
        # 10 s for 100 steps.
        clock[0] = 100 + 0.1 * step
        paced.report(step / 100)
    assert told.told[0] == (0, "Classifying: 0 %")
    assert (0.4, "Classifying: 40 %, 6 s left") in told.told
    assert told.told[-1] == (1, "Classifying: 100 %, 0 s left")
    assert 15 < len(told.told) < 25


def test_the_time_left_follows_a_message_of_the_works_own(clock):
    told = Told()
    paced = Paced(told.part(0.5, 1.0))
    clock[0] += 3
    paced.report(0.25, "Training: epoch 3 of 12")
    assert told.told == [(0.625, "Training: epoch 3 of 12, 9 s left")]


def test_paced_work_hears_a_cancel(clock):
    told = Told()
    told.stop = True
    with pytest.raises(Cancelled):
        Paced(told).check()
