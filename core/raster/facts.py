"""From what a raster file says, band by band, to the description of one scene."""

import math
from dataclasses import dataclass, field, replace
from typing import Optional

from ..clean_text import clean_text
from ..scene.description import Band, Georeference, SceneDescription
from ..scene.validity import nodata_as
from .dataset_items import kept_items
from .layer_words import LayerWords, with_words
from .sample_types import common_dtype, common_nodata, same
from .spectral_bands import alpha_note, spectral_bands

# Formats of arrays of any dimensions: GDAL takes the last two for rows and columns.
_ANY_ORDER = ("netCDF", "HDF5Image")

NO_WAVELENGTHS = "The raster states no wavelengths; band numbers stand in for them."


@dataclass(frozen=True)
class BandFacts:
    """What a file says of one band, unjudged; items are dictionaries of texts.

    is_alpha: whether its colour interpretation is alpha. more_nodata: values that mark no data too.
    """

    dtype: str
    nodata: Optional[float]
    scale: Optional[float]
    offset: Optional[float]
    name: str
    items: dict
    imagery: dict
    is_alpha: bool = False
    more_nodata: tuple = ()


@dataclass(frozen=True)
class RasterFacts:
    """What a file says of itself, unjudged; items are dictionaries of texts.

    has_mask: whether one mask says of all bands which pixels are valid; has_band_masks: whether the
    bands have masks of their own. place_warnings: texts on what of the raster's place is not kept.
    delivered: items of the metadata file that came with it; delivered_warnings: why it is not used.
    driver: GDAL's short name of the format.
    """

    path: str
    n_rows: int
    n_cols: int
    bands: tuple[BandFacts, ...]
    georeference: Georeference
    items: dict
    envi: dict
    has_mask: bool
    has_band_masks: bool
    place_warnings: tuple[str, ...] = ()
    delivered: dict = field(default_factory=dict)
    delivered_warnings: tuple[str, ...] = ()
    driver: str = ""


@dataclass(frozen=True)
class Described:
    """A raster's facts, judged.

    description: the SceneDescription of its spectral bands. warnings: texts. bands, alpha: 0-based
    numbers in the raster of the scene's bands, and of those that say which pixels are valid.
    other_nodata: {0-based band of the scene: its nodata values that are not the scene's}.
    """

    description: SceneDescription
    warnings: list
    bands: tuple[int, ...]
    alpha: tuple[int, ...]
    other_nodata: dict


def describe(facts, wavelengths=None, layer=None):
    """Return what `RasterFacts` come to (Described).

    wavelengths: the caller's own, one per band, or None. layer: LayerWords, or None.
    Raises `SceneError` where only some good bands have a wavelength, `ParameterError` where the
    caller's are not one per band.
    """
    layer = layer or LayerWords()
    facts, warnings = with_words(facts, layer)
    numbers, spectral = spectral_bands(facts, wavelengths, layer.properties)
    alpha = tuple(n for n in range(len(facts.bands)) if n not in numbers)
    facts = replace(facts, bands=tuple(facts.bands[n] for n in numbers))
    dtype = _dtype(facts, warnings)
    nodata, other_nodata = _nodata(facts, dtype, warnings)
    warnings.extend(spectral.warnings)
    if not any(value is not None for value in spectral.wavelengths):
        warnings.extend(facts.delivered_warnings)
        warnings.append(NO_WAVELENGTHS)
        warnings.extend(_order_notes(facts))
    bands = tuple(
        Band(wavelength, fwhm, good, _factor(band.scale, 1.0, nonzero=True),
             _factor(band.offset, 0.0), band.name)
        for band, wavelength, fwhm, good
        in zip(facts.bands, spectral.wavelengths, spectral.fwhm, spectral.good)
    )
    warnings.extend(map(alpha_note, alpha))
    if facts.has_band_masks:
        warnings.append(
            "The masks of single bands are not read. To leave their pixels out, give them a nodata value first."
        )
    warnings.extend(facts.place_warnings)
    description = SceneDescription(
        facts.n_rows, facts.n_cols, bands, dtype, nodata, facts.georeference,
        kept_items(facts.items, facts.envi), clean_text(facts.path),
    )
    return Described(description, warnings, numbers, alpha, other_nodata)


def _order_notes(facts):
    """What a user should know of a cube of which nothing tells that its bands are spectral ones."""
    if facts.driver not in _ANY_ORDER:
        return
    yield (
        f"{facts.path}: read as {len(facts.bands)} bands of {facts.n_rows} x {facts.n_cols} pixels, as its format "
        "orders them; look whether that is the scene's order. If it is not, reorder the file first (gdalmdimtranslate "
        '-array "name=...,transpose=[2,0,1]").'
    )


def _dtype(facts, warnings):
    dtypes = [band.dtype for band in facts.bands]
    common = common_dtype(dtypes)
    if len(set(dtypes)) > 1:
        warnings.append(f"The bands have different data types; all are read as {common}.")
    return common


def _nodata(facts, dtype, warnings):
    own = [nodata_as(dtype, band.nodata) for band in facts.bands]
    values = [
        [value for value in (first, *(nodata_as(dtype, more) for more in band.more_nodata)) if value is not None]
        for first, band in zip(own, facts.bands)
    ]
    common = common_nodata(values)
    if any(not same(value, common) for value in own) and any(value is not None for value in own):
        warnings.append(
            f"The bands have different nodata values or none; {common:g} is used for all."
        )
    others = {
        band: [value for value in of_band if not same(value, common)] for band, of_band in enumerate(values)
    }
    return common, {band: of_band for band, of_band in others.items() if of_band}


def _factor(value, default, nonzero=False):
    """A band's scale or offset, `default` where it has none that makes sense."""
    usable = value is not None and math.isfinite(value) and not (nonzero and value == 0)
    return float(value) if usable else default
