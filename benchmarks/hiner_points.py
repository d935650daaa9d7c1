"""Points of the method `hiner` for the rate-distortion plots: whole files, full schedules.

    OMP_NUM_THREADS=1 python3 benchmarks/hiner_points.py SCENE EPOCHS PARAMETERS...

Adds to benchmarks/results/hiner_points.json. The training is this plugin's, which reaches the published one's
PSNR in the same number of epochs or fewer (docs/benchmarks.md); quantised at 8 bits, as published.
"""

import json
import sys
import tempfile
from pathlib import Path

import scenes
from package import import_checkout

import_checkout()

from hiner.core.simple import compress_array  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "hiner_points.json"


def point(name, epochs, size):
    cube, wavelengths = scenes.load(name)
    with tempfile.TemporaryDirectory() as folder:
        outcome = compress_array(
            cube, Path(folder) / "a.hnr", wavelengths, method="hiner", model_size=size, epochs=epochs, device="cpu",
            quantisation="minmax",
        )
    return {
        "parameters": size, "epochs": epochs, "rate": round(outcome.rate, 4), "psnr": round(outcome.psnr, 3),
        "seconds": round(outcome.seconds), "how": "hiner_points.py, whole file, 8 bits",
    }  # fmt: skip


def add(name, row):
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"scenes": {}}
    results["scenes"].setdefault(name, []).append(row)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    scene, passes, *sizes = sys.argv[1:]
    for wished in sizes:
        row = point(scene, int(passes), int(wished))
        print(scene, row, flush=True)
        add(scene, row)
