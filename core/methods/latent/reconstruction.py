"""From quantised integers to coefficients: points a little nearer zero, as the coefficients lie."""

import numpy as np

LOW_STEP = 1.6
"""Step of the low band, which has no trellis, in steps."""
SHIFT_UNIT = 256
LARGEST_SHIFT = 127


def kinds(magnitudes):
    """0, 1: magnitude 2, beyond, of quantiser 0; 2, 3: magnitude 1, beyond, of quantiser 1."""
    return 2 * (magnitudes & 1) + (magnitudes > 2)


def shifts(details, integers):
    """How much nearer zero the coefficients of each of the four kinds lie, (4,) in 1/256 steps.

    details: coefficients in steps, [level][orientation]; integers: quantised.
    """
    gap, n = np.zeros(4), np.zeros(4)
    for bands, numbers in zip(details, integers):
        for band, number in zip(bands, numbers):
            some = number != 0
            magnitude = np.abs(number[some])
            kind = kinds(magnitude)
            gap += np.bincount(kind, magnitude - band[some] * np.sign(number[some]), 4)
            n += np.bincount(kind, minlength=4)
    mean = np.rint(SHIFT_UNIT * gap / np.maximum(n, 1))
    return np.clip(mean, -LARGEST_SHIFT, LARGEST_SHIFT).astype(int)


def values(integers, step, nearer):
    """Coefficients, float32, of quantised integers; nearer: (4,) as `shifts` gives them."""
    if integers.dtype == np.int8:
        every = np.arange(256, dtype=np.uint8).view(np.int8)
        return _values(every, step, nearer).take(integers.view(np.uint8))
    return _values(integers, step, nearer)


def _values(integers, step, nearer):
    magnitude = np.abs(integers.astype(np.int32, copy=False))
    points = (np.asarray(nearer) / SHIFT_UNIT).astype(np.float32)
    place = magnitude.astype(np.float32)
    place -= points[kinds(magnitude)]
    place *= np.float32(step)
    np.negative(place, out=place, where=integers < 0)
    place[integers == 0] = 0
    return place


def low_values(integers, step):
    """Low-band coefficients, float32."""
    return (integers * (step * LOW_STEP)).astype(np.float32)
