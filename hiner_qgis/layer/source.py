"""A layer's source: the file, and which of its bands or wavelengths are shown.

`path?wl=650,550,450` (nm), `path?wl=400:900:10`, `path?wl=file` (all of the file's bands),
`path?sensor=sentinel2a`, or the path alone: true colour. `hiner:///path?wl=550` is the same.
"""

import re
from dataclasses import dataclass
from typing import Tuple

from ...core.errors import ParameterError
from ...core.spectral.request import parse_wavelengths
from ...core.spectral.sensors import SENSORS

PROVIDER = "hiner"
_PREFIX = PROVIDER + "://"
_ALL_BANDS = "file"
# A '?' of the path itself is left alone, unless one of our own keys follows it.
_PARTS = re.compile(r"(?P<path>.*?)(?:\?(?P<query>(?:wl|sensor)=.*)?)?\Z", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """path, and one of: wavelengths (nm), a sensor's name, all of the file's own bands, or none.

    None of them stands for true colour.
    """

    path: str
    wavelengths: Tuple[float, ...] = ()
    sensor: str = ""
    own_bands: bool = False


def split(uri):
    """A source's path and its query, '' where it has none; nothing is checked."""
    uri = uri.strip()
    if uri.lower().startswith(_PREFIX):
        uri = uri[len(_PREFIX) :]
    if re.match(r"/[A-Za-z]:[/\\]", uri):
        uri = uri[1:]
    parts = _PARTS.match(uri)
    return parts["path"], parts["query"] or ""


def join(path, query):
    """Undo `split`."""
    return f"{path}?{query}" if query else path


def parse(uri):
    """Return the `Source` that `uri` stands for; raise `ParameterError` for one that is none."""
    path, query = split(uri)
    if not query:
        return Source(path)
    key, _, value = query.partition("=")
    if "&" in value:
        raise ParameterError(f"{uri}: give either wl= or sensor=, once.")
    if key == "sensor":
        if value not in SENSORS:
            known = ", ".join(sorted(SENSORS))
            raise ParameterError(f"{uri}: '{value}' is not a known sensor. Known are {known}.")
        return Source(path, sensor=value)
    if value == _ALL_BANDS:
        return Source(path, own_bands=True)
    wavelengths = parse_wavelengths(value).wavelengths
    if not wavelengths:
        raise ParameterError(f"{uri}: wl= needs wavelengths, as in wl=650,550,450, or wl=file.")
    return Source(path, wavelengths=wavelengths)


def write(source):
    """The text of a `Source`, as `parse` reads it."""
    return join(source.path, query_of(source))


def query_of(source):
    """The query of a `Source`: 'wl=650,550,450', 'wl=file', 'sensor=sentinel2a' or ''."""
    if source.own_bands:
        return f"wl={_ALL_BANDS}"
    if source.sensor:
        return f"sensor={source.sensor}"
    return "wl=" + ",".join(f"{w:.10g}" for w in source.wavelengths) if source.wavelengths else ""
