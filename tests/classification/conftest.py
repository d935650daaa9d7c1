"""Small made images with classes that differ in their spectra."""

import numpy as np
import pytest

from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.samples import samples_of_raster
from hiner.core.scene.description import Band, SceneDescription
from hiner.core.scene.validity import valid_samples


class ArraySource:
    """A cube, (bands, rows, cols), that reads like an open raster."""

    warnings = ()

    def __init__(self, cube, wavelengths=None, nodata=None, good=None):
        n_bands = len(cube)
        self.cube, self.reads = cube, []
        wavelengths = [None] * n_bands if wavelengths is None else wavelengths
        good = [True] * n_bands if good is None else good
        bands = tuple(
            Band(None if w is None else float(w), good=bool(g)) for w, g in zip(wavelengths, good)
        )
        self.description = SceneDescription(
            *cube.shape[1:], bands, cube.dtype.name, nodata, source="made.tif"
        )

    def read(self, bands, row, col, n_rows, n_cols):
        assert min(row, col) >= 0
        assert row + n_rows <= self.cube.shape[1]
        assert col + n_cols <= self.cube.shape[2]
        self.reads.append((row, col, n_rows, n_cols))
        return self.cube[list(bands), row:row + n_rows, col:col + n_cols].copy()

    def valid(self, samples, row, col):
        return valid_samples(samples, self.description.nodata)


WAVELENGTHS = np.linspace(400, 1000, 12)


def made_scene(seed=0, rows=24, cols=30, nodata=None, noise=60):
    """A cube of three vertical stripes of classes 1, 2, 3 with noise, and its labels."""
    random = np.random.default_rng(seed)
    labels = 1 + (np.arange(cols) * 3 // cols)[None, :].repeat(rows, axis=0)
    shapes = np.stack([np.sin(WAVELENGTHS / (90 + 20 * k)) for k in range(3)])
    cube = 1000 + 200 * shapes[labels - 1].transpose(2, 0, 1)
    cube = cube + random.normal(0, noise, cube.shape)
    return ArraySource(cube.astype(np.int16), WAVELENGTHS, nodata), labels


@pytest.fixture
def scene():
    return made_scene()


@pytest.fixture
def image(scene):
    return raster_image(scene[0])


@pytest.fixture
def sparse_samples(scene):
    """Every fourth pixel of every fourth row, away from the borders of the classes."""
    labels = np.zeros_like(scene[1])
    labels[::4, ::4] = scene[1][::4, ::4]
    return samples_of_raster(labels, names={1: "Water", 2: "Soil", 3: "Grass"})


@pytest.fixture(scope="session")
def array_source():
    """The class ArraySource: a cube that reads like an open raster."""
    return ArraySource


@pytest.fixture(scope="session")
def make_scene():
    """The function made_scene: (seed, rows, cols, nodata, noise) -> (source, labels)."""
    return made_scene
