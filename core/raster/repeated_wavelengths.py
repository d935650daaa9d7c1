"""Wavelengths that many bands share: a list that is not what it was taken for."""

from collections import Counter

from ..errors import ParameterError

# So many bands may be at one wavelength: detectors overlap, and their list may be rounded.
_MOST_AT_ONE = 3


def check_repeats(wavelengths, are_own, warnings):
    """Warn of a wavelength, in nm, of more bands than detectors may share; refuse a list of nearly nothing else."""
    known = Counter(value for value in wavelengths if value is not None)
    value, times = known.most_common(1)[0] if known else (0.0, 0)
    if times <= _MOST_AT_ONE:
        return
    if are_own and 2 * times > len(wavelengths):
        raise ParameterError(
            f"{times} of the {len(wavelengths)} wavelengths that were given are the same, {value:g} nm. Give each "
            "band its own."
        )
    warnings.append(f"{times} bands have the same wavelength, {value:g} nm. Check the list of wavelengths.")
