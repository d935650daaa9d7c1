"""Which bands of a raster are spectral, and where in the spectrum they lie.

A band whose colour interpretation is alpha says where the others hold data. But GDAL gives that
interpretation to the fourth band of any raster of four bytes that is written without a word on it:
an alpha band for which a wavelength is stated is a spectral one.
"""

from dataclasses import replace

from ..errors import ParameterError, SceneError
from .band_metadata import read_spectral_metadata


def spectral_bands(facts, wavelengths=None, layer_properties=None):
    """(0-based numbers of the spectral bands, their SpectralMetadata) of RasterFacts.

    wavelengths: the caller's own, one per band, or one per band that is not alpha; or None.
    Raises `SceneError` where no band is left or only some good ones have a wavelength,
    `ParameterError` where the caller's are too many or too few.
    """
    numbers, spectral = _without_alpha(facts, wavelengths, layer_properties)
    # Bad bands are not kept: nobody asks where they lie.
    missing = [
        n for n, value, good in zip(numbers, spectral.wavelengths, spectral.good) if good and value is None
    ]
    known = any(value is not None for value in spectral.wavelengths)
    if missing and (known or spectral.mismatch):
        detail = spectral.mismatch or (
            f"{len(missing)} of {sum(spectral.good)} bands that are not marked bad have no wavelength, the first is "
            f"band {missing[0] + 1}"
        )
        raise SceneError(
            f"{facts.path}: {detail}. Give a file with one wavelength per band (WAVELENGTHS), or mark bands "
            "without one as bad (bbl)."
        )
    return numbers, spectral


def alpha_note(number):
    """What a user should know of an alpha band, 0-based, that was left out."""
    return (
        f"Band {number + 1} is an alpha band: it is left out, and pixels where it is 0 count as invalid. If it is a "
        "band of the spectrum, give wavelengths of all bands (WAVELENGTHS), or say so in the raster (gdal_edit.py "
        f"-colorinterp_{number + 1} undefined)."
    )


def _without_alpha(facts, wavelengths, layer_properties):
    everything = tuple(range(len(facts.bands)))
    # One band alone can be it: GDAL's GeoTIFFs may call an early one so besides the last.
    alpha = [n for n in everything if facts.bands[n].is_alpha][-1:]
    others = tuple(n for n in everything if n not in alpha)
    if not alpha or wavelengths is not None and len(wavelengths) == len(others):
        return others, _read(facts, others, wavelengths, layer_properties)
    whole = _read(facts, everything, wavelengths, layer_properties)
    spectral = tuple(n for n in everything if n in others or whole.wavelengths[n] is not None)
    if not spectral:
        raise SceneError(f"{facts.path}: holds an alpha band only. Choose the raster that holds the scene.")
    if whole.mismatch:
        return spectral, _read(facts, spectral, wavelengths, layer_properties)
    columns = {
        name: tuple(getattr(whole, name)[n] for n in spectral) for name in ("wavelengths", "fwhm", "good")
    }
    return spectral, replace(whole, **columns)


def _read(facts, numbers, wavelengths, layer_properties):
    bands = [facts.bands[n] for n in numbers]
    try:
        return read_spectral_metadata(
            len(bands),
            imagery=[band.imagery for band in bands],
            bands=[band.items for band in bands],
            dataset=[facts.items, facts.envi, facts.delivered],
            own=wavelengths, layer=layer_properties,
        )
    except ParameterError as error:
        raise ParameterError(f"{facts.path}: {error}") from error
