"""Writes the golden files of the method `latent`: only for a new version of the format.

    python3 tests/latent/make_golden.py
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "support")]

import conftest  # noqa: E402, F401
import numpy as np  # noqa: E402
from synthetic import make_scene, smooth  # noqa: E402

from hiner.core.codec import CompressOptions, compress  # noqa: E402
from hiner.core.hnr_file import HnrFile  # noqa: E402

GOLDEN = HERE / "golden"


def scenes():
    """{name: (scene, options)}"""
    random = np.random.default_rng(5)
    whole = np.rint(smooth(40, 48, 12) + random.normal(size=(12, 40, 48)) * 20).astype("int16")
    whole[3] = 77
    whole[:, 5:9, 30:40] = -1
    tiled = smooth(70, 330, 4).astype("float32") + random.normal(size=(4, 70, 330)).astype("float32") * 40
    options = CompressOptions(method="latent", rate=1.0)
    return {"latent_v1_int16_holes": (make_scene(whole, -1.0), options), "latent_v1_float32_tiles": (make_scene(tiled), options)}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, (scene, options) in scenes().items():
        compress(scene, GOLDEN / f"{name}.hnr", options)
        bands = HnrFile(GOLDEN / f"{name}.hnr").read_bands(range(len(scene.cube)))
        np.savez_compressed(GOLDEN / f"{name}.npz", bands=bands)
