"""Band names as a pattern where a program made them: "band 7 (642.1 Nanometers)"."""

from ..errors import FormatError

NUMBER, WAVELENGTH = "{number}", "{wavelength}"

_MAX_PATTERN = 128
_FORMATS = {
    "float": repr,
    "shortest": lambda value: repr(value)[:-2] if repr(value).endswith(".0") else repr(value),
    "%g": lambda value: f"{value:g}",
    "%.0f": lambda value: f"{value:.0f}",
    "%.1f": lambda value: f"{value:.1f}",
    "%.2f": lambda value: f"{value:.2f}",
    "%.3f": lambda value: f"{value:.3f}",
}


def pack_names(names, wavelengths):
    """Return {"pattern": ..., "wavelength": format} that gives all names, or else the list.

    names: one text a band; wavelengths: one number or None a band.
    """
    for form in (None, *_FORMATS):
        for pattern in _patterns(names[-1], len(names), wavelengths[-1], form):
            if _fits(pattern, form, names, wavelengths):
                return {"pattern": pattern, "wavelength": form} if form else {"pattern": pattern}
    return list(names)


def unpack_names(packed, wavelengths):
    """Undo `pack_names`; raise `FormatError` for what cannot be its result."""
    if isinstance(packed, list):
        return packed
    if not isinstance(packed, dict):
        raise FormatError("the band names are neither a list nor a pattern.")
    pattern, form = packed.get("pattern"), packed.get("wavelength")
    if not isinstance(pattern, str) or len(pattern) > _MAX_PATTERN or not _is_single(pattern):
        raise FormatError("the band names' pattern is not one.")
    if form is not None and (not isinstance(form, str) or form not in _FORMATS or None in wavelengths):
        raise FormatError("the band names' pattern asks for wavelengths that are not there.")
    return [_expand(pattern, form, i + 1, value) for i, value in enumerate(wavelengths)]


def _patterns(name, number, wavelength, form):
    """Patterns that may have made `name`: with the wavelength taken out, then the number."""
    if form is not None:
        text = None if wavelength is None else _FORMATS[form](wavelength)
        if text is None or text not in name:
            return
        name = name.replace(text, WAVELENGTH, 1)
    yield name
    text, place = str(number), name.find(str(number))
    while place >= 0:
        yield name[:place] + NUMBER + name[place + len(text) :]
        place = name.find(text, place + 1)


def _fits(pattern, form, names, wavelengths):
    if len(pattern) > _MAX_PATTERN or not _is_single(pattern):
        return False
    if form is not None and None in wavelengths:
        return False
    return all(
        name == _expand(pattern, form, i + 1, value)
        for i, (name, value) in enumerate(zip(names, wavelengths))
    )


def _is_single(pattern):
    """Each placeholder at most once, so that no pattern grows without bound."""
    return pattern.count(NUMBER) <= 1 and pattern.count(WAVELENGTH) <= 1


def _expand(pattern, form, number, wavelength):
    name = pattern.replace(NUMBER, str(number))
    return name.replace(WAVELENGTH, _FORMATS[form](wavelength)) if form else name
