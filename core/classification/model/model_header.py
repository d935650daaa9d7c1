"""What the header of a classifier's file says of it, as JSON, and back with every type and range checked."""

import dataclasses
import re

from ...errors import FormatError, ParameterError
from ..imagery.band_match import BandAxis
from ..labels.legend import LARGEST_VALUE
from ..labels.samples import LandCover
from .settings import Settings, check

_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_MOST_BANDS = 65535
# Sides of windows: odd, none twice.
_MOST_SCALES = 16


def described(model):
    """A ClassifierModel but for its arrays, JSON's types alone.

    Raises ParameterError for classes that no map can hold.
    """
    for entry in model.table:
        if not 0 <= entry.value <= LARGEST_VALUE:
            raise ParameterError(
                f"The class '{entry.name}' has the value {entry.value}; a map holds 0 to {LARGEST_VALUE}. "
                "Number the classes anew."
            )
    return {
        "settings": dataclasses.asdict(model.settings),
        "classes": [dataclasses.asdict(entry) for entry in model.table],
        "bands": list(model.axis.positions),
        "has_wavelengths": model.axis.has_wavelengths,
        "image_bands": model.axis.n_image,
        "twins": [list(twin) for twin in model.axis.twins],
        "figures": model.figures,
    }


def settings_of(header):
    """The Settings in a header; those that it does not have are of a later version and take their default.

    Raises FormatError, and ParameterError for values that no training can have.
    """
    document = _of_kind(header, "settings", dict)
    known = {entry.name: entry for entry in dataclasses.fields(Settings)}
    unknown = set(document) - set(known)
    if unknown:
        raise FormatError(f"it has the setting {min(unknown)!r}, of a newer version. Update the plugin.")
    settings = Settings(**{
        name: _setting(name, document.get(name, entry.default), entry.default) for name, entry in known.items()
    })
    check(settings)
    return settings


def table_of(header):
    """The LandCover classes in a header. Raises FormatError."""
    table = tuple(_land_cover(entry) for entry in _of_kind(header, "classes", list))
    if len(table) < 2 or len({entry.value for entry in table}) < len(table):
        raise FormatError("its classes are fewer than two or share a value.")
    return table


def axis_of(header):
    """The BandAxis in a header. Raises FormatError."""
    bands = _of_kind(header, "bands", list)
    if not 1 <= len(bands) <= _MOST_BANDS or not all(type(position) in (int, float) for position in bands):
        raise FormatError(f"its bands are not 1 to {_MOST_BANDS} numbers.")
    # Earlier versions did not store it.
    n_image = _of_kind({"image_bands": 0, **header}, "image_bands", int)
    if n_image and not len(bands) <= n_image <= _MOST_BANDS:
        raise FormatError(f"its {len(bands)} bands are said to be of an image of {n_image}.")
    return BandAxis(
        tuple(map(float, bands)), _of_kind(header, "has_wavelengths", bool), n_image, _twins_of(header, len(bands))
    )


def figures_of(header):
    """What a header says of the training, a dict. Raises FormatError."""
    return _of_kind(header, "figures", dict)


def _twins_of(header, n_bands):
    # Earlier versions did not store them.
    twins = _of_kind({"twins": [], **header}, "twins", list)
    if twins and not (len(twins) == n_bands and all(map(_is_twin, twins))):
        raise FormatError("it does not say of each band which of how many of its wavelength it is.")
    return tuple(map(tuple, twins))


def _is_twin(twin):
    fits = type(twin) is list and len(twin) == 2 and all(type(n) is int for n in twin)
    return fits and 0 <= twin[0] < twin[1] <= _MOST_BANDS


def _of_kind(mapping, name, kind):
    """A mapping's entry; True is no number."""
    if type(mapping.get(name)) is not kind:
        raise FormatError(f"its entry {name!r} is missing or of the wrong type.")
    return mapping[name]


def _setting(name, value, default):
    kind = type(default)
    if kind is tuple:
        fits = type(value) in (list, tuple) and len(value) <= _MOST_SCALES and all(type(n) is int for n in value)
        value = tuple(value) if fits else value
    elif kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise FormatError(f"its setting {name} is {value!r}.")
    return value


def _land_cover(entry):
    if type(entry) is not dict:
        raise FormatError(f"its class {entry!r} is none.")
    value, name, colour = (_of_kind(entry, *part) for part in (("value", int), ("name", str), ("colour", str)))
    if not 0 <= value <= LARGEST_VALUE:
        raise FormatError(f"its class {name!r} has the value {value}; a map holds 0 to {LARGEST_VALUE}.")
    if not _COLOUR.fullmatch(colour):
        raise FormatError(f"its colour {colour!r} is none.")
    return LandCover(value, name, colour)
