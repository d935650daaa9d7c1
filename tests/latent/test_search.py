"""The search of the step: few tries, and what it finds is the nearest there is."""

import math

import numpy as np
import pytest

from hiner.core.errors import Cancelled
from hiner.core.methods.latent import search
from hiner.core.methods.latent.course import Course
from hiner.core.methods.latent.forecast import Forecast
from hiner.core.progress import Progress

BOUNDS = (-128, 1536)


def counted(figure):
    """(measure for `search.find`, the numbers that were measured)."""
    tried = []

    def measure(number):
        tried.append(number)
        return figure(number), f"at {number}"

    return measure, tried


@pytest.mark.parametrize("target", [3.0, 7.77, 20.0])
def test_a_right_forecast_needs_one_try(target):
    measure, tried = counted(lambda n: n / 64)
    assert search.find(measure, target, 0.02, lambda n: n / 64, BOUNDS) == (tried[0], f"at {tried[0]}")
    assert len(tried) == 1 and abs(tried[0] / 64 - target) <= 0.02


@pytest.mark.parametrize("target", [3.0, 7.77, 20.0])
def test_a_forecast_off_by_a_constant_needs_two(target):
    measure, tried = counted(lambda n: n / 64 + 0.8)
    number, _ = search.find(measure, target, 0.02, lambda n: n / 64, BOUNDS)
    assert len(tried) == 2 and abs(number / 64 + 0.8 - target) <= 0.02


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_forecast_the_nearest_number_is_found(seed):
    random = np.random.default_rng(seed)
    figures = np.cumsum(random.exponential(0.02, BOUNDS[1] - BOUNDS[0] + 1)) - 1.0
    measure, tried = counted(lambda n: figures[n - BOUNDS[0]])
    target, slope = random.uniform(figures[0], figures[-1]), random.uniform(0.01, 0.04)
    number, result = search.find(measure, target, 0.0, lambda n: slope * n, BOUNDS)
    nearest = BOUNDS[0] + np.abs(figures - target).argmin()
    assert len(set(tried)) == len(tried) <= search.MOST_TRIES
    assert result == f"at {number}"
    if len(tried) < search.MOST_TRIES:
        assert number == nearest
    assert abs(number - nearest) <= 1


def test_targets_out_of_reach_end_at_the_bounds():
    measure, _ = counted(lambda n: n / 64)
    assert search.find(measure, -100.0, 0.1, lambda n: n / 64, BOUNDS)[0] == BOUNDS[0]
    assert search.find(measure, 100.0, 0.1, lambda n: n / 64, BOUNDS)[0] == BOUNDS[1]


def forecast():
    random = np.random.default_rng(0)
    mixing = random.normal(size=(6, 6))
    sample = (mixing @ random.laplace(size=(6, 2000))).astype(np.float32)
    return Forecast(np.cov(sample), np.ones(6), sample, np.ones((200, 200), bool), lambda n: 2.0 ** (-n / 64), 0.2, 200)


def test_a_finer_step_is_expected_to_take_more_and_give_more():
    made, numbers = forecast(), range(-64, 1000, 37)
    assert np.all(np.diff([made.bits(n) for n in numbers]) > 0)
    assert np.all(np.diff([made.psnr(n) for n in numbers]) > 0)


def test_far_below_the_coefficients_an_octave_of_the_step_is_6_db():
    made = forecast()
    assert made.psnr(864) - made.psnr(800) == pytest.approx(20 * math.log10(2), abs=0.05)


def test_corrections_of_noise_take_its_entropy():
    """Of errors many steps wide, half the step is a bit more for each sample; of none, a quarter of a bit is left."""
    made = forecast()
    bits = [made.bits_corrected(0, 2.0**-k) - made.bits(0) for k in (8, 9, 20, 21)]
    assert bits[1] - bits[0] == pytest.approx(6 * 40000, rel=1e-3)
    # No table is made for noise so wide.
    assert bits[3] - bits[2] > 2 * 6 * 40000
    nothing = made.bits_corrected(1000, 1e3) - made.bits(1000)
    assert nothing == pytest.approx(6 * 40000 * 0.5 * math.log2(2 * math.pi * math.e / 12), rel=1e-3)


def test_of_two_that_miss_a_least_figure_the_one_above_is_found():
    measure, _ = counted(lambda n: 0.0 if n < 100 else 50.0)
    assert search.find(measure, 10.0, 0.1, lambda n: n / 64, BOUNDS, at_least=True)[0] >= 100


@pytest.mark.parametrize("start", [0, 96, 480, 1536])
def test_the_bottom_is_found_from_anywhere(start):
    tried = []

    def measure(number):
        tried.append(number)
        return (number - 300) ** 2

    assert search.lowest(measure, start, BOUNDS, 32) in range(300 - 16, 300 + 17)
    assert len(set(tried)) == len(tried)


class Told(Progress):
    def __init__(self):
        self.reports, self.cancelled = [], False

    def report(self, fraction, message=""):
        self.reports.append((fraction, message))

    def is_cancelled(self):
        return self.cancelled


def test_the_bar_grows_through_any_number_of_tries(monkeypatch):
    now = iter(np.arange(0.0, 1000.0))
    monkeypatch.setattr("time.monotonic", lambda: next(now))
    told = Told()
    course = Course(told, 2)
    for _ in range(6):
        course.begin()
        for share in (0.0, 0.5, 1.0):
            course.report(share)
    fractions = [fraction for fraction, _ in told.reports]
    assert fractions == sorted(fractions) and fractions[0] == 0 and fractions[-1] < 1
    assert fractions[5] == pytest.approx(0.9)
    assert told.reports[0][1] == "Coding the planes, try 1"
    # Half of the first try's two thirds after one second, so two more are to come.
    assert told.reports[1][1] == "Coding the planes, try 1, about 0:02 left"


def test_a_try_ends_where_the_user_wants_it_to():
    told = Told()
    course = Course(told, 2)
    course.begin()
    told.cancelled = True
    with pytest.raises(Cancelled):
        course.report(0.5)
