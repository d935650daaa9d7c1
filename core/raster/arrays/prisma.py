"""PRISMA's products (HDF-EOS5, .he5): both detectors' cubes as one scene.

Sources: the PRISMA products' specification (ASI, Issue 2.3) as published readers have it (prismaread, EnMAP-Box,
HyperCoast). Cubes lie as (lines, bands, lines' pixels) of 16-bit numbers under HDFEOS/SWATHS/PRS_L<level>_HCO, the
co-registered ones, with latitudes and longitudes beside them. Attributes of the file say the rest: List_Cw_<detector>
and List_Fwhm_<detector> in nm, 0 for bands that are not there; of level 1 ScaleFactor_ and Offset_<detector> (radiance
is number / factor - offset), of level 2 L2Scale<Detector>Min and Max, what 0 and 65535 stand for. Pixels that nothing
was seen of are 0 in all bands; water may be 0 in all those of the SWIR.
"""

import re

from .array_file import shape_of
from .array_part import ArrayPart
from .array_samples import ArraySamples
from .described import ArrayBand, facts_of_arrays, shortened, texts_of
from .north_up import turn_of
from .prisma_grid import grid_place
from .swath import pixel_places, swath_place

CUBES = ("VNIR_Cube", "SWIR_Cube")
_SWATHS = "/HDFEOS/SWATHS"
_SWATH = re.compile(r"PRS_L(?P<level>1|2B|2C|2D)_HCO")
# The first is the one that tells which pixels hold data.
_DETECTORS = ("Vnir", "Swir")
_BAND_AXIS = 1
_LARGEST_NUMBER = 65535
_KEPT = ("Product_Name", "Product_ID", "Product_StartTime", "Product_StopTime", "Processing_Level", "Processor_Version",
         "Sun_zenith_angle", "Sun_azimuth_angle", "Cloudy_pixels_percentage")


def recognises(file):
    """Whether an ArrayFile is a product of PRISMA's."""
    return _swath(file) is not None


def samples_of(path, file):
    """ArraySamples of a product's ArrayFile; ValueError with what it lacks."""
    found = _swath(file)
    level, swath = found["level"], f"{_SWATHS}/{found[0]}"
    parts, bands = zip(*(_detector(file, swath, level, detector) for detector in _DETECTORS))
    plane, dtype = parts[0].plane, parts[0].dtype
    if any((part.plane, part.dtype) != (plane, dtype) for part in parts):
        raise ValueError("its two cubes are not of the same lines, pixels and type")
    ending = "_VNIR" if level == "1" else ""
    names = [f"{swath}/Geolocation Fields/{name}{ending}" for name in ("Latitude", "Longitude")]
    places = pixel_places(file, names, plane)
    turn = turn_of(*places)
    latitudes, longitudes = map(turn.turned, places)
    if level == "2D":
        place = grid_place(file, latitudes, longitudes)
    else:
        place = swath_place(latitudes, longitudes)
    facts = facts_of_arrays(
        path, latitudes.shape, dtype, sum(bands, []), place, items=texts_of(file, _KEPT), has_mask=True,
    )
    return ArraySamples(path, file, facts, parts, turn)


def _swath(file):
    """The match of a product's group of co-registered cubes, None where there is none."""
    return next(filter(None, map(_SWATH.fullmatch, file.groups(_SWATHS))), None)


def _detector(file, swath, level, detector):
    """(ArrayPart, its ArrayBands), shortest wavelength first."""
    array = file.array(f"{swath}/Data Fields/{detector.upper()}_Cube", 3)
    n_bands = shape_of(array)[_BAND_AXIS]
    centres = file.numbers(f"List_Cw_{detector}", n_bands)
    widths = file.numbers(f"List_Fwhm_{detector}", n_bands)
    scale, offset = _units(file, level, detector)
    order = [n for n in sorted(range(n_bands), key=centres.__getitem__) if centres[n] > 0]
    if not order:
        raise ValueError(f"its attribute List_Cw_{detector} lists no band's wavelength")
    bands = []
    for n in order:
        name = f"{detector.upper()} {n + 1} ({centres[n]:.2f} nm)"
        bands.append(ArrayBand(shortened(centres[n]), shortened(widths[n]) or None, True, scale, offset, name))
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
