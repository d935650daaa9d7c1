"""Files made from small scenes with a tiny network."""

import numpy as np
import pytest
from synthetic import TINY, make_scene, smooth

from hiner.core.scene.description import Band


@pytest.fixture(scope="session")
def tiny():
    pytest.importorskip("torch")
    return TINY


@pytest.fixture(scope="session")
def holed_scene():
    """int16, nodata -1, a hole, a bad band (5), a band without data (7), a constant band (9)."""
    cube = np.rint(smooth(40, 48, 16)).astype("int16")
    cube[9] = 77
    cube[:, 10:18, 20:30] = -1
    cube[7] = -1
    cube[3, 0, 0] = -1
    bands = tuple(Band(400 + 10.0 * i, 9.0, good=i != 5) for i in range(16))
    return make_scene(cube, -1.0, bands)


@pytest.fixture(scope="session")
def holed_file(tiny, holed_scene, tmp_path_factory):
    """(path, Outcome) of the holed scene compressed."""
    from hiner.core.codec import compress

    path = tmp_path_factory.mktemp("holed") / "holed.hnr"
    return path, compress(holed_scene, path, tiny)
