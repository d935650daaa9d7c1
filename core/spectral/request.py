"""What a user writes into `WAVELENGTHS` of the decoder, as a value."""

import math
import re
from dataclasses import dataclass

from ..errors import ParameterError
from .sensors import SENSORS

MOST_BANDS = 65535
_FORMS = (
    "Leave it empty for the file's own bands, or write a list (550, 650.5), "
    "a range (400:900:10) or a sensor ({}).".format(
        ", ".join("sensor:" + name for name in sorted(SENSORS))
    )
)


@dataclass(frozen=True)
class WavelengthRequest:
    """The wavelengths asked for, in nm, or a sensor's name, or neither: the file's own bands."""

    wavelengths: tuple[float, ...] = ()
    sensor: str = ""

    @property
    def own_bands(self):
        return not self.wavelengths and not self.sensor


def parse_wavelengths(text):
    """Return the `WavelengthRequest` that `text` stands for.

    A range start:stop:step includes its stop where the steps meet it. List and ranges mix.
    Raises `ParameterError` with the part of the text that cannot be read.
    """
    text = (text or "").strip()
    if not text:
        return WavelengthRequest()
    if text.lower().startswith("sensor:"):
        return WavelengthRequest(sensor=_sensor(text))
    wavelengths = []
    for part in re.split(r"[\s,;]+", re.sub(r"\s*:\s*", ":", text)):
        if part:
            wavelengths.extend(_range(part) if ":" in part else [_number(part, part)])
        if len(wavelengths) > MOST_BANDS:
            raise ParameterError(
                f"WAVELENGTHS: '{part}' asks for more than {MOST_BANDS} bands. Use a larger step."
            )
    if not wavelengths:
        raise ParameterError(f"WAVELENGTHS: '{text}' holds no wavelength. {_FORMS}")
    return WavelengthRequest(wavelengths=tuple(wavelengths))


def _sensor(text):
    name = re.sub(r"[\s_-]", "", text.split(":", 1)[1]).lower()
    if name not in SENSORS:
        raise ParameterError(
            f"WAVELENGTHS: '{text}' is not a known sensor. Known are {', '.join(sorted(SENSORS))}."
        )
    return name


def _number(text, part):
    try:
        value = float(text)
    except ValueError:
        raise ParameterError(f"WAVELENGTHS: cannot read '{part}'. {_FORMS}") from None
    if not (math.isfinite(value) and value > 0):
        raise ParameterError(f"WAVELENGTHS: '{part}' is not a positive wavelength. {_FORMS}")
    return value


def _range(part):
    pieces = part.split(":")
    if len(pieces) != 3:
        raise ParameterError(f"WAVELENGTHS: '{part}' is not start:stop:step. {_FORMS}")
    start, stop = _number(pieces[0], part), _number(pieces[1], part)
    descending = pieces[2].startswith("-")
    step = _number(pieces[2].lstrip("-"), part) * (-1 if descending else 1)
    # A hair of a step, so that 400:401:0.1 ends at 401 in spite of binary fractions.
    steps = (stop - start) / step + 1e-6
    if steps < 0:
        raise ParameterError(f"WAVELENGTHS: '{part}' steps away from its stop.")
    if steps > MOST_BANDS:
        raise ParameterError(
            f"WAVELENGTHS: '{part}' asks for more than {MOST_BANDS} bands. Use a larger step."
        )
    # Rounded, since 400 + 3 * 0.1 should print, and be found again, as 400.3.
    return [round(start + index * step, 9) for index in range(int(steps) + 1)]
