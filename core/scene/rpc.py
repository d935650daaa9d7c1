"""Rational polynomial coefficients (RPC): where the pixels of a raw satellite scene lie on the ground.

Names and meanings are those of GDAL's `RPC` domain (GDAL RFC 22).
"""

import math
import re
from dataclasses import dataclass
from typing import Dict, Tuple

COEFFICIENTS = ("LINE_NUM_COEFF", "LINE_DEN_COEFF", "SAMP_NUM_COEFF", "SAMP_DEN_COEFF")
REQUIRED = (
    "LINE_OFF", "SAMP_OFF", "LAT_OFF", "LONG_OFF", "HEIGHT_OFF",
    "LINE_SCALE", "SAMP_SCALE", "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE", *COEFFICIENTS,
)
OPTIONAL = ("ERR_BIAS", "ERR_RAND", "MIN_LONG", "MIN_LAT", "MAX_LONG", "MAX_LAT")


def length_of(name):
    """How many numbers stand under a name: 20 coefficients of a polynomial of third degree, or one."""
    return 20 if name in COEFFICIENTS else 1


@dataclass(frozen=True)
class Rpc:
    """The numbers of each name: all `REQUIRED` ones, `OPTIONAL` ones where they are known.

    LINE_OFF and SAMP_OFF count rows and columns of the scene.
    """

    numbers: Dict[str, Tuple[float, ...]]

    @classmethod
    def from_items(cls, items):
        """Out of the text items of GDAL's `RPC` domain; None where a required one is no number or not there."""
        found = {name: _numbers(items.get(name), length_of(name)) for name in (*REQUIRED, *OPTIONAL)}
        if any(found[name] is None for name in REQUIRED):
            return None
        return cls({name: numbers for name, numbers in found.items() if numbers is not None})

    def items(self):
        """As the text items of GDAL's `RPC` domain."""
        return {name: " ".join(map(_text, numbers)) for name, numbers in self.numbers.items()}

    def moved(self, row, col):
        """As of a part of the scene that begins at a row and a column."""
        (line,), (sample,) = self.numbers["LINE_OFF"], self.numbers["SAMP_OFF"]
        return Rpc({**self.numbers, "LINE_OFF": (line - row,), "SAMP_OFF": (sample - col,)})

    def is_close(self, other):
        """Whether both put the pixels in the same place: formats keep fifteen digits or fewer."""
        return all(
            math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-30)
            for name in REQUIRED
            for a, b in zip(self.numbers[name], other.numbers[name])
        )


def _text(number):
    return repr(int(number)) if number.is_integer() and abs(number) < 2**53 else repr(number)


def _numbers(text, length):
    """So many finite numbers out of a text, None where there are others; a single one may have its unit behind it."""
    words = re.split(r"[\s,]+", (text or "").strip())
    if length == 1:
        words = words[:1]
    try:
        numbers = tuple(map(float, words))
    except ValueError:
        return None
    return numbers if len(numbers) == length and all(map(math.isfinite, numbers)) else None
