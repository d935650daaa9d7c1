"""What products of arrays say of their bands and place, as the facts of a raster."""

from dataclasses import dataclass
from typing import Optional

from ...scene.description import Georeference
from ..facts import BandFacts, RasterFacts
from ..gdal_access import crs_of_epsg
from .north_up import control_points

_GEOGRAPHIC = 4326


@dataclass(frozen=True)
class ArrayBand:
    """One band: nm, its physical value being scale * sample + offset."""

    wavelength: float
    fwhm: Optional[float]
    good: bool = True
    scale: float = 1.0
    offset: float = 0.0
    name: str = ""


def facts_of_arrays(path, shape, dtype, bands, georeference, *, items=None, nodata=None, has_mask=False, warnings=()):
    """RasterFacts of (rows, cols) `shape` and ArrayBands; items: the product's own texts; warnings: on its place."""
    return RasterFacts(
        path, *shape,
        tuple(BandFacts(dtype, nodata, band.scale, band.offset, band.name, _items(band), {}) for band in bands),
        georeference, items or {}, {}, has_mask=has_mask, has_band_masks=False, place_warnings=tuple(warnings),
    )


def swath_place(latitudes, longitudes):
    """(Georeference, warnings) of a swath by its pixels' places in degrees, each (rows, cols), NaN where unknown."""
    points = control_points(latitudes, longitudes)
    if not points:
        return Georeference(), ("The product tells no pixel's place: decoded rasters will have none.",)
    note = (
        f"The product lies as the sensor saw it: its place is kept as {len(points)} ground control points. "
        "Decode it and warp it (gdalwarp -tps) to lay it on a map."
    )
    return Georeference(crs_of_epsg(_GEOGRAPHIC), None, points), (note,)


def _items(band):
    items = {"wavelength": f"{band.wavelength:.10g}", "wavelength_units": "nm", "bbl": "1" if band.good else "0"}
    return {**items, "fwhm": f"{band.fwhm:.10g}"} if band.fwhm else items
