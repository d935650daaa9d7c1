"""The demo's pair of pictures: the scene and its decoded raster in true colour, stretched alike.

    python3 scripts/demo_pictures.py ORIGINAL DECODED FOLDER
"""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
spec = importlib.util.spec_from_file_location(
    "hiner", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
)
sys.modules["hiner"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["hiner"])

from hiner.core.raster.gdal_raster import open_raster  # noqa: E402
from hiner.core.report.true_colour import (  # noqa: E402
    colour_bands,
    stretch_limits,
    true_colour_png,
)
from hiner.core.scene.validity import valid_samples  # noqa: E402


def three_bands(path):
    """Samples of a raster's true-colour bands, (3, rows, cols), and where they are valid."""
    with open_raster(path) as source:
        scene = source.description
        bands = colour_bands(scene, [band.good for band in scene.bands]).bands
        samples = source.read(bands, 0, 0, scene.n_rows, scene.n_cols)
    return samples, valid_samples(samples, scene.nodata).all(axis=0)


def main(original, decoded, folder):
    samples, valid = three_bands(original)
    limits = stretch_limits(samples, valid)
    true_colour_png(Path(folder) / "original.png", samples, valid, *limits)
    true_colour_png(Path(folder) / "decoded.png", *three_bands(decoded), *limits)


if __name__ == "__main__":
    main(*sys.argv[1:])
