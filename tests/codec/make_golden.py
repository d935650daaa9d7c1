"""Makes the golden files of a format version; run once per version, never for a version that is out.

    /usr/bin/python3 tests/codec/make_golden.py

Each NAME.hnr has a NAME.npz with what it decoded to when it was made: `bands` (every band's own
centre) and `between` (at `positions`), float32 in stored units.
"""

import importlib.util
import sys
from pathlib import Path
from unittest import mock

import numpy as np

HERE = Path(__file__).resolve().parent
GOLDEN = HERE / "golden"


def checkout():
    root = HERE.parents[1]
    spec = importlib.util.spec_from_file_location(
        "hiner", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    sys.modules["hiner"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["hiner"])
    sys.path.insert(0, str(HERE.parent / "support"))


def scenes():
    """(name, scene, options) of each golden file."""
    from dataclasses import replace

    from synthetic import TINY, make_scene, smooth

    from hiner.core.scene.description import Band, Georeference

    holed = np.rint(smooth(20, 26, 8)).astype("int16")
    holed[:, 4:9, 11:17] = holed[6] = -1
    holed[3] = 77
    centres = [400, 410, 420, 430, 440, 435, 445, 455]
    bands = tuple(Band(c, 9.5, c != 410, 0.0001, 0.0) for c in map(float, centres))
    place = Georeference("", (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0))
    scene = make_scene(holed, -1.0, bands, georeference=place)
    yield "hiner_v1_int16_holes_rans", scene, replace(TINY, model_size=7000, epochs=8)
    yield "hiner_v1_int16_holes_huffman", scene, replace(TINY, model_size=7000, epochs=8)
    plain = smooth(5, 70, 6, -1, 1).astype("float32")
    numbered = tuple(Band() for _ in range(6))
    scene = make_scene(plain, None, numbered)
    yield "hiner_v1_float32_thin_6bit", scene, replace(TINY, model_size=6000, epochs=8, bits=6)
    yield "hiner_v1_float32_published_frame", scene, replace(
        TINY, preset="indian_pines", model_size=40_000, epochs=2
    )


def make(name, scene, options):
    from hiner.core.codec import compress
    from hiner.core.entropy import static_rans
    from hiner.core.hnr_file import HnrFile

    path = GOLDEN / f"{name}.hnr"
    original = static_rans.encode
    if name.endswith("huffman"):
        longer = mock.patch.object(static_rans, "encode", lambda *args: bytes(10**6))
    else:
        longer = mock.patch.object(static_rans, "encode", original)
    with longer:
        compress(scene, path, options)
    hnr = HnrFile(path)
    points = [hnr.grid.band_point(band) for band in range(hnr.description.n_bands)]
    positions = [(a + b) / 2 for a, b in hnr.grid.ranges()]
    np.savez_compressed(
        GOLDEN / f"{name}.npz",
        bands=hnr.read_points(points),
        positions=positions,
        between=hnr.read_wavelengths(positions),
    )
    print(name, path.stat().st_size)


if __name__ == "__main__":
    checkout()
    GOLDEN.mkdir(exist_ok=True)
    for golden in scenes():
        make(*golden)
