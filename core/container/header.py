"""What a `.hnr` file says of itself: the scene, its statistics, the method and what it measured."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..errors import FormatError
from ..scene.band_units import BandUnits
from ..scene.description import (
    DTYPES,
    Band,
    Georeference,
    GroundControlPoint,
    SceneDescription,
)
from ..scene.rpc import OPTIONAL, REQUIRED, Rpc, length_of
from ..spectral.grid import SpectralGrid
from . import fields

MAX_SIDE = 1_000_000
MAX_BANDS = 65_535
MAX_TEXT = 1_000_000
STATISTICS = ("minimum", "maximum", "mean", "deviation", "low", "high")


@dataclass(frozen=True, eq=False)
class BandStatistics:
    """Figures of each band's valid samples, (bands,) float64, NaN for bands that have none.

    All are in the data's own units (before scale and offset); low and high are the 2 and 98 %
    values. Minimum and maximum are exact; a file keeps the others to 1/256 of the band's range or
    finer (`fractions.py`).
    """

    minimum: np.ndarray
    maximum: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def constant(self):
        """(bands,) bool, True for bands whose valid samples all hold one value."""
        return self.minimum == self.maximum


@dataclass(frozen=True, eq=False)
class Header:
    """The header of a `.hnr` file.

    usable: (bands,) bool, False for bands without one valid sample.
    method: registered name of the method; parameters: what it needs to decode, of JSON's types.
    encoder: version of the program that wrote the file.
    measured: name -> number, found by decoding the file (rate_bpppb, psnr_db...).
    """

    description: SceneDescription
    usable: np.ndarray
    statistics: BandStatistics
    method: str
    parameters: dict = field(default_factory=dict)
    encoder: str = ""
    measured: dict = field(default_factory=dict)

    @cached_property
    def grid(self):
        """The SpectralGrid of the usable bands; SceneError where there is none."""
        fwhm = [band.fwhm for band in self.description.bands]
        return SpectralGrid(self.description.wavelengths, fwhm, self.usable, self.statistics.constant)

    @cached_property
    def units(self):
        """The BandUnits of all bands."""
        return BandUnits(self.description.bands)

    def to_json(self):
        """Return the header as a dict of JSON's types; `per_band` holds one list a property."""
        scene = self.description
        place = scene.georeference
        transform = place.geotransform
        return {
            "rows": int(scene.n_rows),
            "columns": int(scene.n_cols),
            "bands": int(scene.n_bands),
            "dtype": scene.dtype,
            "nodata": None if scene.nodata is None else fields.plain(scene.nodata),
            "crs": place.crs_wkt,
            "geotransform": None if transform is None else [fields.plain(v) for v in transform],
            "gcps": [[fields.plain(v) for v in (p.column, p.row, p.x, p.y, p.z)] for p in place.gcps],
            **_rpc_as_json(place.rpc),
            "metadata": [list(item) for item in scene.metadata],
            "source": scene.source,
            "method": self.method,
            "parameters": self.parameters,
            "encoder": self.encoder,
            "measured": {name: fields.plain(value) for name, value in self.measured.items()},
            "per_band": self._per_band(),
        }

    def _per_band(self):
        bands, usable = self.description.bands, np.asarray(self.usable, dtype=bool)
        columns = {
            "wavelength": [_plain_or_none(band.wavelength) for band in bands],
            "fwhm": [_plain_or_none(band.fwhm) for band in bands],
            "good": [bool(band.good) for band in bands],
            "scale": [fields.plain(band.scale) for band in bands],
            "offset": [fields.plain(band.offset) for band in bands],
            "name": [band.name for band in bands],
            "usable": usable.tolist(),
        }
        for name in STATISTICS:
            values = getattr(self.statistics, name)
            columns[name] = [fields.plain(v) if u else None for v, u in zip(values, usable)]
        return columns

    @classmethod
    def from_json(cls, document):
        """Undo `to_json`; raise `FormatError` for anything that cannot be a header.

        Keys that this version does not know are passed over.
        """
        document = fields.mapping(document, "the header")
        per_band = fields.mapping(document.get("per_band"), "per_band")
        n_bands = fields.integer(document.get("bands"), "bands", 1, MAX_BANDS)
        dtype = document.get("dtype")
        if dtype not in DTYPES:
            raise FormatError(f"dtype is none of {', '.join(DTYPES)}.")
        nodata = document.get("nodata")
        usable, bands = _column(per_band, "usable", n_bands, fields.flag), _bands(per_band, n_bands)
        _check_wavelengths(bands, usable)
        return cls(
            description=SceneDescription(
                n_rows=fields.integer(document.get("rows"), "rows", 1, MAX_SIDE),
                n_cols=fields.integer(document.get("columns"), "columns", 1, MAX_SIDE),
                bands=bands,
                dtype=dtype,
                nodata=None if nodata is None else fields.any_number(nodata, "nodata"),
                georeference=_georeference(document),
                metadata=_metadata(document.get("metadata", [])),
                source=fields.text(document.get("source", ""), "source", MAX_TEXT),
            ),
            usable=np.array(usable, dtype=bool),
            statistics=_statistics(per_band, usable, dtype),
            method=fields.text(document.get("method"), "method", 64),
            parameters=fields.mapping(document.get("parameters", {}), "parameters"),
            encoder=fields.text(document.get("encoder", ""), "encoder", 64),
            measured=_measured(document.get("measured", {})),
        )


def _plain_or_none(value):
    return None if value is None else fields.plain(value)


def _column(per_band, name, n_bands, convert):
    values = fields.sequence(per_band.get(name), f"per_band {name}", n_bands)
    return [convert(value, name) for value in values]


def _number_or_none(value, what):
    return None if value is None else fields.number(value, what)


def _name(value, what):
    return fields.text(value, what, MAX_TEXT)


def _bands(per_band, n_bands):
    columns = (
        _column(per_band, "wavelength", n_bands, _number_or_none),
        _column(per_band, "fwhm", n_bands, _number_or_none),
        _column(per_band, "good", n_bands, fields.flag),
        _column(per_band, "scale", n_bands, fields.number),
        _column(per_band, "offset", n_bands, fields.number),
        _column(per_band, "name", n_bands, _name),
    )
    return tuple(Band(*values) for values in zip(*columns))


def _check_wavelengths(bands, usable):
    """Where the good bands have wavelengths, bands that can be decoded have."""
    known = any(band.wavelength is not None for band in bands)
    if known and all(band.wavelength is not None for band in bands if band.good) and any(
        band.wavelength is None for band, is_usable in zip(bands, usable) if is_usable
    ):
        raise FormatError("a usable band has no wavelength.")


def _statistics(per_band, usable, dtype):
    columns = {}
    for name in STATISTICS:
        values = _column(per_band, name, len(usable), _number_or_none)
        if [value is not None for value in values] != usable:
            raise FormatError(f"per_band {name} does not fit the bands called usable.")
        columns[name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    statistics = BandStatistics(**columns)
    _check_statistics(statistics, np.array(usable, dtype=bool), dtype)
    return statistics


def _check_statistics(statistics, usable, dtype):
    """Ordered as statistics are, and minimum and maximum values of the dtype."""
    minimum, maximum = statistics.minimum[usable], statistics.maximum[usable]
    for name in ("mean", "low", "high"):
        values = getattr(statistics, name)[usable]
        if ((values < minimum) | (values > maximum)).any():
            raise FormatError(f"a band's {name} lies outside its minimum and maximum.")
    if (statistics.deviation[usable] < 0).any() or (minimum > maximum).any():
        raise FormatError("a band's statistics contradict each other.")
    if np.issubdtype(dtype, np.floating):
        smallest, largest = np.finfo(dtype).min, np.finfo(dtype).max
    else:
        smallest, largest = np.iinfo(dtype).min, np.iinfo(dtype).max
    if (minimum < float(smallest)).any() or (maximum > float(largest)).any():
        raise FormatError(f"a band's minimum or maximum is no value of {dtype}.")
    for values in (minimum, maximum):
        if not np.array_equal(values.astype(dtype).astype(np.float64), values):
            raise FormatError(f"a band's minimum or maximum is no value of {dtype}.")


def _georeference(document):
    transform = document.get("geotransform")
    if transform is not None:
        transform = fields.sequence(transform, "geotransform", 6)
        transform = tuple(fields.number(value, "geotransform") for value in transform)
    points = []
    for point in fields.sequence(document.get("gcps", []), "gcps"):
        values = fields.sequence(point, "a ground control point", 5)
        points.append(GroundControlPoint(*(fields.number(v, "a ground control point") for v in values)))
    return Georeference(
        crs_wkt=fields.text(document.get("crs", ""), "crs", MAX_TEXT),
        geotransform=transform,
        gcps=tuple(points),
        rpc=_rpc(document.get("rpc")),
    )


def _rpc_as_json(rpc):
    """The key of the RPCs; none at all where there are none, as in files written before there was one."""
    if rpc is None:
        return {}
    return {"rpc": {name: [fields.plain(v) for v in numbers] for name, numbers in rpc.numbers.items()}}


def _rpc(items):
    """The Rpc of the header's key; names that are not known are passed over, so that none grows without bound."""
    if items is None:
        return None
    items, numbers = fields.mapping(items, "rpc"), {}
    for name in (*REQUIRED, *(name for name in OPTIONAL if name in items)):
        values = fields.sequence(items.get(name), f"rpc {name}", length_of(name))
        numbers[name] = tuple(fields.number(value, f"rpc {name}") for value in values)
    return Rpc(numbers)


def _metadata(items):
    pairs = []
    for item in fields.sequence(items, "metadata"):
        key, value = fields.sequence(item, "a metadata item", 2)
        pairs.append((_name(key, "a metadata key"), _name(value, "a metadata value")))
    return tuple(pairs)


def _measured(figures):
    figures = fields.mapping(figures, "measured")
    return {name: fields.any_number(value, f"measured {name}") for name, value in figures.items()}
