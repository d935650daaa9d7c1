"""Units of wavelength as files state them, and the rule where they state none or a wrong one."""

# Nanometres in one of each unit. Two code points are in use for the micro sign.
_NANOMETRES = {
    "nm": 1.0, "nanometer": 1.0, "nanometers": 1.0, "nanometre": 1.0, "nanometres": 1.0,
    "um": 1e3, "\u00b5m": 1e3, "\u03bcm": 1e3, "micron": 1e3, "microns": 1e3,
    "micrometer": 1e3, "micrometers": 1e3, "micrometre": 1e3, "micrometres": 1e3,
    "mm": 1e6, "millimeter": 1e6, "millimeters": 1e6, "millimetre": 1e6, "millimetres": 1e6,
    "cm": 1e7, "centimeter": 1e7, "centimeters": 1e7, "centimetre": 1e7, "centimetres": 1e7,
    "m": 1e9, "meter": 1e9, "meters": 1e9, "metre": 1e9, "metres": 1e9,
    "angstrom": 0.1, "angstroms": 0.1, "\u00e5": 0.1,
}
_UNSTATED = ("", "unknown", "none", "undefined", "unspecified", "n/a", "na")
_NO_LENGTHS = ("index", "indices", "band", "bands", "band number", "wavenumber", "wavenumbers",
               "cm-1", "1/cm", "hz", "khz", "mhz", "ghz", "thz")

# 0.1 to 100 micrometres: what an imaging spectrometer can mean.
SHORTEST, LONGEST = 100.0, 100000.0
_MICROMETRES_BELOW = 100.0


def is_unstated(unit):
    """Whether `unit` is absent, empty or says that nobody knows."""
    return unit is None or unit.strip().lower() in _UNSTATED


def is_no_length(unit):
    """Whether `unit` says that the values are indices, wavenumbers or frequencies."""
    return unit is not None and unit.strip().lower() in _NO_LENGTHS


def stated_factor(unit):
    """Nanometres in one `unit`; None where it is unstated or not a known unit of length."""
    return None if unit is None else _NANOMETRES.get(unit.strip().lower())


def guessed_factor(value):
    """Nanometres in one unit of a `value` without a unit: under 100 it is in micrometres."""
    return 1e3 if value < _MICROMETRES_BELOW else 1.0


def wavelength_factor(value, unit):
    """Return (nanometres in one unit of `value`, whether a stated unit was overruled).

    A stated unit stands only where it puts the wavelength between 0.1 and 100 micrometres.
    The factor is None where neither the stated nor the guessed unit does.
    """
    stated = stated_factor(unit)
    if stated is not None and SHORTEST <= value * stated <= LONGEST:
        return stated, False
    guessed = guessed_factor(value)
    if not SHORTEST <= value * guessed <= LONGEST:
        return None, False
    return guessed, stated is not None
