"""Typed look-ups in JSON that nobody vouches for; each raises `FormatError`."""

import math

from ..clean_text import clean_text
from ..errors import FormatError

_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
_MAX_EXACT = 2**53


def integer(value, what, low, high):
    """A whole number from low to high."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise FormatError(f"{what} is not a whole number from {low} to {high}.")
    return value


def number(value, what):
    """A finite number, as a float."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise FormatError(f"{what} is not a number.")
    try:
        value = float(value)
    except OverflowError as error:
        raise FormatError(f"{what} is too large a number.") from error
    if not math.isfinite(value):
        raise FormatError(f"{what} is not finite.")
    return value


def any_number(value, what):
    """A number, as a float; NaN and the infinities are told as "nan", "inf" and "-inf"."""
    if isinstance(value, str) and value in _SPECIAL:
        return _SPECIAL[value]
    return number(value, what)


def text(value, what, limit):
    """A string of at most `limit` characters, fit to be written: early files hold bytes of other encodings escaped."""
    if not isinstance(value, str) or len(value) > limit:
        raise FormatError(f"{what} is not a text of at most {limit} characters.")
    return clean_text(value)


def sequence(value, what, length=None):
    """A list, of `length` items where that is given."""
    if not isinstance(value, list) or (length is not None and len(value) != length):
        size = "" if length is None else f" of {length} items"
        raise FormatError(f"{what} is not a list{size}.")
    return value


def mapping(value, what):
    """An object with its keys."""
    if not isinstance(value, dict):
        raise FormatError(f"{what} is not an object.")
    return value


def flag(value, what):
    """True or false."""
    if not isinstance(value, bool):
        raise FormatError(f"{what} is neither true nor false.")
    return value


def plain(value):
    """A float as JSON should show it: whole ones without a point, NaN and infinities by name."""
    value = float(value)
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    is_minus_zero = value == 0 and math.copysign(1, value) < 0
    if value.is_integer() and abs(value) < _MAX_EXACT and not is_minus_zero:
        return int(value)
    return value
