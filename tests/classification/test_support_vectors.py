"""The votes of a machine of many classes are counted pair by pair, and a cancel is heard while they are."""

import numpy as np
import pytest

from hiner.core.classification.model.support_vectors import SupportVectors
from hiner.core.errors import Cancelled

CLASSES, PAIRS = 120, 120 * 119 // 2


@pytest.fixture
def machine():
    random = np.random.default_rng(0)
    return SupportVectors(
        np.zeros(3), np.ones(3), random.normal(size=(CLASSES, 3)), random.normal(size=(CLASSES - 1, CLASSES)),
        random.normal(size=PAIRS), np.ones(CLASSES, dtype=int), np.arange(CLASSES), 0.5,
    )


def test_a_cancel_is_heard_between_the_pairs_of_classes(machine):
    looks = []

    def stop_at_the_fourth():
        looks.append(1)
        if len(looks) == 4:
            raise Cancelled("")

    with pytest.raises(Cancelled):
        machine.votes(np.zeros((5, 3)), stop_at_the_fourth)
    looks.clear()
    machine.votes(np.zeros((5, 3)), lambda: looks.append(1))
    assert PAIRS / 2000 < len(looks) < PAIRS / 100


def test_each_pair_of_classes_has_a_vote(machine):
    x = np.random.default_rng(1).normal(size=3)
    kernel, expected, pair = np.exp(-0.5 * ((machine.vectors - x) ** 2).sum(1)), np.zeros(CLASSES), 0
    for a in range(CLASSES):
        for b in range(a + 1, CLASSES):
            decision = kernel[a] * machine.weights[b - 1, a] + kernel[b] * machine.weights[a, b] + machine.offsets[pair]
            expected[a if decision > 0 else b] += 1
            pair += 1
    assert machine.votes(x[None], lambda: None)[0] == pytest.approx(expected / PAIRS)
