"""PRISMA's products (HDF-EOS5, .he5): both detectors' cubes as one scene.

Sources: the PRISMA products' specification (ASI, Issue 2.3) as published readers have it (prismaread, EnMAP-Box,
HyperCoast). Cubes lie as (lines, bands, lines' pixels) of 16-bit numbers under HDFEOS/SWATHS/PRS_L<level>_HCO, the
co-registered ones, with latitudes and longitudes beside them. Attributes of the file say the rest: List_Cw_<detector>
and List_Fwhm_<detector> in nm, 0 for bands that are not there; of level 1 ScaleFactor_ and Offset_<detector> (radiance
is number / factor - offset), of level 2 L2Scale<Detector>Min and Max, what 0 and 65535 stand for. Level 2D is geocoded:
the corners of its grid and its EPSG code are given, and pixels outside the swath are 0.
"""

import re

import numpy as np

from ...scene.description import Georeference
from ..gdal_access import crs_of_epsg
from .array_samples import ArrayPart, ArraySamples
from .described import ArrayBand, facts_of_arrays, swath_place
from .north_up import known_places, turn_of

_SWATHS = "/HDFEOS/SWATHS"
_SWATH = re.compile(r"PRS_L(?P<level>1|2B|2C|2D)_HCO")
_DETECTORS = ("Vnir", "Swir")
_BAND_AXIS = 1
_LARGEST_NUMBER = 65535
_PIXEL_M = 30.0
# So far corners may be from where whole pixels end; further off they are those of something else.
_TOLERANCE_M = 5.0
_KEPT = ("Product_Name", "Product_ID", "Product_StartTime", "Product_StopTime", "Processing_Level", "Processor_Version",
         "Sun_zenith_angle", "Sun_azimuth_angle", "Cloudy_pixels_percentage")


def is_product(file):
    """Whether an ArrayFile is a product of PRISMA's."""
    return _swath(file) is not None


def samples_of(path, file):
    """ArraySamples of a product's ArrayFile; ValueError with what it lacks."""
    found = _swath(file)
    level, swath = found["level"], f"{_SWATHS}/{found[0]}"
    parts, bands = [], []
    for detector in _DETECTORS:
        part, of_part = _detector(file, swath, level, detector)
        if of_part:
            parts.append(part)
            bands.extend(of_part)
    if not parts:
        raise ValueError("it lists no band of either detector")
    if len({(part.plane, part.dtype) for part in parts}) > 1:
        raise ValueError("its two cubes are not of the same lines, pixels and type")
    latitudes, longitudes = _places(file, swath, level, parts[0].plane)
    turn = turn_of(latitudes, longitudes)
    latitudes, longitudes = turn.turned(latitudes), turn.turned(longitudes)
    place, warnings = _grid_place(file, latitudes.shape) if level == "2D" else (None, ())
    if place is None:
        place, more = swath_place(latitudes, longitudes)
        warnings = (*warnings, *more)
    geocoded = level == "2D"
    facts = facts_of_arrays(
        path, latitudes.shape, parts[0].dtype, bands, place,
        items=_items(file), has_mask=geocoded, warnings=warnings,
    )
    return ArraySamples(path, facts, tuple(parts), turn, parts[0] if geocoded else None)


def _swath(file):
    """The match of a product's group of co-registered cubes, None where there is none."""
    return next(filter(None, map(_SWATH.fullmatch, file.groups(_SWATHS))), None)


def _detector(file, swath, level, detector):
    """(ArrayPart, its ArrayBands), shortest wavelength first."""
    array = file.array(f"{swath}/Data Fields/{detector.upper()}_Cube", 3)
    n_bands = array.GetDimensions()[_BAND_AXIS].GetSize()
    centres = file.numbers(f"List_Cw_{detector}", n_bands)
    widths = file.numbers(f"List_Fwhm_{detector}", n_bands)
    scale, offset = _units(file, level, detector)
    order = [n for n in sorted(range(n_bands), key=centres.__getitem__) if centres[n] > 0]
    bands = []
    for n in order:
        name = f"{detector.upper()} {n + 1} ({centres[n]:.2f} nm)"
        bands.append(ArrayBand(_shortened(centres[n]), _shortened(widths[n]) or None, True, scale, offset, name))
    return ArrayPart(array, _BAND_AXIS, tuple(order)), bands


def _units(file, level, detector):
    """(scale, offset) that make radiance or reflectance of a detector's numbers."""
    if level == "1":
        factor = file.number(f"ScaleFactor_{detector}")
        if factor <= 0:
            raise ValueError(f"its attribute ScaleFactor_{detector} is not above 0")
        return 1 / factor, 0.0 - file.number(f"Offset_{detector}")
    least, largest = (file.number(f"L2Scale{detector}{end}") for end in ("Min", "Max"))
    if not least < largest:
        raise ValueError(f"its attributes L2Scale{detector}Min and Max are no range")
    return (largest - least) / _LARGEST_NUMBER, least


def _places(file, swath, level, plane):
    """Latitudes and longitudes of a plane's pixels, NaN where unknown."""
    ending = "_VNIR" if level == "1" else ""
    degrees = [file.values(f"{swath}/Geolocation Fields/{name}{ending}", 2) for name in ("Latitude", "Longitude")]
    if any(values.shape != plane for values in degrees):
        raise ValueError("its latitudes and longitudes are not of its cubes' pixels")
    return known_places(*degrees)


def _grid_place(file, shape):
    """(Georeference of a geocoded product, warnings); None in its place where the corners are none of its grid."""
    corners = {
        axis: [file.number(f"Product_{corner}corner_{axis}") for corner in ("UL", "UR", "LL", "LR")]
        for axis in ("easting", "northing")
    }
    west, east = min(corners["easting"]), max(corners["easting"])
    south, north = min(corners["northing"]), max(corners["northing"])
    n_rows, n_cols = shape
    # The corners may be those of the outermost pixels or their centres: the pixels' size tells.
    for between in (0, 1):
        wanted = (n_cols - between) * _PIXEL_M, (n_rows - between) * _PIXEL_M
        if np.abs(np.subtract((east - west, north - south), wanted)).max() <= _TOLERANCE_M:
            left, top = west - between * _PIXEL_M / 2, north + between * _PIXEL_M / 2
            crs = crs_of_epsg(int(file.number("Epsg_Code")))
            note = () if crs else ("The product's EPSG code is unknown: it has no coordinate reference system.",)
            return Georeference(crs, (left, _PIXEL_M, 0.0, top, 0.0, -_PIXEL_M)), note
    return None, ("The product's corners are not those of a grid of 30 m pixels.",)


def _items(file):
    values = {name: file.attribute(name) for name in _KEPT}
    return {name: str(value) for name, value in values.items() if isinstance(value, (str, int, float)) and str(value)}


def _shortened(nanometres):
    """What a 32-bit number stood for: 406.9934, not 406.9934082."""
    return float(f"{nanometres:.7g}")
