"""A scene whose bands are stored with different scales and offsets, as radiances with `data gain values` are."""

import numpy as np
from synthetic import make_scene

from hiner.core.scene.description import Band

WAVELENGTHS = 500.0 + 12 * np.arange(24)
SCALES = np.where(np.arange(24) % 2, 0.00015, 0.0001)
OFFSETS = np.where(np.arange(24) % 3 == 0, -0.05, 0.01)
BEAMS = (503.0, 507.5, 640.0, 713.25)
"""Wavelengths between bands, nearer to the one and to the other."""
NODATA = 0


def radiance(wavelengths):
    """The truth, (len(wavelengths), 32, 40), smooth in space and wavelength."""
    y, x = np.mgrid[:32, :40] / 8.0
    t = (np.asarray(wavelengths)[:, None, None] - 500) / 280
    return 0.3 + 0.2 * t * (1 - 0.4 * t) + (0.1 + 0.05 * t) * np.sin(y + t) * np.cos(x)


def mixed_scene():
    """That as uint16, with a hole of nodata."""
    numbers = (radiance(WAVELENGTHS) - OFFSETS[:, None, None]) / SCALES[:, None, None]
    cube = np.rint(numbers).astype("uint16")
    cube[:, 5:9, 6:12] = NODATA
    bands = tuple(Band(w, 10.0, True, s, o) for w, s, o in zip(WAVELENGTHS.tolist(), SCALES.tolist(), OFFSETS.tolist()))
    return make_scene(cube, float(NODATA), bands)
