"""From what a raster file says, band by band, to the description of one scene."""

import math
from dataclasses import dataclass
from typing import Optional

from ..errors import ParameterError, SceneError
from ..scene.description import Band, Georeference, SceneDescription
from ..scene.validity import nodata_as
from .band_metadata import read_spectral_metadata
from .dataset_items import kept_items
from .sample_types import common_dtype, common_nodata, same


@dataclass(frozen=True)
class BandFacts:
    """What a file says of one band, unjudged; items are dictionaries of texts."""

    dtype: str
    nodata: Optional[float]
    scale: Optional[float]
    offset: Optional[float]
    name: str
    items: dict
    imagery: dict


@dataclass(frozen=True)
class RasterFacts:
    """What a file says of itself, unjudged; items are dictionaries of texts."""

    path: str
    n_rows: int
    n_cols: int
    bands: tuple[BandFacts, ...]
    georeference: Georeference
    items: dict
    envi: dict
    has_mask: bool


def describe(facts, wavelengths=None, layer_properties=None):
    """Return (SceneDescription, warnings, other_nodata) of a raster's facts.

    wavelengths: the caller's own, one per band, or None. layer_properties: those of a QGIS layer.
    other_nodata: {0-based band: nodata value} where a band's own is not the scene's.
    Raises `SceneError` where only some bands have a wavelength, `ParameterError` where the
    caller's are not one per band.
    """
    warnings = []
    dtype = _dtype(facts, warnings)
    nodata, other_nodata = _nodata(facts, dtype, warnings)
    spectral = _spectral(facts, wavelengths, layer_properties, warnings)
    bands = tuple(
        Band(wavelength, fwhm, good, _factor(band.scale, 1.0, nonzero=True),
             _factor(band.offset, 0.0), band.name)
        for band, wavelength, fwhm, good
        in zip(facts.bands, spectral.wavelengths, spectral.fwhm, spectral.good)
    )
    if facts.has_mask:
        warnings.append(
            "The raster's mask band is not read. To leave its pixels out, give them a nodata "
            "value first."
        )
    description = SceneDescription(
        facts.n_rows, facts.n_cols, bands, dtype, nodata, facts.georeference,
        kept_items(facts.items, facts.envi), facts.path,
    )
    return description, warnings, other_nodata


def _dtype(facts, warnings):
    dtypes = [band.dtype for band in facts.bands]
    common = common_dtype(dtypes)
    if len(set(dtypes)) > 1:
        warnings.append(f"The bands have different data types; all are read as {common}.")
    return common


def _nodata(facts, dtype, warnings):
    values = [nodata_as(dtype, band.nodata) for band in facts.bands]
    common = common_nodata(values)
    if any(not same(value, common) for value in values):
        warnings.append(
            f"The bands have different nodata values or none; {common:g} is used for all."
        )
    return common, {
        band: value for band, value in enumerate(values)
        if value is not None and not same(value, common)
    }


def _spectral(facts, wavelengths, layer_properties, warnings):
    try:
        spectral = read_spectral_metadata(
            len(facts.bands),
            imagery=[band.imagery for band in facts.bands],
            bands=[band.items for band in facts.bands],
            dataset=[facts.items, facts.envi],
            own=wavelengths, layer=layer_properties,
        )
    except ParameterError as error:
        raise ParameterError(f"{facts.path}: {error}") from error
    warnings.extend(spectral.warnings)
    missing = [n for n, value in enumerate(spectral.wavelengths, start=1) if value is None]
    if missing and (len(missing) < len(facts.bands) or spectral.mismatch):
        detail = spectral.mismatch or (
            f"{len(missing)} of {len(facts.bands)} bands have no wavelength, the first is "
            f"band {missing[0]}"
        )
        raise SceneError(
            f"{facts.path}: {detail}. Give a file with one wavelength per band (WAVELENGTHS)."
        )
    if missing:
        warnings.append("The raster states no wavelengths; band numbers stand in for them.")
    return spectral


def _factor(value, default, nonzero=False):
    """A band's scale or offset, `default` where it has none that makes sense."""
    usable = value is not None and math.isfinite(value) and not (nonzero and value == 0)
    return float(value) if usable else default
