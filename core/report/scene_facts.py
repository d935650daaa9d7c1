"""What a report says of a scene: shape, bands, wavelengths, place."""

import math
import re

import numpy as np

from . import parts
from .numbers import counted, plain, significant

_NAME = re.compile(r'^\s*\w+\s*\[\s*"([^"]*)"')
_AUTHORITY = re.compile(r'(?:ID|AUTHORITY)\s*\[\s*"(\w+)"\s*,\s*"?(\w+)"?\s*\]\s*\]\s*$')


def subtitle(description):
    """Shape and data type in a line."""
    shape = f"{description.n_rows:,} rows \u00d7 {description.n_cols:,} columns"
    return f"{shape} \u00d7 {counted(description.n_bands, 'band')}, {description.dtype}"


def scene_table(description, usable, axis):
    """The facts of a scene (SceneDescription) as a table; axis: its SpectralAxis."""
    place = description.georeference
    return parts.facts(
        [
            ("Source", description.source),
            ("Shape", subtitle(description)),
            ("Samples", f"{description.n_samples:,}"),
            ("Bands in use", _bands(description, usable, axis.filled)),
            ("Wavelengths", parts.lines(_wavelengths(description, axis))),
            ("Band width (FWHM)", _fwhm(description, usable)),
            ("Nodata value", "none" if description.nodata is None else _nodata(description.nodata)),
            ("Scale and offset", scaling(description)),
            ("Coordinate system", _crs(place.crs_wkt)),
            ("Position", _position(place)),
        ]
    )


def metadata_table(description):
    """The dataset's own text items, to be opened; None where there are none."""
    items = description.metadata
    if not items:
        return None
    return parts.collapsible(f"Metadata of the raster ({counted(len(items), 'item')})", parts.facts(items))


def scaling(description):
    """Scale and offset as text; '' where stored values are the physical ones."""
    pairs = {(band.scale, band.offset) for band in description.bands}
    if pairs == {(1.0, 0.0)}:
        return ""
    if len(pairs) > 1:
        return "differ from band to band"
    scale, offset = pairs.pop()
    added = "" if offset == 0 else f" + {plain(offset)}"
    return f"physical value = stored value \u00d7 {plain(scale)}{added}"


def stored_units(description):
    """A sentence on the units of errors."""
    said = scaling(description)
    if not said:
        return "Errors are in the raster's own values."
    scales = {band.scale for band in description.bands}
    factor = f"multiply by {plain(scales.pop())}" if len(scales) == 1 else "multiply by each band's scale"
    return f"Errors are in stored values; {factor} for the data's physical units."


def _bands(description, usable, filled):
    usable = np.asarray(usable, dtype=bool)
    left_out = np.flatnonzero(~usable)
    used = f"{int(usable.sum()):,} of {description.n_bands:,}"
    if left_out.size:
        used += f"; without data or marked bad: {runs(left_out + 1)}"
    if filled.any():
        used += f"; of one value only: {runs(np.flatnonzero(filled) + 1)}"
    return used


def runs(numbers):
    """Ascending whole numbers as '1, 4 to 7, 9'."""
    stretches = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return ", ".join(str(s[0]) if len(s) == 1 else f"{s[0]} to {s[-1]}" for s in stretches)


def _wavelengths(description, axis):
    if not axis.has_wavelengths:
        return [f"none in the raster; band numbers stand in ({axis.end_to_end})"]
    return axis.ranges()


def _fwhm(description, usable):
    widths = [band.fwhm for band, used in zip(description.bands, usable) if used and band.fwhm is not None]
    if not widths:
        return ""
    low, high = significant(min(widths), 3), significant(max(widths), 3)
    return f"{low} nm" if low == high else f"{low} to {high} nm"


def _nodata(value):
    return "NaN" if math.isnan(value) else plain(value)


def _crs(wkt):
    if not wkt:
        return "none"
    name, authority = _NAME.search(wkt), _AUTHORITY.search(wkt)
    known = name.group(1) if name else "unnamed"
    return f"{known} ({authority.group(1)}:{authority.group(2)})" if authority else known


def _position(place):
    if place.gcps:
        return counted(len(place.gcps), "ground control point")
    if place.geotransform is None:
        return "rational polynomial coefficients (RPC)" if place.rpc else "none"
    x, dx, rx, y, ry, dy = place.geotransform
    width, height = math.hypot(dx, ry), math.hypot(rx, dy)
    turned = ", rotated" if rx or ry else ""
    return (
        f"pixels of {plain(width)} \u00d7 {plain(height)}{turned}; "
        f"upper left corner {plain(x)}, {plain(y)} (units of the coordinate system)"
    )
