"""JPEG 2000 codestreams of single planes, through GDAL's OpenJPEG driver."""

import numpy as np
from osgeo import gdal

OPTIONS = (
    "CODEC=J2K", "RESOLUTIONS=5", "TILEPARTS=DISABLED", "BLOCKXSIZE=1024", "BLOCKYSIZE=1024",
)  # fmt: skip
START_OF_TILE = b"\xff\x90"
TRIES, TOLERANCE = 10, 1.02


def smallest(plane, error):
    """(bytes, main header bytes, decoded plane) of the smallest 9/7 codestream with that mean squared error.

    The rate is bisected.
    """
    low = plane.min()
    step = max(np.ptp(plane) / 65000, np.sqrt(error) / 8)
    whole = np.round((plane - low) / step).astype(np.uint16)
    least, most, best = np.log(0.02), np.log(14), None
    for _ in range(TRIES):
        middle = (least + most) / 2
        data, decoded = codestream(whole, "REVERSIBLE=NO", f"QUALITY={100 * np.exp(middle) / 16:.6f}")
        decoded = decoded * step + low
        if ((decoded - plane) ** 2).mean() <= TOLERANCE * error:
            most = middle
            if best is None or len(data) < best[0]:
                best = len(data), data.index(START_OF_TILE), decoded
        else:
            least = middle
    if best is None:
        data, decoded = codestream(whole, "REVERSIBLE=YES", "QUALITY=100")
        best = len(data), data.index(START_OF_TILE), decoded * step + low
    return best


def codestream(whole, *options):
    """(bytes, decoded) of a (rows, cols) plane of 16-bit integers."""
    rows, cols = whole.shape
    kind = gdal.GDT_Int16 if whole.dtype.kind == "i" else gdal.GDT_UInt16
    source = gdal.GetDriverByName("MEM").Create("", cols, rows, 1, kind)
    source.GetRasterBand(1).WriteArray(whole)
    path = "/vsimem/plane.j2k"
    gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(path, source, options=[*OPTIONS, *options])
    file = gdal.VSIFOpenL(path, "rb")
    data = gdal.VSIFReadL(1, 1 << 28, file)
    gdal.VSIFCloseL(file)
    decoded = gdal.Open(path).ReadAsArray()
    gdal.Unlink(path)
    return data, decoded
