"""One data type and one nodata value for all bands of a raster, where its bands differ."""

import numpy as np


def common_dtype(dtypes):
    """The name of the type that holds the samples of all `dtypes`: 32 bits, or float64."""
    if len(set(dtypes)) == 1:
        return dtypes[0]
    common = np.result_type(*dtypes)
    # Mixing int32 with uint32 would give 64-bit integers, which no scene has.
    return common.name if common.itemsize <= 4 else "float64"


def common_nodata(values):
    """The value that most bands state, None where none does; `values`: a list of floats per band."""
    stated = [value for of_band in values for value in of_band]
    if not stated:
        return None
    return max(stated, key=lambda value: sum(same(value, other) for other in stated))


def same(one, other):
    """Whether two nodata values, or None, are the same; NaN is itself."""
    if one is None or other is None:
        return one is other
    return one == other or (one != one and other != other)


def replace_nodata(samples, nodata, common):
    """In an array of one band put the `common` nodata value in place of the band's own."""
    own = np.isnan(samples) if nodata != nodata else samples == nodata
    samples[own] = common
