"""The band metadata written with a raster, in both conventions, so that every reader agrees."""

import re


def _text(number):
    """A number as people write it: 0.6421, not 0.6421000000000001."""
    return f"{number:.10g}"


def band_name(number, band):
    """Description of a band: its own name, else 'Band 42 (642.1 Nanometers)' or 'Band 42'.

    `number` counts from 1.
    """
    if band.name:
        return band.name
    if band.wavelength is None:
        return f"Band {number}"
    return f"Band {number} ({_text(round(band.wavelength, 3))} Nanometers)"


def default_items(band):
    """Items of the band's default domain: wavelength and width in nm, and the bad-band mark."""
    items = {"bbl": "1" if band.good else "0"} if _has_mark(band) else {}
    if band.wavelength is not None:
        items["wavelength"] = _text(band.wavelength)
        items["wavelength_units"] = "Nanometers"
    if band.fwhm is not None:
        items["fwhm"] = _text(band.fwhm)
    return items


def imagery_items(band):
    """Items of the band's `IMAGERY` domain, in micrometres as it has them; may be empty."""
    items = {}
    if band.wavelength is not None:
        items["CENTRAL_WAVELENGTH_UM"] = _text(band.wavelength / 1000)
    if band.fwhm is not None:
        items["FWHM_UM"] = _text(band.fwhm / 1000)
    return items


def envi_items(bands):
    """Items of the `ENVI` domain: the header's own lists, each only where every good band has one.

    Bad bands without one have 0 there, since a list has no room for nothing.
    """
    items = {}
    if any(map(_has_mark, bands)):
        items["bbl"] = _braces("1" if band.good else "0" for band in bands)
    if _is_listed(bands, "wavelength"):
        items["wavelength"] = _braces(_text(band.wavelength or 0) for band in bands)
        items["wavelength_units"] = "Nanometers"
    if _is_listed(bands, "fwhm"):
        items["fwhm"] = _braces(_text(band.fwhm or 0) for band in bands)
    return items


def envi_band_name(number, band):
    """A band's description fit for an ENVI header, whose lists know no quoting."""
    return re.sub(r"[,{}=\r\n]+", " ", band_name(number, band))


def _is_listed(bands, name):
    values = [getattr(band, name) for band in bands]
    return any(value is not None for value in values) and all(
        value is not None for band, value in zip(bands, values) if band.good
    )


def _has_mark(band):
    """A band without wavelength, of a map of classes for one, is good or bad only where that was said."""
    return band.wavelength is not None or not band.good


def _braces(entries):
    return "{" + ", ".join(entries) + "}"
