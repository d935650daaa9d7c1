"""Per-band statistics as whole parts of each band's range.

Minimum and maximum stay exact, since methods normalise by them. Mean, deviation and the 2 and 98 %
values serve the stretch of a layer: they are rounded to 1/256 of the band's range, or finer where
a few outliers make that range far wider than what most pixels span.
"""

import numpy as np

from ..errors import FormatError

FRACTIONS = ("low", "high", "mean", "deviation")
PARTS = (256, 1024, 4096, 16384, 65536)

_PARTS_OF_SPREAD = 64
_SHARE_OF_BANDS = 0.9


def choose_parts(minimum, maximum, low, high):
    """Return into how many parts to divide each range, the arrays being (bands,) float64.

    The fewest parts of which at least 64 span low to high in nine of ten bands.
    """
    spread = np.maximum(high / 2 - low / 2, 0)
    extent = maximum / 2 - minimum / 2
    counted = spread > 0
    for parts in PARTS:
        fine = extent[counted] / parts <= spread[counted] / _PARTS_OF_SPREAD
        if fine.sum() >= _SHARE_OF_BANDS * counted.sum():
            return parts
    return PARTS[-1]


def to_parts(minimum, maximum, statistics, parts):
    """Return {name: integers} of low, high, mean and deviation, each as far as it surprises.

    The mean is told relative to the middle of low and high, the deviation to a quarter of their
    distance.
    """
    position = {
        name: _position(statistics[name], minimum, maximum, parts) for name in ("low", "high", "mean")
    }
    extent = maximum / 2 - minimum / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(extent > 0, statistics["deviation"] / 2 / extent, 0.0)
    deviation = np.rint(np.clip(share, 0, 1) * parts).astype(np.int64)
    low, high = position["low"], position["high"]
    return {
        "low": low,
        "high": high,
        "mean": position["mean"] - (low + high) // 2,
        "deviation": deviation - (high - low) // 4,
    }


def from_parts(minimum, maximum, columns, parts):
    """Undo `to_parts`: return {name: (bands,) float64}; raise `FormatError` outside the range."""
    low, high = columns["low"], columns["high"]
    whole = {
        "low": low,
        "high": high,
        "mean": columns["mean"] + (low + high) // 2,
        "deviation": columns["deviation"] + (high - low) // 4,
    }
    for name, values in whole.items():
        if ((values < 0) | (values > parts)).any():
            raise FormatError(f"a band's {name} lies outside its range; the file is damaged.")
    restored = {
        name: _value(whole[name] / parts, minimum, maximum) for name in ("low", "high", "mean")
    }
    share = whole["deviation"] / parts
    restored["deviation"] = share * maximum - share * minimum
    return restored


def _position(values, minimum, maximum, parts):
    """Where values lie from minimum (0) to maximum (`parts`); halves keep the span finite."""
    extent = maximum / 2 - minimum / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(extent > 0, (values / 2 - minimum / 2) / extent, 0.0)
    return np.rint(np.clip(share, 0, 1) * parts).astype(np.int64)


def _value(share, minimum, maximum):
    return np.clip((1 - share) * minimum + share * maximum, minimum, maximum)
