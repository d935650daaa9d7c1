"""Figures of the error between an original and a decoded band, from sums over their valid pixels.

All are in the stored units of the data, before scale and offset. The sums of parts of a band add
up to those of the band, so that no band has to be converted to float64 as a whole.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ErrorSums:
    """Sums over valid pixels of an original o and a decoded d; they add up with `+`.

    count: pixels; error: sum of d - o; squares: sum of (d - o)^2; largest: greatest |d - o|;
    product, original_power, decoded_power: sums of o * d, o^2 and d^2.
    """

    count: int = 0
    error: float = 0.0
    squares: float = 0.0
    largest: float = 0.0
    product: float = 0.0
    original_power: float = 0.0
    decoded_power: float = 0.0

    @classmethod
    def of(cls, original, decoded, valid):
        """The sums of arrays of one shape; `valid` is bool, of the same shape."""
        original = np.asarray(original)[valid].astype(np.float64)
        decoded = np.asarray(decoded)[valid].astype(np.float64)
        if not original.size:
            return cls()
        error = decoded - original
        return cls(
            original.size,
            float(error.sum()),
            float(error @ error),
            float(np.abs(error).max()),
            float(original @ decoded),
            float(original @ original),
            float(decoded @ decoded),
        )

    def __add__(self, other):
        return ErrorSums(
            self.count + other.count,
            self.error + other.error,
            self.squares + other.squares,
            max(self.largest, other.largest),
            self.product + other.product,
            self.original_power + other.original_power,
            self.decoded_power + other.decoded_power,
        )

    @property
    def rmse(self):
        """Root of the mean squared error; NaN without a pixel."""
        return math.sqrt(self.squares / self.count) if self.count else math.nan

    @property
    def bias(self):
        """Mean of decoded minus original; NaN without a pixel."""
        return self.error / self.count if self.count else math.nan

    @property
    def max_error(self):
        """Largest absolute error; NaN without a pixel."""
        return self.largest if self.count else math.nan

    @property
    def content_angle(self):
        """CAM of HINER (arXiv 2407.21395, section 3.3): the angle in degrees between both bands,
        each flattened to one vector; NaN without a pixel."""
        if not self.count:
            return math.nan
        return float(angle(self.product, self.original_power, self.decoded_power))


def value_range(samples, valid):
    """Maximum minus minimum of the valid samples, a float; NaN where there is none."""
    samples = np.asarray(samples)[valid]
    return float(samples.max()) - float(samples.min()) if samples.size else math.nan


def psnr(rmse, data_range):
    """Peak signal-to-noise ratio in dB, 20 log10(range / RMSE), the range being the band's own.

    Infinite for a band without error; NaN for a constant band, which has no range.
    """
    if not data_range > 0 or math.isnan(rmse):
        return math.nan
    return 20 * math.log10(data_range / rmse) if rmse > 0 else math.inf


def mean_psnr(figures):
    """Mean of the bands' PSNR in dB, (bands,), without constant bands (NaN) and without those free of error.

    Infinity would hide all others. Infinite where no other band is left; NaN where all are constant.
    """
    figures = np.asarray(figures, np.float64)
    figures = figures[~np.isnan(figures)]
    if not figures.size:
        return math.nan
    finite = figures[np.isfinite(figures)]
    return float(finite.mean()) if finite.size else math.inf


def angle(product, power, other_power):
    """The angle in degrees between vectors, from their dot product and squared lengths (arrays).

    0 between two zero vectors, 90 between a zero vector and another: neither has a direction, and
    nothing is lost in the first case and everything in the second.
    """
    product, power, other_power = np.broadcast_arrays(product, power, other_power)
    length = np.sqrt(power) * np.sqrt(other_power)
    cosine = np.where((power == 0) & (other_power == 0), 1.0, 0.0)
    np.divide(product, length, out=cosine, where=length > 0)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
