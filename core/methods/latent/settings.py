"""What a user wishes of a latent file: a rate, a PSNR, or a bound of the error."""

import math
from dataclasses import dataclass
from typing import Optional

from ...errors import ParameterError
from ..size_wish import check_size

PRESETS = {"draft": 0.1, "standard": 0.3, "high": 1.0}
"""Bits per sample of the whole file."""
SMALLEST_RATE, LARGEST_RATE = 1e-4, 32.0
SMALLEST_PSNR, LARGEST_PSNR = 10.0, 100.0


@dataclass(frozen=True)
class Wish:
    """Exactly one: rate in bits per sample of the whole file, mean PSNR in dB, largest error in stored units.

    n_bytes: the file's size that the rate stands for, where that was wished.
    """

    rate: Optional[float] = None
    psnr: Optional[float] = None
    max_error: Optional[float] = None
    n_bytes: Optional[int] = None

    def __str__(self):
        if self.n_bytes is not None:
            return f"{self.n_bytes:,} bytes"
        if self.max_error is not None:
            return f"no sample off by more than {self.max_error:g}" if self.max_error else "no loss at all"
        return f"{self.psnr:g} dB" if self.rate is None else f"{self.rate:g} bits per sample"


def wish(options):
    """The Wish of CompressOptions; raises ParameterError where it cannot be met or makes no sense here."""
    if options.preset not in PRESETS:
        raise ParameterError(f"Preset {options.preset!r} is none of {', '.join(PRESETS)}.")
    if options.model_size is not None or options.epochs is not None:
        raise ParameterError("The method 'latent' has no model size and no epochs: give a rate or a PSNR, or take the method 'hiner'.")
    wishes = (options.rate, options.target_psnr, options.max_error)
    if sum(wished is not None for wished in wishes) > 1:
        raise ParameterError("Give a rate, a PSNR or a largest error, not two of them: each settles the file's size.")
    if options.max_error is not None:
        if not 0 <= options.max_error < math.inf:
            raise ParameterError(f"A largest error of {options.max_error} is none: give 0 or more.")
        return Wish(max_error=options.max_error)
    if options.target_psnr is not None:
        if not SMALLEST_PSNR <= options.target_psnr <= LARGEST_PSNR:
            raise ParameterError(
                f"A PSNR of {options.target_psnr:g} dB is not {SMALLEST_PSNR:g} to {LARGEST_PSNR:g}."
            )
        return Wish(psnr=options.target_psnr)
    rate = PRESETS[options.preset] if options.rate is None else options.rate
    check_size(options, rate, SMALLEST_RATE, LARGEST_RATE)
    return Wish(rate=rate, n_bytes=options.file_size)
