"""Wavelengths, widths and bad-band marks out of the metadata that rasters carry.

Works on plain dictionaries, so that it is the same for GDAL's domains and anything else. The
sources are asked in a fixed order and the first that answers for a band wins, separately for its
wavelength, its width and its mark:
1. the caller's own list, 2. the bands' `IMAGERY` domain, 3. the bands' default domain,
4. the dataset's domains with ENVI lists in braces, then the metadata file that it was delivered
with, 5. the properties of a QGIS layer.
GDAL from 3.10 on fills `IMAGERY` from ENVI headers, rounded to 0.001 micrometres: where a later
source says the same with more digits, those digits are taken.
"""

import math
import re
from dataclasses import dataclass
from typing import NamedTuple, Optional

from ..errors import ParameterError
from ..spectral.units import (
    guessed_factor,
    is_no_length,
    is_unstated,
    stated_factor,
    wavelength_factor,
)
from .band_widths import settle_widths
from .repeated_wavelengths import check_repeats
from .wavelength_keys import WAVELENGTH_KEYS, normalised, stated_unit, wavelength_of_band

_NUMBER = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")
# A width without any unit: imaging spectrometers do not go under a nanometre.
_NARROWEST_NM = 1.0


@dataclass(frozen=True)
class SpectralMetadata:
    """What a raster's metadata says of its bands.

    wavelengths, fwhm: (bands,) nm, None where no source answers. good: (bands,) bool.
    warnings: texts on what was overruled or ignored. mismatch: a text where a list that should
    have one wavelength per band has another number of them, else "".
    """

    wavelengths: tuple[Optional[float], ...]
    fwhm: tuple[Optional[float], ...]
    good: tuple[bool, ...]
    warnings: tuple[str, ...] = ()
    mismatch: str = ""


@dataclass
class _Source:
    """One source's answers, a list with an entry or None per band, before units are settled."""

    label: str
    wavelengths: list
    fwhm: list
    good: list
    units: list
    wavelength_rounding: list
    width_rounding: list


def read_spectral_metadata(n_bands, imagery=(), bands=(), dataset=(), own=None, layer=None):
    """Return the `SpectralMetadata` of `n_bands` bands.

    imagery, bands: a dictionary per band, of the `IMAGERY` and the default domain.
    dataset: dictionaries of the dataset's domains, the first asked first.
    own: the caller's wavelengths, one per band, 0 where a band has none. layer: custom properties of a QGIS layer.
    Raises `ParameterError` where `own` has not one wavelength per band, or one for most bands.
    """
    warnings, mismatches = [], []
    dataset = [normalised(items) for items in dataset]
    shared_unit = next((u for u in map(stated_unit, dataset) if u), "")
    sources = []
    if own is not None:
        sources.append(_own_source(n_bands, own))
    if imagery:
        sources.append(_imagery_source(imagery))
    if bands:
        sources.append(_band_source([normalised(items) for items in bands], dataset, shared_unit))
    for items in dataset:
        sources.append(_list_source(n_bands, items, warnings, mismatches))
    if layer:
        sources.append(_layer_source(n_bands, layer))

    wavelengths, fwhm = [[]] * n_bands, [[]] * n_bands
    good = [None] * n_bands
    for source in sources:
        found, widths = _in_nanometres(source, warnings)
        wavelengths = [before + [answer] for before, answer in zip(wavelengths, found)]
        fwhm = [before + [answer] for before, answer in zip(fwhm, widths)]
        good = [b if a is None else a for a, b in zip(good, source.good)]
    wavelengths = tuple(map(_first, wavelengths))
    check_repeats(wavelengths, own is not None, warnings)
    return SpectralMetadata(
        wavelengths, settle_widths(wavelengths, tuple(map(_first, fwhm)), warnings),
        tuple(mark is not False for mark in good),
        tuple(warnings), mismatches[0] if mismatches else "",
    )


class _Answer(NamedTuple):
    """A value in nm, and how far it may be off because it was rounded when it was written."""

    value: float
    rounding: float


def _first(answers):
    """The first answer's value, or a later one's that rounds to it; None where none answers."""
    answers = [answer for answer in answers if answer is not None]
    if not answers:
        return None
    first = answers[0]
    for answer in answers[1:]:
        if 0 < abs(answer.value - first.value) <= first.rounding:
            return answer.value
    return first.value


def _number(text):
    """A finite number and the text behind it, (None, "") where `text` starts with none."""
    match = _NUMBER.match(str(text)) if text is not None else None
    value = float(match.group(1)) if match else math.nan
    return (value, match.group(2)) if math.isfinite(value) else (None, "")


def _mark(text):
    """A bad-band mark: False for zero, True for any other number or yes, None for no answer."""
    if text is None:
        return None
    word = str(text).strip().lower()
    if word in ("true", "yes", "good", "false", "no", "bad"):
        return word in ("true", "yes", "good")
    value = _number(text)[0]
    return None if value is None else value != 0


def _values(text):
    """The entries of a list, in braces, brackets or bare, or of a list of Python's."""
    if isinstance(text, (list, tuple)):
        return [str(entry) for entry in text]
    entries = str(text).strip().strip("{}[]()").replace("\n", " ")
    return [entry.strip() for entry in re.split(r"[,;]", entries) if entry.strip()]


def _source(label, wavelengths, fwhm, marks, units):
    """Build a source of texts per band; a unit behind a number counts before the stated one."""
    numbers = [_number(text) for text in wavelengths]
    return _Source(
        label=label,
        wavelengths=[value if value is not None and value > 0 else None for value, _ in numbers],
        fwhm=[width if width is not None and width > 0 else None
              for width, _ in map(_number, fwhm)],
        good=[_mark(text) for text in marks],
        units=[inline or unit for (_, inline), unit in zip(numbers, units)],
        wavelength_rounding=[0.0] * len(numbers),
        width_rounding=[0.0] * len(numbers),
    )


def _own_source(n_bands, own):
    own = list(own)
    if len(own) != n_bands:
        raise ParameterError(
            f"{len(own)} wavelengths were given for {n_bands} bands; give one per band."
        )
    none = [None] * n_bands
    return _source("the list that was given", own, none, none, [""] * n_bands)


def _imagery_source(imagery):
    imagery = [normalised(items) for items in imagery]
    wavelengths = [items.get("central_wavelength_um") for items in imagery]
    widths = [items.get("fwhm_um") for items in imagery]
    source = _source(
        "the bands' IMAGERY metadata", wavelengths, widths,
        [None] * len(imagery), ["um"] * len(imagery),
    )
    source.wavelength_rounding = [_rounding(text) for text in wavelengths]
    source.width_rounding = [_rounding(text) for text in widths]
    return source


def _rounding(text):
    """Half a unit in the last place of a decimal number's text, and a hair for the comparison."""
    decimals = len(str(text).strip().partition(".")[2])
    return 0.5001 * 10.0**-decimals


def _band_source(bands, dataset, shared_unit):
    found = [wavelength_of_band(items, dataset) for items in bands]
    return _source(
        "the bands' metadata", [wavelength for wavelength, _ in found],
        [items.get("fwhm") for items in bands], [items.get("bbl") for items in bands],
        [unit or shared_unit for _, unit in found],
    )


def _list_source(n_bands, items, warnings, mismatches):
    columns = []
    for keys, what in ((WAVELENGTH_KEYS, "wavelengths"), (("fwhm",), "widths"),
                       (("bbl",), "bad-band marks")):
        entries = _values(next((items[key] for key in keys if items.get(key)), ""))
        if entries and len(entries) != n_bands:
            text = f"The metadata list {len(entries)} {what} for {n_bands} bands"
            (mismatches if what == "wavelengths" else warnings).append(
                text if what == "wavelengths" else text + "; they are ignored."
            )
            entries = []
        columns.append(entries or [None] * n_bands)
    return _source("the dataset's metadata", *columns, [stated_unit(items)] * n_bands)


def _layer_source(n_bands, layer):
    found = next(
        (_values(layer[key]) for key in ("enmapbox/wavelength", "qps/wavelength")
         if layer.get(key)), [])
    if len(found) != n_bands:
        found = [layer.get(f"QGISPAM/band/{band}//wavelength") for band in range(1, n_bands + 1)]
    units = [layer.get(f"QGISPAM/band/{band}//wavelength_units") for band in range(1, n_bands + 1)]
    shared = str(layer.get("enmapbox/wavelength_unit") or layer.get("qps/wavelength_unit") or "")
    none = [None] * n_bands
    return _source("the layer's properties", found, none, none,
                   [str(unit or shared) for unit in units])


def _in_nanometres(source, warnings):
    """Settle a source's units: its wavelengths and widths, an `_Answer` or None per band each."""
    n_bands = len(source.wavelengths)
    nothing = [None] * n_bands
    if not any(value is not None for value in source.wavelengths + source.fwhm):
        return nothing, nothing
    refused = _refusal(source)
    if refused:
        warnings.append(refused)
        return nothing, nothing
    wavelengths, widths, overruled, guessed, senseless = [], [], [], [], []
    for band, (value, width, unit) in enumerate(zip(source.wavelengths, source.fwhm, source.units)):
        factor, was_overruled = (None, False) if value is None else wavelength_factor(value, unit)
        wavelengths.append(_answer(value, factor, source.wavelength_rounding[band]))
        widths.append(_answer(width, _width_factor(width, factor, unit), source.width_rounding[band]))
        if value is not None and factor is None:
            senseless.append(value)
        elif was_overruled:
            overruled.append((value, unit, factor))
        elif value is not None and not is_unstated(unit) and stated_factor(unit) is None:
            guessed.append((value, unit, factor))
    if overruled:
        warnings.append(_overruling(source, overruled, "cannot be"))
    if guessed:
        warnings.append(_overruling(source, guessed, "is not a known unit"))
    if senseless:
        warnings.append(
            f"{source.label[0].upper()}{source.label[1:]}: {len(senseless)} values such as "
            f"{senseless[0]:g} are no wavelengths in any unit; they are ignored."
        )
    return wavelengths, widths


def _answer(value, factor, rounding):
    if value is None or factor is None:
        return None
    return _Answer(round(value * factor, 9), rounding * factor)


def _refusal(source):
    """Why a source's values are no wavelengths at all, or ""."""
    unit = next((unit for unit in source.units if is_no_length(unit)), None)
    if unit is not None:
        return f"The wavelengths in {source.label} are stated as '{unit}'; they are ignored."
    n_bands = len(source.wavelengths)
    counted = [value or 0 for value in source.wavelengths]
    if n_bands > 2 and counted in (list(range(1, n_bands + 1)), list(range(n_bands))):
        return f"The wavelengths in {source.label} only count the bands (1, 2, 3, ...); they are ignored."
    return ""


def _width_factor(width, factor, unit):
    """A width is in its wavelength's unit; alone in the stated one, or by its own size."""
    if width is None or factor is not None:
        return factor
    stated = stated_factor(unit)
    if stated is not None:
        return stated
    return 1e3 if width < _NARROWEST_NM else 1.0


def _overruling(source, cases, reason):
    value, unit, factor = cases[0]
    read_as = "micrometres" if guessed_factor(value) == 1e3 else "nanometres"
    bands = "1 band" if len(cases) == 1 else f"{len(cases)} bands"
    return (
        f"In {source.label} the unit '{unit}' {reason} for {bands} (the first: {value:g}); "
        f"read as {read_as}."
    )
