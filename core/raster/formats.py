"""Which GDAL driver an output's extension stands for, and how it is told to write."""

import os

from ..errors import ParameterError

# Where several drivers claim an extension, or none does (ENVI).
_PREFERRED = {
    "tif": "GTiff", "tiff": "GTiff", "img": "HFA", "nc": "netCDF", "jp2": "JP2OpenJPEG",
    "dat": "ENVI", "bsq": "ENVI", "bil": "ENVI", "bip": "ENVI", "envi": "ENVI",
}
# These two lose information unless they are told not to.
_LOSSLESS = {"JP2OpenJPEG": ["QUALITY=100", "REVERSIBLE=YES"], "WEBP": ["LOSSLESS=YES"]}
# These cannot be told so.
_LOSSY = ("JPEG", "HEIF", "AVIF", "XPM")
# These make a raster of its own of each band.
_ONE_BAND = ("netCDF",)
_ENVI_INTERLEAVE = {"bil": "BIL", "bip": "BIP"}
_TILED_FROM = 512


def extension(path):
    """The extension of a path in lower case and without its dot."""
    return os.path.splitext(os.fspath(path))[1].lstrip(".").lower()


def driver_name(path, available):
    """Name of the GDAL driver for an output path.

    available: {driver name: its extensions}, the raster drivers that can write.
    Raises `ParameterError` for an extension that none of them writes, and for formats that change samples.
    """
    name = _driver_of(path, available)
    if name in _LOSSY:
        raise ParameterError(
            f"{path}: the format {name} changes the values of samples and classes. End the name in .tif (GeoTIFF)."
        )
    return name


def _driver_of(path, available):
    ending = extension(path)
    if ending == "hdr":
        raise ParameterError(
            f"{path}: .hdr is the header of an ENVI raster. Name the raster itself, ending in "
            ".dat; its header is written beside it."
        )
    preferred = _PREFERRED.get(ending)
    if preferred in available:
        return preferred
    # A VRT would only point at another file, which is not there to stay.
    for name in sorted(available):
        if ending and ending in available[name] and name != "VRT":
            return name
    raise ParameterError(
        f"{path}: GDAL writes no raster with the extension '{ending}'. "
        "End the name in .tif (GeoTIFF) or .dat (ENVI)."
    )


def check_bands(driver, path, n_bands):
    """Raise ParameterError where a driver cannot hold so many bands in one raster."""
    if driver in _ONE_BAND and n_bands > 1:
        raise ParameterError(
            f"{path}: the format {driver} cannot hold {n_bands} bands in one raster. Choose GeoTIFF (.tif)."
        )


def creation_options(driver, path, scene):
    """Creation options, a list of texts KEY=VALUE, for the drivers that gain by them.

    scene: the `SceneDescription` that is written.
    """
    if driver == "ENVI":
        return ["INTERLEAVE=" + _ENVI_INTERLEAVE.get(extension(path), "BSQ")]
    if driver == "HFA":
        return ["COMPRESSED=YES"]
    if driver == "GTiff":
        predictor = "3" if scene.dtype.startswith("float") else "2"
        tiled = "YES" if min(scene.n_rows, scene.n_cols) >= _TILED_FROM else "NO"
        # The fastest level: samples of spectrometers get no smaller by the slower ones.
        # Else the fourth of four bands of bytes would be an alpha band.
        return ["COMPRESS=DEFLATE", "ZLEVEL=1", "PREDICTOR=" + predictor, "INTERLEAVE=BAND",
                "TILED=" + tiled, "BIGTIFF=IF_SAFER", "ALPHA=NO"]
    return _LOSSLESS.get(driver, [])
