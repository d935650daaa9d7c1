"""Rate-distortion curves of the method `latent` and of what a user could take instead.

    OMP_NUM_THREADS=1 python3 benchmarks/rate_distortion.py [--scenes NAME...] [--folder RASTERS] [--out FILE]

Whole files, read back from disk. Writes benchmarks/results/rate_distortion.json, a scene as soon as it is
done; `benchmarks/tables.py` makes the tables and plots. Points of published HINER come from
benchmarks/results/hiner_points.json, which says how each was made. No scene here was part of the context
model's training.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import scenes
from machine import machine
from package import import_checkout

import_checkout()

from compared import band_jpeg2000, klt_jpeg2000, latent, lossless, x265_video  # noqa: E402
from compared.bd_rate import bd_rate  # noqa: E402
from osgeo import gdal  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results"
DB = (30, 35, 40, 45, 50, 55)
PLANES_DB = (15, 21, 27, 33, 39, 45, 51, 56)
QUANTISERS = (34, 27, 20, 13, 6, 0)
RATES = (0.1, 0.3, 1.0)
ANCHORS = ("plain", "weights")


def measure(cube, wavelengths):
    """Everything of one scene."""
    entry = {"latent": [], "rates": {}, "anchors": {}, "bd_rate_percent": {}}
    for point, planes in latent.curve(cube, wavelengths, DB):
        entry["latent"].append({**point.row(), "planes": planes})
        print("latent", entry["latent"][-1], flush=True)
    for rate in RATES:
        entry["rates"][rate] = latent.run(cube, wavelengths, rate=rate)[0].row()
    mine = [(row["rate"], row["psnr"]) for row in entry["latent"]]
    for weighting in ANCHORS:
        points = klt_jpeg2000.curve(cube, PLANES_DB, weighting)
        entry["anchors"][weighting] = [{**point.row(), "strict": round(strict, 4)} for point, strict in points]
        for kind in ("rate", "strict"):
            anchor = [(row[kind], row["psnr"]) for row in entry["anchors"][weighting]]
            percent, (low, high) = bd_rate(anchor, mine)
            entry["bd_rate_percent"][f"{weighting}/{kind}"] = [round(v, 1) for v in (percent, low, high)]
        print(weighting, entry["bd_rate_percent"], flush=True)
    entry["band_jpeg2000"] = [point.row() for point in band_jpeg2000.curve(cube, DB)]
    entry["x265"] = [point.row() for point in x265_video.curve(cube, QUANTISERS)]
    for name in ("band_jpeg2000", "x265"):
        points = [(row["rate"], row["psnr"]) for row in entry[name]]
        entry["bd_rate_percent"][f"{name}/rate"] = [round(v, 1) for v in np.hstack(bd_rate(points, mine))]
    if cube.dtype.kind in "iu" and cube.dtype.itemsize == 2:
        with tempfile.TemporaryDirectory() as folder:
            entry["lossless"] = {name: [round(v, 3) for v in row] for name, row in lossless.rates(cube, folder).items()}
        entry["lossless_latent"] = latent.run(cube, wavelengths, max_error=0)[0].row()
    print(entry["bd_rate_percent"], entry.get("lossless"), flush=True)
    return entry


def rasters_in(folder):
    """{name: (cube, wavelengths)} of a folder's rasters with several bands."""
    for path in sorted(Path(folder).iterdir()):
        try:
            dataset = gdal.Open(str(path))
        except RuntimeError:
            continue
        if dataset.RasterCount > 1:
            yield path.stem, scenes.bands_of(dataset)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scenes", nargs="*", default=list(scenes.RASTERS))
    parser.add_argument("--folder", help="rasters to measure besides")
    parser.add_argument("--out", type=Path, default=RESULTS / "rate_distortion.json")
    wishes = parser.parse_args()
    gdal.UseExceptions()
    results = {"machine": machine(), "scenes": {}}
    if wishes.out.exists():
        results["scenes"] = json.loads(wishes.out.read_text())["scenes"]
    todo = [(name, scenes.load(name)) for name in wishes.scenes]
    for name, (cube, wavelengths) in [*todo, *(rasters_in(wishes.folder) if wishes.folder else ())]:
        print(name, cube.shape, flush=True)
        results["scenes"][name] = measure(cube, wavelengths)
        wishes.out.parent.mkdir(exist_ok=True)
        wishes.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
