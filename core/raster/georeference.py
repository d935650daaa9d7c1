"""Where a raster lies, as GDAL tells it, and what of that cannot be kept."""

import math
from dataclasses import astuple

from ..clean_text import clean_text
from ..scene.description import Georeference, GroundControlPoint
from ..scene.rpc import Rpc
from .gdal_access import errors


def read_georeference(dataset):
    """(Georeference of an open dataset of GDAL's, texts on what of its place is not kept)."""
    warnings = []
    rpc, geotransform = _rpc(dataset, warnings), _geotransform(dataset, warnings)
    points = () if geotransform is not None else _points(dataset, warnings)
    if geotransform is None and not points and rpc is None and dataset.GetMetadata("GEOLOCATION"):
        warnings.append(
            "The raster is placed by geolocation arrays, which are not kept: decoded rasters will have no place. "
            "Warp it first (gdalwarp -geoloc)."
        )
    crs = dataset.GetGCPSpatialRef() if points else dataset.GetSpatialRef()
    return Georeference(_wkt(crs), geotransform, points, rpc), tuple(warnings)


def _rpc(dataset, warnings):
    items = dataset.GetMetadata("RPC") or {}
    rpc = Rpc.from_items({name: clean_text(text) for name, text in items.items()})
    if rpc is None and items:
        warnings.append(
            "The raster's rational polynomial coefficients (RPC) are not whole: numbers are missing among them, "
            "or are none. They are not kept."
        )
    return rpc


def _geotransform(dataset, warnings):
    geotransform = dataset.GetGeoTransform(can_return_null=True)
    if geotransform is None or all(map(math.isfinite, geotransform)):
        return geotransform and tuple(geotransform)
    warnings.append(
        "The raster's geotransform holds values that are no finite numbers; it is not kept. Give the raster its place "
        "again (gdal_edit.py -a_ullr)."
    )
    return None


def _points(dataset, warnings):
    points = tuple(
        GroundControlPoint(gcp.GCPPixel, gcp.GCPLine, gcp.GCPX, gcp.GCPY, gcp.GCPZ) for gcp in dataset.GetGCPs() or ()
    )
    finite = tuple(point for point in points if all(map(math.isfinite, astuple(point))))
    if len(finite) < len(points):
        warnings.append(
            f"{len(points) - len(finite)} of {len(points)} ground control points hold values that are no finite "
            "numbers; they are not kept."
        )
    return finite


def _wkt(crs):
    with errors():
        return clean_text(crs.ExportToWkt(["FORMAT=WKT2_2019"])) if crs is not None else ""
    return ""
