"""The per-band lists of a header: constants and runs stay JSON, columns of numbers become bytes."""

import numpy as np

from ..errors import FormatError
from . import fields
from .bits import BitReader
from .columns import decode_column, encode_column
from .fractions import FRACTIONS, PARTS, choose_parts, from_parts, to_parts
from .names import pack_names, unpack_names

ALL, USABLE, PRESENT = range(3)

_NUMBERS = ("wavelength", "fwhm", "scale", "offset")
_DEFAULTS = {"wavelength": None, "fwhm": None, "scale": 1, "offset": 0, "good": True, "usable": True}
_EXACT = ("minimum", "maximum")
_MAX_COLUMNS = 64


def pack_bands(per_band):
    """Return (dict for the JSON, bytes of the table) for a header's `per_band` lists."""
    packed = {"constant": {}, "runs": {}, "present": {}, "table": []}
    columns = []
    for name in ("good", "usable"):
        if not all(per_band[name]):
            packed["runs"][name] = _runs(per_band[name])
    for name in _NUMBERS:
        _pack_numbers(name, per_band[name], packed, columns)
    _pack_statistics(per_band, packed, columns)
    names = pack_names(per_band["name"], _floats(per_band["wavelength"]))
    if names != {"pattern": ""}:
        packed["names"] = names
    return packed, b"".join(columns)


def unpack_bands(packed, table, n_bands):
    """Undo `pack_bands`; raise `FormatError` for what cannot be its result."""
    runs = fields.mapping(packed.get("runs", {}), "runs")
    present = fields.mapping(packed.get("present", {}), "present")
    constant = fields.mapping(packed.get("constant", {}), "constant")
    per_band = {
        name: _flags(runs[name], n_bands) if name in runs else [True] * n_bands
        for name in ("good", "usable")
    }
    columns = _read_table(packed, table, per_band["usable"], present, n_bands)
    for name in _NUMBERS:
        default = [constant.get(name, _DEFAULTS[name])] * n_bands
        per_band[name] = columns.get(name, default)
    per_band.update(_unpack_statistics(packed, columns, per_band["usable"]))
    wavelengths = [None if v is None else fields.number(v, "wavelength") for v in per_band["wavelength"]]
    per_band["name"] = unpack_names(packed.get("names", {"pattern": ""}), wavelengths)
    return per_band


def _pack_numbers(name, values, packed, columns):
    first = values[0]
    if all(value == first for value in values):
        if first != _DEFAULTS[name]:
            packed["constant"][name] = first
        return
    has_value = [value is not None for value in values]
    population = ALL
    if not all(has_value):
        population = PRESENT
        packed["present"][name] = _runs(has_value)
    packed["table"].append(name)
    columns.append(encode_column(_floats([v for v in values if v is not None]), population))


def _pack_statistics(per_band, packed, columns):
    usable = np.array(per_band["usable"], dtype=bool)
    if not usable.any():
        return
    known = {
        name: np.array(_floats([v for v in per_band[name] if v is not None]))
        for name in (*_EXACT, *FRACTIONS)
    }
    minimum, maximum = known["minimum"], known["maximum"]
    parts = choose_parts(minimum, maximum, known["low"], known["high"])
    rounded = to_parts(minimum, maximum, known, parts)
    packed["parts"] = parts
    for name, values in {"minimum": minimum, "maximum": maximum, **rounded}.items():
        packed["table"].append(name)
        columns.append(encode_column(values, USABLE))


def _unpack_statistics(packed, columns, usable):
    if not any(usable):
        return {name: [None] * len(usable) for name in (*_EXACT, *FRACTIONS)}
    missing = [name for name in (*_EXACT, *FRACTIONS) if name not in columns]
    if missing:
        raise FormatError(f"the band table lacks {missing[0]}.")
    parts = packed.get("parts")
    if parts not in PARTS:
        raise FormatError("parts is none of those that ranges can be divided into.")
    known = {name: np.array(_known(columns[name], usable)) for name in (*_EXACT, *FRACTIONS)}
    minimum, maximum = known["minimum"], known["maximum"]
    if (minimum > maximum).any():
        raise FormatError("a band's minimum is above its maximum.")
    restored = from_parts(minimum, maximum, {n: _whole(known[n], n) for n in FRACTIONS}, parts)
    restored.update(minimum=minimum, maximum=maximum)
    return {name: _spread(values.tolist(), usable) for name, values in restored.items()}


def _read_table(packed, table, usable, present, n_bands):
    """Return {name: list with None where a band has no value} of the table's columns."""
    names = fields.sequence(packed.get("table", []), "table")
    if len(names) > _MAX_COLUMNS or len({str(name) for name in names}) != len(names):
        raise FormatError("the band table names too many columns, or one twice.")
    reader, columns = BitReader(table), {}
    for name in names:
        name = fields.text(name, "a column's name", 64)
        holders = [[True] * n_bands, usable]
        if name in present:
            holders.append(_flags(present[name], n_bands))
        values, population = decode_column(reader, [sum(holder) for holder in holders])
        columns[name] = _spread(values.tolist(), holders[population])
    if reader.n_left:
        raise FormatError("the band table is longer than its columns; the file is damaged.")
    return columns


def _floats(values):
    return [None if value is None else float(value) for value in values]


def _spread(values, holder):
    """One item a band: the next value where `holder` is True, else None."""
    values = iter(values)
    return [next(values) if has_value else None for has_value in holder]


def _known(values, usable):
    known = [value for value, is_usable in zip(values, usable) if is_usable]
    if None in known:
        raise FormatError("the band table lacks the statistics of a usable band.")
    return known


def _whole(values, name):
    if not (np.abs(values) < 2**31).all() or not np.array_equal(values, np.rint(values)):
        raise FormatError(f"the band table's {name} is not made of whole parts.")
    return values.astype(np.int64)


def _runs(flags):
    """Lengths of the runs of equal flags, the first run being of True (0 where there is none)."""
    flags = np.array([True, *flags])
    edges = np.flatnonzero(np.diff(flags))
    return np.diff(np.concatenate([[0], edges, [len(flags) - 1]])).tolist()


def _flags(runs, n_bands):
    runs = [fields.integer(run, "a run of bands", 0, n_bands) for run in fields.sequence(runs, "runs")]
    if sum(runs) != n_bands:
        raise FormatError("the runs of bands do not add up to the bands.")
    values = np.arange(len(runs)) % 2 == 0
    return np.repeat(values, runs).tolist()
