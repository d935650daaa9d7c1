"""The units held out are those of the plain rule, found without looking at all of them each time."""

import time

import numpy as np
import pytest

from hiner.core.classification.labels.holding_out import hold_out
from hiner.core.classification.labels.samples import Samples, class_table
from hiner.core.classification.labels.unit_choice import chosen_units
from hiner.core.classification.model.settings import settings_for
from hiner.core.errors import Cancelled


def by_the_rule(classes, units, n_classes, share, seed):
    """One unit after the other, each found among all that are left."""
    names = np.unique(units)
    table = np.array([np.bincount(classes[units == name], minlength=n_classes) for name in names])
    total, held = table.sum(axis=0), np.zeros(n_classes, int)
    most = np.maximum(share * total, np.floor(0.5 * total))
    left, chosen = list(np.random.default_rng(seed).permutation(len(names))), []
    wanting = [place for place in range(n_classes) if total[place]]
    while wanting:
        lack = [share - held[place] / total[place] for place in wanting]
        place = wanting[int(np.argmax(lack))]
        fitting = [u for u in left if table[u, place] and (held + table[u] <= most).all()]
        if max(lack) <= 0 or not fitting:
            wanting.remove(place)
            continue
        best = min(fitting, key=lambda u: abs(held[place] + table[u, place] - share * total[place]))
        held, chosen = held + table[best], [*chosen, names[best]]
        left.remove(best)
    return chosen


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.83])
@pytest.mark.parametrize("mixed", [0, 0.3, 1])
def test_the_choice_is_that_of_the_plain_rule(mixed, share):
    """Units of one class, with some of others, and of any; a class without samples; sizes alike and not."""
    random = np.random.default_rng(0)
    for seed in range(12):
        n_classes, n_units = random.integers(2, 9), random.integers(1, 50)
        units = 3 * np.minimum(random.geometric(random.choice([0.03, 0.5]), 300), n_units) - 5
        other = random.random(len(units)) < mixed
        classes = np.where(other, random.integers(0, n_classes, len(units)), units % n_classes)
        expected = by_the_rule(classes, units, n_classes + 1, share, seed)
        assert chosen_units(classes, units, n_classes + 1, share, seed) == expected


def squares(number):
    """Samples of so many polygons of four pixels, of ten classes."""
    side, of = int(np.ceil(number**0.5)), np.arange(number)
    rows, cols = of // side * 8, of % side * 8
    rows, cols = np.concatenate([rows, rows, rows + 1, rows + 1]), np.concatenate([cols, cols + 1, cols, cols + 1])
    return Samples(rows, cols, np.tile(of % 10, 4), np.tile(of, 4), class_table(range(1, 11)))


def test_thousands_of_polygons_are_parted_at_once():
    """It looked at all polygons for each that it took: 7 s of 20,000."""
    started = time.process_time()
    held = hold_out(squares(20_000), (1200, 1200), settings_for("patch"), method="polygons")
    assert time.process_time() - started < 2
    assert len(held.test) == pytest.approx(0.3 * 80_000, rel=0.01)


@pytest.mark.parametrize("method", ["auto", "polygons", "blocks"])
def test_it_can_be_cancelled(method):
    asked = []

    def check():
        asked.append(1)
        if len(asked) > 3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        hold_out(squares(400), (200, 200), settings_for("patch"), method=method, check=check)
    assert len(asked) == 4
