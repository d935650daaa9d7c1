"""Finding the step at which a figure that grows with it is what it should be."""

import numpy as np

MOST_TRIES = 10


def find(measure, target, tolerance, forecast, bounds, at_least=False):
    """The whole number within bounds whose figure is nearest `target`, as (number, what `measure` gave).

    measure(number) -> (figure, result), the figure growing with the number; forecast(number) -> about the
    same figure, for nothing. Ends as soon as the figure is within `tolerance`. at_least: a figure
    above the target by more than that is better than one below by more than that.
    """
    figures, best = {}, None

    def badness(number):
        off = figures[number] - target
        return at_least and off < -tolerance, abs(off)

    for _ in range(MOST_TRIES):
        number = following(figures, target, forecast, bounds)
        if number is None:
            break
        figures[number], result = measure(number)
        if best is None or badness(number) < badness(best[0]):
            best = number, result
        if abs(figures[number] - target) <= tolerance:
            break
    return best


def following(figures, target, forecast, bounds):
    """The number not yet measured where the forecast, right where it was, reaches the target; None if there is none."""
    low = max((n for n in figures if figures[n] < target), default=bounds[0] - 1) + 1
    high = min((n for n in figures if figures[n] >= target), default=bounds[1] + 1) - 1
    if low > high:
        return None
    tried = sorted(figures)
    errors = [figures[n] - forecast(n) for n in tried]

    def expected(number):
        return forecast(number) + (np.interp(number, tried, errors) if tried else 0.0)

    first, last = low, high
    while first < last:
        middle = (first + last) // 2
        if expected(middle) < target:
            first = middle + 1
        else:
            last = middle
    if first > low and target - expected(first - 1) < expected(first) - target:
        first -= 1
    return first


def lowest(measure, start, bounds, stride):
    """The number of the lowest figure: downhill from `start` in strides that grow, then none beside it is lower.

    measure(number) -> figure, which falls and then grows with the number. Numbers are whole strides from `start`.
    """
    figures = {}

    def at(number):
        if not bounds[0] <= number <= bounds[1]:
            return float("inf")
        if number not in figures:
            figures[number] = measure(number)
        return figures[number]

    best, moved = start, True
    while moved:
        moved = False
        for reach in (-stride, stride):
            while at(best + reach) < at(best):
                best, reach, moved = best + reach, 2 * reach, True
    return best
