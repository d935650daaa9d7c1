"""GDAL itself: the one module that imports it, its complaints, and its data types by NumPy's names.

QGIS and other plugins share the process's GDAL, so its settings (exceptions, error handlers,
configuration) are left as they are. Every call that can fail runs inside `errors`, which
catches GDAL's complaints in either of its two modes, for this thread and this call alone.
Samples travel as bytes, so GDAL's own NumPy bridge, which breaks beside other NumPys, is not used.
"""

from contextlib import contextmanager, nullcontext
from functools import partial

from ..errors import DependencyError

try:
    from osgeo import gdal, osr
except ImportError as error:
    raise DependencyError(
        "GDAL's Python bindings are not installed. On Debian and Ubuntu install python3-gdal."
    ) from error

DTYPES = {
    gdal.GDT_Byte: "uint8", gdal.GDT_UInt16: "uint16", gdal.GDT_Int16: "int16",
    gdal.GDT_UInt32: "uint32", gdal.GDT_Int32: "int32",
    gdal.GDT_Float32: "float32", gdal.GDT_Float64: "float64",
}
# GDAL before 3.7 has no signed byte of its own but an unsigned one with a mark.
INT8 = getattr(gdal, "GDT_Int8", None)
if INT8 is not None:
    DTYPES[INT8] = "int8"
if hasattr(gdal, "GDT_Float16"):
    DTYPES[gdal.GDT_Float16] = "float32"
GDAL_TYPES = {"int8": gdal.GDT_Byte, **{name: kind for kind, name in DTYPES.items()}}
GDAL_TYPES["float32"] = gdal.GDT_Float32
SIGNED_BYTE = "SIGNEDBYTE"
_LEAST_NO_CODE = 2**31  # GDAL takes codes as 32-bit integers
# From 3.7 on a thread can leave exceptions mode for a while; before, it is the whole process's.
_NO_EXCEPTIONS = partial(gdal.ExceptionMgr, False) if hasattr(gdal, "ExceptionMgr") else nullcontext


@contextmanager
def errors():
    """Collect the errors of GDAL calls in the body: yields the list of their texts."""
    texts = []

    def collect(severity, _number, text):
        if severity >= gdal.CE_Failure:
            texts.append(text.strip())

    gdal.PushErrorHandler(collect)
    try:
        with _NO_EXCEPTIONS():
            yield texts
    except RuntimeError as error:
        # GDAL before 3.7 in exceptions mode, which some other plugin switched on.
        texts.append(str(error).strip())
    finally:
        gdal.PopErrorHandler()
        gdal.ErrorReset()


def reason(texts):
    """The last of the texts as a sentence to put behind an error, empty without any."""
    return f" GDAL says: {texts[-1]}" if texts else ""


def crs_of_epsg(code):
    """The coordinate reference system of an EPSG code, WKT; '' where GDAL knows none of that code."""
    crs = osr.SpatialReference()
    if not 0 < code < _LEAST_NO_CODE or code != int(code):
        return ""
    with errors() as texts:
        if crs.ImportFromEPSG(int(code)) == 0 and not texts:
            return crs.ExportToWkt(["FORMAT=WKT2_2019"])
    return ""
