"""Statistics of a scene are NumPy's over its valid samples."""

import numpy as np
import pytest

from hiner.core.container.header import STATISTICS
from hiner.core.container.statistics import band_statistics
from hiner.core.errors import Cancelled, SceneError
from hiner.core.progress import Progress
from hiner.core.scene.description import Band, SceneDescription
from hiner.core.scene.scene import Scene, Validity


def scene_of(cube, pixels=None, bands=None, exceptions=None):
    pixels = np.ones(cube.shape[1:], bool) if pixels is None else pixels
    bands = np.ones(len(cube), bool) if bands is None else np.array(bands)
    description = SceneDescription(*cube.shape[1:], (Band(),) * len(cube), str(cube.dtype))
    return Scene(description, cube, Validity(pixels, bands, exceptions or {}))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint32", "float32", "float64"])
def test_figures_are_those_of_the_valid_samples(dtype):
    random = np.random.default_rng(4)
    cube = (random.gamma(2, 20, (4, 9, 11))).astype(dtype)
    pixels = random.random((9, 11)) > 0.4
    own = random.random((9, 11)) > 0.8
    found = band_statistics(scene_of(cube, pixels, [True, False, True, True], {2: own}))
    for band, mask in ((0, pixels), (2, own), (3, pixels)):
        valid = np.array([float(v) for v, m in zip(cube[band].ravel(), mask.ravel()) if m])
        expected = (
            valid.min(),
            valid.max(),
            valid.mean(),
            valid.std(),
            np.percentile(valid, 2),
            np.percentile(valid, 98),
        )
        assert [getattr(found, name)[band] for name in STATISTICS] == pytest.approx(expected, rel=1e-6)
    assert all(np.isnan(getattr(found, name)[1]) for name in STATISTICS)


def test_minimum_and_maximum_are_exact():
    cube = np.array([[[2**32 - 1, 2**32 - 2]], [[2**31, 1]]], dtype="uint32")
    found = band_statistics(scene_of(cube))
    assert found.minimum.tolist() == [2**32 - 2, 1]
    assert found.maximum.tolist() == [2**32 - 1, 2**31]


def test_a_constant_band_has_its_value_everywhere():
    found = band_statistics(scene_of(np.full((1, 3, 3), 0.1, dtype="float32")))
    value = float(np.float32(0.1))
    assert [getattr(found, n)[0] for n in ("minimum", "maximum", "mean", "low", "high")] == [value] * 5


def test_an_undeclared_nodata_value_is_told():
    cube = np.zeros((2, 3, 3))
    cube[1, 0, 0] = -1.7e308
    cube[1, 1, 1] = 1.7e308
    with pytest.raises(SceneError, match="band 2"):
        band_statistics(scene_of(cube))


def test_cancelling():
    class Impatient(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        band_statistics(scene_of(np.zeros((2, 3, 3))), Impatient())
