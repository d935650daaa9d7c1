"""What products of arrays say of their bands, as the facts of a raster."""

from dataclasses import dataclass
from typing import Optional

from ..facts import BandFacts, RasterFacts


@dataclass(frozen=True)
class ArrayBand:
    """One band: nm, its physical value being scale * sample + offset."""

    wavelength: float
    fwhm: Optional[float]
    good: bool = True
    scale: float = 1.0
    offset: float = 0.0
    name: str = ""


def facts_of_arrays(path, shape, dtype, bands, place, *, items, nodata=None, has_mask=False):
    """RasterFacts of (rows, cols) `shape` and ArrayBands.

    place: (Georeference, texts to tell of it). items: the product's own texts.
    """
    georeference, notes = place
    return RasterFacts(
        path, *shape,
        tuple(BandFacts(dtype, nodata, band.scale, band.offset, band.name, _band_items(band), {}) for band in bands),
        georeference, items, {}, has_mask=has_mask, has_band_masks=False, place_warnings=tuple(notes),
    )


def texts_of(file, names):
    """{name: text} of those of an ArrayFile's attributes that are texts or numbers."""
    values = {name: file.attribute(name) for name in names}
    return {name: str(value) for name, value in values.items() if isinstance(value, (str, int, float)) and str(value)}


def shortened(nanometres):
    """What a 32-bit number stood for: 406.9934, not 406.9934082."""
    return float(f"{nanometres:.7g}")


def _band_items(band):
    items = {"wavelength": f"{band.wavelength:.10g}", "wavelength_units": "nm", "bbl": "1" if band.good else "0"}
    return {**items, "fwhm": f"{band.fwhm:.10g}"} if band.fwhm else items
