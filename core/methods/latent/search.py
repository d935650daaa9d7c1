"""Finding the step at which a figure that grows with it is what it should be."""

MOST_TRIES = 10


def find(measure, target, tolerance, start, slope, bounds):
    """The whole number within bounds whose figure is nearest `target`, as (number, what `measure` gave).

    measure(number) -> (figure, result), the figure growing with the number; slope: about how much it
    grows from one number to the next. Ends as soon as the figure is within `tolerance`.
    """
    low, high, number, best = None, None, start, None
    for _ in range(MOST_TRIES):
        figure, result = measure(number)
        if best is None or abs(figure - target) < abs(best[0] - target):
            best = figure, number, result
        if abs(figure - target) <= tolerance:
            break
        if figure < target:
            low = number, figure
        else:
            high = number, figure
        following = _next(low, high, number, figure, target, slope)
        following = min(max(following, bounds[0]), bounds[1])
        if following in (number, low and low[0], high and high[0]):
            break
        number = following
    return best[1], best[2]


def _next(low, high, number, figure, target, slope):
    if low is None or high is None:
        move = round((target - figure) / slope)
        return number + (move or (1 if target > figure else -1))
    share = (target - low[1]) / max(high[1] - low[1], 1e-12)
    share = min(max(share, 0.1), 0.9)
    place = round(low[0] + share * (high[0] - low[0]))
    return min(max(place, low[0] + 1), max(high[0] - 1, low[0] + 1))


WIDEST, NARROWEST = 64, 16


def lowest(measure, start, bounds):
    """The whole number within bounds of the lowest figure: downhill, in strides halved at the bottom.

    measure(number) -> figure, which falls and then grows with the number.
    """
    figures = {}

    def at(number):
        if number not in figures:
            figures[number] = measure(number)
        return figures[number]

    best, stride = min(max(start, bounds[0]), bounds[1]), WIDEST
    while stride >= NARROWEST:
        around = [min(max(best + move, bounds[0]), bounds[1]) for move in (-stride, stride)]
        # Downhill on the side that went down before, if any did: the other need not be measured.
        around.sort(key=lambda number: figures.get(number, float("inf")))
        lower = next((number for number in around if at(number) < at(best)), None)
        if lower is None:
            stride //= 2
        best = best if lower is None else lower
    return best
