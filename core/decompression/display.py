"""Value ranges to show decoded bands with, known without decoding anything."""

import numpy as np


def display_ranges(header, bands):
    """The 2 and 98 % values of output bands, in physical units (scale and offset applied).

    header: of the file; bands: of the decoded raster, the file's own or at other wavelengths, for
    which the neighbours' values are interpolated. Returns (low, high), (bands,) each, NaN for
    unusable bands; None where neither band nor wavelength ties the output to the file.
    """
    statistics, units = header.statistics, header.units
    ends = np.stack([statistics.low, statistics.high]) * units.scales + units.offsets
    # A negative scale turns them round.
    ends = ends.min(axis=0), ends.max(axis=0)
    if tuple(bands) == header.description.bands:
        return ends
    known = header.description.wavelengths
    wanted = [band.wavelength for band in bands]
    if known is None or None in wanted:
        return None
    order = np.flatnonzero(header.grid.measured)
    order = order[np.argsort(known[order], kind="stable")]
    return tuple(np.interp(wanted, known[order], values[order]) for values in ends)
