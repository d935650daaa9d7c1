"""Wavelengths and widths out of the METADATA.XML that images of EnMAP and DESIS are delivered with.

The GeoTIFFs themselves state none. Sources: the products' own files; EnMAP's bands are
`bandID number="..."` with `wavelengthCenterOfBand` and `FWHMOfBand` in nm, DESIS' `band` with
`bandNumber`, `wavelengthCenterOfBand` and `wavelengthWidthOfBand`. EnMAP's level 1B comes as one
image per detector, whose bands `vnirProductQuality` and `swirProductQuality` list.
"""

import os
import re
from dataclasses import dataclass
from xml.parsers import expat

from ..errors import ParameterError

_IMAGE = re.compile(r"(?P<product>.+-)SPECTRAL_IMAGE(?:_(?P<detector>VNIR|SWIR))?(?:_COG)?\.\w+", re.IGNORECASE)
_LARGEST = 30_000_000  # bytes; delivered ones are a few million
_DEEPEST = 100  # elements inside each other
_LONGEST_NM = 1e5
_BANDS, _CHANNELS = "bandCharacterisation", "expectedChannelsList"
_WIDTHS = ("FWHMOfBand", "wavelengthWidthOfBand")


@dataclass(frozen=True)
class ProductBands:
    """wavelengths, fwhm: {band number, from 1: nm}; fwhm may lack some.

    channels: {'VNIR' or 'SWIR': the numbers of that detector's bands, as the file lists them}.
    """

    wavelengths: dict
    fwhm: dict
    channels: dict

    def of_detector(self, detector):
        """The numbers of the bands of an image of 'VNIR', 'SWIR' or '', both; raises ValueError."""
        if not detector:
            return sorted(self.wavelengths)
        numbers = [_band_number(text) for text in self.channels.get(detector, "").split(",") if text.strip()]
        if len(set(numbers)) < len(numbers) or not set(numbers) <= set(self.wavelengths):
            raise ValueError(f"its bands of {detector} are not among those that it describes")
        return numbers


def items_beside(path, n_bands):
    """(metadata items, warnings) for an image of `n_bands` bands out of the METADATA.XML beside it.

    The items are lists as ENVI headers have them; none where the image has no such file or one that
    tells of other bands.
    """
    path = os.fsdecode(path)
    image = _IMAGE.fullmatch(os.path.basename(path))
    found = image and _metadata_file(os.path.dirname(path), image["product"])
    if not found:
        return {}, ()
    detector = (image["detector"] or "").upper()
    try:
        bands = _parsed(found)
        numbers = bands.of_detector(detector)
        if len(numbers) != n_bands:
            of_detector = f" of {detector}" if detector else ""
            raise ValueError(f"it tells of {len(numbers)} bands{of_detector}, the image has {n_bands}")
    except (OSError, ValueError) as error:
        return {}, (f"{found}: {error}. Its wavelengths are not used.",)
    items = {"wavelength": _listed(bands.wavelengths, numbers), "wavelength_units": "nm"}
    if bands.fwhm:
        items["fwhm"] = _listed(bands.fwhm, numbers)
    return items, ()


def read_product_wavelengths(path):
    """The wavelengths of a METADATA.XML, nm, by the bands' numbers.

    Raises `ParameterError` where it cannot be read or tells of no bands.
    """
    try:
        return [wavelength for _, wavelength in sorted(_parsed(path).wavelengths.items())]
    except (OSError, ValueError) as error:
        raise ParameterError(
            f"{path}: cannot be read as the METADATA.XML of EnMAP or DESIS ({error})."
        ) from error


def _parsed(path):
    """The ProductBands of a METADATA.XML; raises OSError, ValueError."""
    with open(path, "rb") as file:
        text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise ValueError("it is too large for the metadata of an image")
    reader = _Reader()
    try:
        reader.parse(text)
    except (expat.ExpatError, LookupError) as error:
        # Of an encoding that Python does not have it says LookupError.
        raise ValueError(f"it is no XML: {error}") from error
    if not reader.wavelengths:
        raise ValueError("it tells of no band's wavelength")
    return ProductBands(reader.wavelengths, reader.fwhm, reader.channels)


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
        self.wavelengths, self.fwhm, self.channels = {}, {}, {}
        self._path, self._text, self._band = [], [], {}

    def parse(self, text):
        parser = expat.ParserCreate()
        parser.buffer_text = True
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
        if len(self._path) > _DEEPEST:
            raise ValueError("its elements lie too deep in each other")

    def _end(self, tag):
        text = "".join(self._text).strip()
        self._text.clear()
        self._path.pop()
        if self._path[-2:-1] == [_BANDS]:
            self._band[tag] = text
        elif self._path[-1:] == [_BANDS]:
            self._keep(self._band)
        elif tag == _CHANNELS and self._path:
            self.channels[self._path[-1][:4].upper()] = text  # of vnirProductQuality, swirProductQuality

    def _keep(self, band):
        text = band.get("wavelengthCenterOfBand", "")
        if not text:
            return
        number, wavelength = _band_number(band["bandNumber"]), _nanometres(text)
        if wavelength is None:
            raise ValueError(f"band {number}'s wavelength is '{text[:20]}', no number of nanometres")
        if number in self.wavelengths:
            raise ValueError(f"it has two bands of number {number}")
        self.wavelengths[number] = wavelength
        width = next(filter(None, (_nanometres(band.get(name, "")) for name in _WIDTHS)), None)
        if width is not None:
            self.fwhm[number] = width


def _band_number(text):
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) < 1:
        raise ValueError(f"'{text[:20]}' is no band's number")
    return int(text)


def _nanometres(text):
    """What may be a wavelength or a width, None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value < _LONGEST_NM else None


def _refuse(*_declaration):
    raise ValueError("it declares a document type")
