"""Whether a written raster holds what it was to hold."""

import math

from ..errors import OutputError
from ..scene.validity import nodata_as
from .sample_types import same


def check_written(facts, scene, path, driver, has_mask=False):
    """Compare the `RasterFacts` of a written file with the description it was written from.

    has_mask: whether a mask of valid pixels was written too. Returns texts on what its format did
    not keep and on what QGIS makes of it. Raises `OutputError` where bands, rows, columns or the data
    type are not those asked for.
    """
    shape = (len(facts.bands), facts.n_rows, facts.n_cols)
    if shape != (scene.n_bands, scene.n_rows, scene.n_cols) or any(
        band.dtype != scene.dtype for band in facts.bands
    ):
        raise OutputError(
            f"{path}: the format {driver} cannot hold {scene.n_bands} bands of {scene.dtype}. "
            "Choose GeoTIFF (.tif) or ENVI (.dat)."
        )
    losses = []
    wished = nodata_as(scene.dtype, scene.nodata)
    if not same(nodata_as(scene.dtype, facts.bands[0].nodata), wished):
        losses.append(f"{path}: the format {driver} does not keep the nodata value.")
    if has_mask and not facts.has_mask:
        losses.append(
            f"{path}: the format {driver} keeps no mask: pixels without data read as 0 there. Choose GeoTIFF (.tif)."
        )
    if any(band.is_alpha for band in facts.bands):
        losses.append(f"{path}: programs take a band for an alpha band in the format {driver}. Choose GeoTIFF (.tif).")
    if not _same_place(facts.georeference, scene.georeference):
        losses.append(f"{path}: the format {driver} does not keep the georeference exactly.")
    if scene.georeference.gcps and scene.georeference.geotransform is None:
        losses.append(
            f"{path}: is placed by ground control points. QGIS lays such rasters on the map by a polynomial, some "
            "pixels beside layers of .hnr files, which follow the points. Warp it (gdalwarp -tps) to have it there."
        )
    return losses


def _same_place(one, other):
    """Whether two georeferences put the pixels in the same place and have a CRS or have none."""
    if bool(one.crs_wkt) != bool(other.crs_wkt) or len(one.gcps) != len(other.gcps):
        return False
    if (one.rpc is None) != (other.rpc is None) or (one.rpc and not one.rpc.is_close(other.rpc)):
        return False
    if one.geotransform is None or other.geotransform is None:
        return one.geotransform is other.geotransform
    return all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
        for a, b in zip(one.geotransform, other.geotransform)
    )
