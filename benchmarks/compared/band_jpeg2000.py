"""JPEG 2000 of every band by itself, each brought to the same PSNR against its own range."""

import time

import numpy as np

from . import jpeg2000
from .point import measured


def curve(cube, targets):
    """[Point]; targets in dB."""
    return [_point(cube, target) for target in targets]


def _point(cube, target):
    started, size, decoded = time.monotonic(), 0, np.empty(cube.shape)
    for band, place in zip(cube.astype(np.float64), decoded):
        n_bytes, _, place[...] = jpeg2000.smallest(band, np.ptp(band) ** 2 * 10 ** (-target / 10))
        size += n_bytes
    return measured(cube, decoded, size, time.monotonic() - started, 0.0)
