"""EMIT's radiance and reflectance (netCDF 4, .nc): cubes of (downtrack, crosstrack, bands).

Source: the EMIT products' user guides (LP DAAC, levels 1B and 2A, version 1): the cube is `radiance` or `reflectance`;
the group `sensor_band_parameters` has `wavelengths` and `fwhm` in nm, of level 2A `good_wavelengths` too, 0 for bands
in water vapour; the group `location` has each pixel's `lat` and `lon`.
"""

import numpy as np

from .array_samples import ArrayPart, ArraySamples
from .described import ArrayBand, facts_of_arrays, swath_place
from .north_up import Turn, known_places

_CUBES = ("reflectance", "radiance")
_BAND_AXIS = 2
_PARAMETERS = "sensor_band_parameters"
_KEPT = ("platform", "instrument", "title", "time_coverage_start", "time_coverage_end", "product_version",
         "processing_level")


def is_product(file):
    """Whether an ArrayFile is one of these products of EMIT's."""
    return _cube(file) is not None and {_PARAMETERS, "location"} <= set(file.groups())


def samples_of(path, file):
    """ArraySamples of a product's ArrayFile; ValueError with what it lacks."""
    array = file.array(f"/{_cube(file)}", 3)
    bands = _bands(file, array)
    part = ArrayPart(array, _BAND_AXIS, tuple(range(len(bands))))
    places = known_places(*(file.values(f"/location/{name}", 2) for name in ("lat", "lon")))
    if any(values.shape != part.plane for values in places):
        raise ValueError("its latitudes and longitudes are not of its cube's pixels")
    place, warnings = swath_place(*places)
    facts = facts_of_arrays(
        path, part.plane, part.dtype, bands, place,
        items=_items(file), nodata=array.GetNoDataValueAsDouble(), warnings=warnings,
    )
    return ArraySamples(path, facts, (part,), Turn())


def _cube(file):
    """Name of the array that is the cube, None where there is none."""
    return next((name for name in _CUBES if name in file.arrays()), None)


def _bands(file, array):
    n_bands, own = array.GetDimensions()[_BAND_AXIS].GetSize(), file.arrays(_PARAMETERS)
    centres, widths = (file.values(f"/{_PARAMETERS}/{name}", 1) for name in ("wavelengths", "fwhm"))
    good = file.values(f"/{_PARAMETERS}/good_wavelengths", 1) if "good_wavelengths" in own else np.ones(n_bands)
    if {len(centres), len(widths), len(good)} != {n_bands}:
        raise ValueError(f"its lists of wavelengths are not of its {n_bands} bands")
    if not (np.isfinite(centres) & np.isfinite(widths) & (centres > 0)).all():
        raise ValueError("its wavelengths are not all numbers above 0")
    return [
        ArrayBand(float(f"{centre:.7g}"), float(f"{width:.7g}"), bool(is_good))
        for centre, width, is_good in zip(centres, widths, good)
    ]


def _items(file):
    values = {name: file.attribute(name) for name in _KEPT}
    return {name: value for name, value in values.items() if isinstance(value, str) and value}
