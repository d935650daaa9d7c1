"""The wished closeness of a file, and what became of it."""

import math

_TOLERANCE = 0.1
"""In dB, up to which a wish is met."""


def missed(wished, reached):
    """A line on a file whose mean PSNR in dB is not as wished; '' for one that is, and for one without any error."""
    if wished is None or not math.isfinite(reached) or abs(reached - wished) <= _TOLERANCE:
        return ""
    side = "below" if reached < wished else "above"
    return (
        f"The wished {wished:g} dB are not met: the file's mean PSNR is {reached:.2f} dB, "
        f"{abs(reached - wished):.2f} dB {side} it."
    )
