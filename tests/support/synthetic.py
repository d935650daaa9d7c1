"""Small smooth scenes for tests."""

import numpy as np

from hiner.core.codec import CompressOptions
from hiner.core.scene.description import Band, SceneDescription
from hiner.core.scene.scene import Scene
from hiner.core.scene.validity import validity_of

TINY = CompressOptions(method="hiner", model_size=9000, epochs=4, device="cpu")


def smooth(rows, cols, bands, low=100, high=4000):
    """A cube that varies slowly in space and wavelength, float64 within low..high."""
    y, x, b = np.mgrid[:rows, :cols, :bands].transpose(0, 3, 1, 2) / 1.0
    wave = np.sin(y / 9 + b / 7) * np.cos(x / 8 - b / 9)
    return low + (high - low) * (wave + 1) / 2


def make_scene(cube, nodata=None, bands=None, **rest):
    if bands is None:
        bands = tuple(Band(400 + 10.0 * i, 9.0) for i in range(len(cube)))
    description = SceneDescription(*cube.shape[1:], bands, cube.dtype.name, nodata, **rest)
    return Scene(description, cube, validity_of(cube, nodata))
