"""Rate-distortion curves of the method `latent`, whole files, and its BD-rate against KLT + JPEG 2000.

    OMP_NUM_THREADS=1 python3 benchmarks/rate_distortion.py [--scenes NAME...] [--anchors plain weights]

Writes benchmarks/results/rate_distortion.json. No scene here was part of the context model's training.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import scenes
from latent.bd_rate import bd_rate
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.codec import CompressOptions, compress  # noqa: E402
from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.scene.description import Band, SceneDescription  # noqa: E402
from hiner.core.scene.scene import Scene  # noqa: E402
from hiner.core.scene.validity import validity_of  # noqa: E402
from latent import klt_jpeg2000  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "rate_distortion.json"
TARGETS = {
    "enmap_potsdam": (40, 44, 48, 51), "jasper_ridge": (40, 44, 47, 50), "indian_pines": (35, 37, 39, 41),
}  # fmt: skip
ANCHOR_DB = {
    "enmap_potsdam": (30, 35, 40, 45, 50), "jasper_ridge": (30, 35, 40, 45, 50), "indian_pines": (30, 34, 38, 42),
}  # fmt: skip


def latent_curve(name):
    """[{psnr, rate, planes, encode_s, decode_s}] of whole files, as read back from disk."""
    cube, wavelengths = scenes.load(name)
    bands = tuple(Band(float(w), None) for w in wavelengths)
    description = SceneDescription(*cube.shape[1:], bands, cube.dtype.name, None)
    scene, out = Scene(description, cube, validity_of(cube, None)), []
    for target in TARGETS[name]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.hnr"
            started = time.monotonic()
            outcome = compress(scene, path, CompressOptions(method="latent", target_psnr=target))
            encoded = time.monotonic()
            HnrFile(path).read_bands(range(len(cube)))
            decoded = time.monotonic()
        row = {
            "psnr": outcome.psnr,
            "rate": outcome.rate,
            "planes": outcome.header.parameters["planes"],
            "encode_s": round(encoded - started, 2),
            "decode_s": round(decoded - encoded, 2),
        }
        print(name, row, flush=True)
        out.append(row)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scenes", nargs="+", default=list(TARGETS))
    parser.add_argument("--anchors", nargs="+", default=["plain", "weights"])
    wishes = parser.parse_args()
    results = {"machine": machine(), "scenes": {}}
    for name in wishes.scenes:
        cube, _ = scenes.load(name)
        latent = latent_curve(name)
        entry = {"latent": latent, "anchors": {}, "bd_rate_percent": {}}
        mine = [(row["rate"], row["psnr"]) for row in latent]
        for weighting in wishes.anchors:
            points = klt_jpeg2000.curve(cube, np.array(ANCHOR_DB[name]), weighting)
            entry["anchors"][weighting] = [dict(zip(("rate", "strict", "psnr"), point)) for point in points]
            for place, kind in ((0, "rate"), (1, "strict")):
                percent, (low, high) = bd_rate([(p[place], p[2]) for p in points], mine)
                entry["bd_rate_percent"][f"{weighting}/{kind}"] = [round(v, 1) for v in (percent, low, high)]
        print(name, entry["bd_rate_percent"], flush=True)
        results["scenes"][name] = entry
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
