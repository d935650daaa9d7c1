"""The codec to beat: KLT across bands and JPEG 2000 of the planes, through GDAL's OpenJPEG driver.

Every plane is brought to the same squared error by bisecting its rate. Counted: the codestreams, basis
and mean at 16 bits a value, one byte a plane, 64 bytes of header. `strict` leaves out the main headers of
all codestreams but one, which a container of its own would not repeat.
"""

import numpy as np
from hiner.core.methods.latent import spectral
from osgeo import gdal

TRIES, TOLERANCE = 10, 1.02
OPTIONS = (
    "CODEC=J2K", "REVERSIBLE=NO", "RESOLUTIONS=5", "TILEPARTS=DISABLED", "BLOCKXSIZE=1024", "BLOCKYSIZE=1024",
)  # fmt: skip
START_OF_TILE = b"\xff\x90"


def curve(cube, targets, weighting):
    """[(rate, strict rate, dB)] bits per sample; targets: dB of the planes' error.

    weighting: "plain" one weight for all bands, "range" bands over their ranges, "weights" with this
    codec's own band weights at each step: a stronger anchor than anybody's practice.
    """
    gdal.UseExceptions()
    x = cube.reshape(len(cube), -1).astype(np.float64)
    span, mean = np.ptp(x, axis=1), x.mean(1)
    span = np.full(len(span), np.exp(np.log(span).mean())) if weighting == "plain" else span
    relative = (x - mean[:, None]) / span[:, None]
    return [_point(cube, relative, span, mean, 10 ** (-target / 10), weighting) for target in targets]


def _point(cube, relative, span, mean, error, weighting):
    weight = np.ones(len(cube))
    if weighting == "weights":
        covariance = relative @ relative.T / relative.shape[1]
        sample = spectral.coefficients(relative.reshape(cube.shape).astype(np.float32), 4)
        weight = spectral.band_weights(covariance, sample, np.sqrt(12 * error) / 1.75)
    y = relative * weight[:, None]
    values, basis = spectral.transform(y @ y.T / y.shape[1])
    planes, size, strict = np.zeros_like(y), 64, 64
    n_planes = int((values > error).sum())
    for k in range(n_planes):
        n_bytes, head, decoded = _smallest((basis[:, k] @ y).reshape(cube.shape[1:]), error)
        planes[k], size, strict = decoded.ravel(), size + n_bytes, strict + n_bytes - (head if k else 0)
    side = 2 * len(cube) * (n_planes + (1 if weighting == "plain" else 2)) + n_planes
    decoded = (basis @ planes) / weight[:, None] * span[:, None] + mean[:, None]
    return 8 * (size + side) / cube.size, 8 * (strict + side) / cube.size, mean_psnr(cube, decoded)


def _smallest(plane, error):
    """(bytes, main header bytes, decoded plane) of the smallest codestream with that squared error."""
    low = plane.min()
    step = max(np.ptp(plane) / 65000, np.sqrt(error) / 8)
    whole = np.round((plane - low) / step).astype(np.uint16)
    least, most, best = np.log(0.02), np.log(14), None
    for _ in range(TRIES):
        middle = (least + most) / 2
        n_bytes, head, decoded = _codestream(whole, 100 * np.exp(middle) / 16)
        decoded = decoded * step + low
        if ((decoded - plane) ** 2).mean() <= TOLERANCE * error:
            most = middle
            if best is None or n_bytes < best[0]:
                best = n_bytes, head, decoded
        else:
            least = middle
    return best


def _codestream(whole, quality):
    rows, cols = whole.shape
    source = gdal.GetDriverByName("MEM").Create("", cols, rows, 1, gdal.GDT_UInt16)
    source.GetRasterBand(1).WriteArray(whole)
    path = "/vsimem/plane.j2k"
    gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(path, source, options=[*OPTIONS, f"QUALITY={quality:.6f}"])
    file = gdal.VSIFOpenL(path, "rb")
    data = gdal.VSIFReadL(1, 1 << 28, file)
    gdal.VSIFCloseL(file)
    decoded = gdal.Open(path).ReadAsArray()
    gdal.Unlink(path)
    return len(data), data.index(START_OF_TILE), decoded


def mean_psnr(cube, decoded):
    """Mean over bands of the PSNR against each band's own range, dB."""
    x = cube.reshape(len(cube), -1).astype(np.float64)
    error = ((x - decoded.reshape(x.shape)) ** 2).mean(1)
    return float(np.mean(10 * np.log10(np.ptp(x, axis=1) ** 2 / np.maximum(error, 1e-12))))
