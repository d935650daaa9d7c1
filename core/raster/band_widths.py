"""Widths (FWHM) in another unit than their wavelengths: one in nanometres, the other in micrometres."""

# Nanometres. No imaging spectrometer's band is narrower.
_NARROWEST = 0.05
# From micrometres taken for nanometres, and from nanometres taken for micrometres.
_FACTORS = (1e3, 1e-3)


def settle_widths(wavelengths, widths, warnings):
    """Return `widths` with those that cannot be in their wavelengths' unit taken in the other one.

    wavelengths, widths: (bands,) nm, or None. Where most widths cannot be and the other unit suits every band, all
    are in it. A text on what was changed is added to `warnings`; a width that is none in either unit stays.
    """
    known = [n for n, pair in enumerate(zip(wavelengths, widths)) if None not in pair]
    odd = [n for n in known if not _is_possible(widths[n], wavelengths[n])]
    changed = {}
    for factor in _FACTORS:
        suited = {n: round(widths[n] * factor, 9) for n in known if _is_possible(widths[n] * factor, wavelengths[n])}
        is_general = 2 * len(odd) > len(known) and len(suited) == len(known)
        changed.update({n: value for n, value in suited.items() if is_general or n in odd})
    if changed:
        first = min(changed)
        times = "a thousandth" if changed[first] < widths[first] else "a thousand times"
        bands = "1 band" if len(changed) == 1 else f"{len(changed)} bands"
        warnings.append(
            f"The widths (FWHM) of {bands} cannot be in the unit of the wavelengths (the first: {widths[first]:g} nm at "
            f"{wavelengths[first]:g} nm); {times} is taken, {changed[first]:g} nm."
        )
    return tuple(changed.get(n, width) for n, width in enumerate(widths))


def _is_possible(width, wavelength):
    return _NARROWEST <= width <= wavelength
