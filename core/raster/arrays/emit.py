"""EMIT's radiance and reflectance (netCDF 4, .nc): cubes of (downtrack, crosstrack, bands).

Source: the EMIT products' user guides (LP DAAC, levels 1B and 2A, version 1): the cube is `radiance` or `reflectance`;
the group `sensor_band_parameters` has `wavelengths` and `fwhm` in nm, of level 2A `good_wavelengths` too, 0 for bands
in water vapour; the group `location` has each pixel's `lat` and `lon`. Lines stay in the order of the file, as those of
the masks that come with it.
"""

import numpy as np

from .array_file import shape_of
from .array_part import ArrayPart
from .array_samples import ArraySamples
from .described import ArrayBand, facts_of_arrays, shortened, texts_of
from .north_up import Turn
from .swath import pixel_places, swath_place

CUBES = ("reflectance", "radiance")
_BAND_AXIS = 2
_PARAMETERS = "sensor_band_parameters"
_KEPT = ("platform", "instrument", "title", "time_coverage_start", "time_coverage_end", "product_version",
         "processing_level")


def recognises(file):
    """Whether an ArrayFile is one of these products of EMIT's."""
    return _cube(file) is not None and {_PARAMETERS, "location"} <= set(file.groups())


def samples_of(path, file):
    """ArraySamples of a product's ArrayFile; ValueError with what it lacks."""
    array = file.array(f"/{_cube(file)}", 3)
    bands = _bands(file, shape_of(array)[_BAND_AXIS])
    part = ArrayPart(array, _BAND_AXIS, tuple(range(len(bands))))
    place = swath_place(*pixel_places(file, ("/location/lat", "/location/lon"), part.plane))
    facts = facts_of_arrays(
        path, part.plane, part.dtype, bands, place,
        items=texts_of(file, _KEPT), nodata=array.GetNoDataValueAsDouble(),
    )
    return ArraySamples(path, file, facts, (part,), Turn())


def _cube(file):
    """Name of the array that is the cube, None where there is none."""
    return next((name for name in CUBES if name in file.arrays()), None)


def _bands(file, n_bands):
    def listed(name):
        return file.values(f"/{_PARAMETERS}/{name}", (n_bands,))

    centres, widths = listed("wavelengths"), listed("fwhm")
    says = "good_wavelengths" in file.arrays(_PARAMETERS)
    good = listed("good_wavelengths") if says else np.ones(n_bands)
    if not (np.isfinite(centres) & np.isfinite(widths) & (centres > 0)).all():
        raise ValueError("its wavelengths and widths are not all numbers above 0")
    return [
        ArrayBand(shortened(centre), shortened(width), bool(is_good))
        for centre, width, is_good in zip(centres, widths, good)
    ]
