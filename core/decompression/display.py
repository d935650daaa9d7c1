"""Value ranges to show decoded bands with, known without decoding anything."""

import numpy as np


def display_ranges(header, bands):
    """The 2 and 98 % values of output bands, in physical units (scale and offset applied).

    header: of the file; bands: of the decoded raster, the file's own or at other wavelengths, for
    which the neighbours' values are interpolated. Returns (low, high), (bands,) each, NaN for
    unusable bands; None where neither band nor wavelength ties the output to the file.
    """
    low, high = _stored_ranges(header, bands)
    if low is None:
        return None
    scale = np.array([band.scale for band in bands])
    offset = np.array([band.offset for band in bands])
    ends = np.stack([low * scale + offset, high * scale + offset])
    return ends.min(axis=0), ends.max(axis=0)


def _stored_ranges(header, bands):
    statistics = header.statistics
    if tuple(bands) == header.description.bands:
        return statistics.low, statistics.high
    known = header.description.wavelengths
    wanted = [band.wavelength for band in bands]
    if known is None or None in wanted:
        return None, None
    order = np.flatnonzero(header.usable)
    order = order[np.argsort(known[order], kind="stable")]
    return tuple(
        np.interp(wanted, known[order], values[order])
        for values in (statistics.low, statistics.high)
    )
