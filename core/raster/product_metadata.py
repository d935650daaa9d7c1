"""Wavelengths and widths out of the METADATA.XML that images of EnMAP and DESIS are delivered with.

The GeoTIFFs themselves state none. Sources: the products' own files; EnMAP's bands are
`bandID number="..."` with `wavelengthCenterOfBand` and `FWHMOfBand` in nm, DESIS' `band` with
`bandNumber`, `wavelengthCenterOfBand` and `wavelengthWidthOfBand`. EnMAP's level 1B comes as one
image per detector, whose bands `vnirProductQuality` and `swirProductQuality` list.
"""

import math
import os
import re
from dataclasses import dataclass
from typing import Optional
from xml.parsers import expat

from ..errors import ParameterError

_IMAGE = re.compile(r"(?P<product>.+-)SPECTRAL_IMAGE(?:_(?P<detector>VNIR|SWIR))?(?:_COG)?\.\w+", re.IGNORECASE)
_LARGEST = 100_000_000  # bytes; delivered ones are a few million
_BANDS, _CHANNELS = "bandCharacterisation", "expectedChannelsList"
_WIDTHS = ("FWHMOfBand", "wavelengthWidthOfBand")


@dataclass(frozen=True)
class ProductBands:
    """wavelengths, fwhm: {band number, from 1: nm}; fwhm may lack some. detectors: {'VNIR' or 'SWIR': band numbers}."""

    wavelengths: dict
    fwhm: dict
    detectors: dict


def items_beside(path, n_bands):
    """(metadata items, warnings) for an image of `n_bands` bands out of the METADATA.XML beside it.

    The items are lists as ENVI headers have them; none where the image has no such file or one that
    tells of other bands.
    """
    image = _IMAGE.fullmatch(os.path.basename(path))
    found = image and _metadata_file(os.path.dirname(path), image["product"])
    if not found:
        return {}, ()
    try:
        bands = read_product_bands(found)
    except ParameterError as error:
        return {}, (f"{error} Its wavelengths are not used.",)
    detector = (image["detector"] or "").upper()
    numbers = bands.detectors.get(detector, ()) if detector else sorted(bands.wavelengths)
    if len(numbers) != n_bands or not set(numbers) <= set(bands.wavelengths):
        told = f"tells of {len(numbers)} bands{' of ' * bool(detector)}{detector}, the image has {n_bands}"
        return {}, (f"{found}: {told}. Its wavelengths are not used.",)
    items = {"wavelength": _listed(bands.wavelengths, numbers), "wavelength_units": "nm"}
    if bands.fwhm:
        items["fwhm"] = _listed(bands.fwhm, numbers)
    return items, ()


def read_product_bands(path):
    """The ProductBands of a METADATA.XML.

    Raises `ParameterError` where it cannot be read or tells of no bands.
    """
    reader = _Reader()
    try:
        with open(path, "rb") as file:
            text = file.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise ParameterError(f"{path}: is too large for the metadata of an image.")
        reader.parse(text)
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror}).") from error
    except (expat.ExpatError, ValueError) as error:
        raise ParameterError(f"{path}: is no XML that tells of bands ({error}).") from error
    if not reader.wavelengths:
        raise ParameterError(f"{path}: tells of no band's wavelength. Take the METADATA.XML of EnMAP or DESIS.")
    return ProductBands(reader.wavelengths, reader.fwhm, reader.detectors)


def _metadata_file(folder, product):
    for ending in (".XML", ".xml"):
        path = os.path.join(folder, f"{product}METADATA{ending}")
        if os.path.isfile(path):
            return path
    return None


def _listed(values, numbers):
    return "{" + ", ".join(f"{values.get(number, 0):.12g}" for number in numbers) + "}"


class _Reader:
    """Collects wavelengths, widths and the detectors' bands while the file goes by."""

    def __init__(self):
        self.wavelengths, self.fwhm, self.detectors = {}, {}, {}
        self._path, self._text, self._band = [], [], {}

    def parse(self, text):
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text.append
        # Entities of its own could make a small file a huge one; the products' have none.
        parser.StartDoctypeDeclHandler = _refuse
        parser.Parse(text, True)

    def _start(self, tag, attributes):
        self._text.clear()
        if self._path and self._path[-1] == _BANDS:
            self._band = {"bandNumber": attributes.get("number", "")}
        self._path.append(tag)

    def _end(self, tag):
        text = "".join(self._text).strip()
        self._text.clear()
        self._path.pop()
        if self._path[-2:-1] == [_BANDS]:
            self._band[tag] = text
        elif self._path[-1:] == [_BANDS]:
            self._keep(self._band)
        elif tag == _CHANNELS and self._path:
            detector = self._path[-1][:4].upper()  # of vnirProductQuality, swirProductQuality
            self.detectors[detector] = tuple(map(int, text.split(",")))

    def _keep(self, band):
        wavelength = _number(band.get("wavelengthCenterOfBand"))
        if wavelength is None:
            return
        number = int(band["bandNumber"])
        self.wavelengths[number] = wavelength
        width = next((width for width in map(_number, map(band.get, _WIDTHS)) if width is not None), None)
        if width is not None:
            self.fwhm[number] = width


def _number(text) -> Optional[float]:
    """A finite number, None where there is no text; raises ValueError."""
    value = float(text) if text else math.nan
    return value if math.isfinite(value) else None


def _refuse(*_declaration):
    raise ValueError("it declares a document type")
