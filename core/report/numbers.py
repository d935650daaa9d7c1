"""Numbers as a report shows them."""

import math

MINUS, DASH, INFINITE = "\u2212", "\u2013", "\u221e"
_SUPERSCRIPTS = str.maketrans(
    "-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)


def decimal(value, digits):
    """With a fixed number of digits after the point; a dash for None and NaN."""
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return INFINITE if value > 0 else MINUS + INFINITE
    shown = f"{abs(value):,.{digits}f}"
    is_zero = not any(digit in "123456789" for digit in shown)
    return MINUS + shown if value < 0 and not is_zero else shown


def significant(value, digits=4):
    """With that many significant digits, in powers of ten beyond 0.0001 and ten million."""
    if value is None or not math.isfinite(value):
        return decimal(value, 0)
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if -4 <= exponent < 7:
        return decimal(value, max(0, digits - 1 - exponent))
    mantissa = decimal(value / 10.0**exponent, digits - 1)
    return f"{mantissa} \u00d7 10{str(exponent).translate(_SUPERSCRIPTS)}"


def stored(value, digits=4):
    """A stored value: whole ones in full, others with that many significant digits."""
    if value is not None and math.isfinite(value) and value == int(value) and abs(value) < 1e12:
        return decimal(value, 0)
    return significant(value, digits)


def aligned(values, digits):
    """A column of numbers with equal digits after the point, `digits` significant in the largest;
    whole numbers in full."""
    known = [abs(value) for value in values if math.isfinite(value)]
    largest = max(known, default=0.0)
    if largest < 1e12 and all(value == int(value) for value in known):
        return [decimal(value, 0) for value in values]
    exponent = math.floor(math.log10(largest))
    if not -4 <= exponent < 9:
        return [significant(value, digits) for value in values]
    return [decimal(value, max(0, digits - 1 - exponent)) for value in values]


def plain(value):
    """A given number as people write it: 30, 0.0001, -32,768."""
    if value is None or not math.isfinite(value):
        return decimal(value, 0)
    if value == int(value) and abs(value) < 1e15:
        return decimal(int(value), 0)
    return f"{value:.10g}".replace("-", MINUS)


def size(n_bytes):
    """A file's size: 812 bytes, 80.1 kB, 3.4 MB."""
    if n_bytes < 1000:
        return f"{n_bytes:,} bytes"
    units = ["TB", "GB", "MB", "kB"]
    while n_bytes >= 999.5 and units:
        n_bytes, unit = n_bytes / 1000, units.pop()
    return f"{significant(n_bytes, 3)} {unit}"


def duration(seconds):
    """A time: 0.4 s, 42 s, 12 min 5 s, 1 h 2 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s" if seconds >= 0.05 else f"{significant(1000 * seconds, 2)} ms"
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


def counted(number, noun):
    """1 band, 2 bands."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
