"""Time of compressing and decoding as users start it, inside QGIS: `qgis_process`, whole programs.

    python3 benchmarks/qgis_speed.py [--plugin FOLDER --name NAME] [--rounds N]

Indian Pines and 512x512 pixels of it, mirrored (four tiles), at 0.3 bits per sample; all bands back as a GeoTIFF. The
plugin is this checkout, or that in FOLDER, such as one of an older commit, in a QGIS profile of its own. The middle of
N rounds (3), with the starts of QGIS. Adds to benchmarks/results/qgis_speed.json under NAME.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import scenes
from latent_speed import mirrored
from machine import machine
from osgeo import gdal

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results" / "qgis_speed.json"
SIDE, RATE = 512, 0.3


def profile_with(plugin, folder):
    """Environment of a QGIS whose profile has that plugin."""
    plugins = Path(folder) / "profiles" / "default" / "python" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "hiner").symlink_to(plugin)
    environment = {**os.environ, "QGIS_CUSTOM_CONFIG_PATH": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    subprocess.run([program(), "plugins", "enable", "hiner"], env=environment, capture_output=True, check=True)
    return environment


def program():
    # Debian 12's qgis_process is a wrapper that does not start the program beside it.
    return shutil.which("qgis_process.bin") or shutil.which("qgis_process")


def written(cube, path):
    """A cube as a GeoTIFF without wavelengths."""
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), cube.shape[2], cube.shape[1], len(cube), gdal.GDT_UInt16, ["INTERLEAVE=BAND"]
    )
    dataset.WriteArray(np.ascontiguousarray(cube))
    return path


def seconds(environment, algorithm, **parameters):
    arguments = [f"{name}={value}" for name, value in parameters.items()]
    started = time.perf_counter()
    subprocess.run(
        [program(), "run", algorithm, "--", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return round(time.perf_counter() - started, 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--plugin", type=Path, default=ROOT)
    parser.add_argument("--name", default="this version")
    parser.add_argument("--rounds", type=int, default=3)
    wishes = parser.parse_args()
    cube, _ = scenes.load("indian_pines")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        environment = profile_with(wishes.plugin.resolve(), folder / "profile")
        rows = []
        for side in (cube.shape[1], SIDE):
            raster = written(cube if side == cube.shape[1] else mirrored(cube, side), folder / f"{side}.tif")
            hnr, back = folder / f"{side}.hnr", folder / f"{side}_back.tif"
            found = [
                (
                    seconds(environment, "hiner:compress", INPUT=raster, RATE=RATE, OUTPUT=hnr),
                    seconds(environment, "hiner:decompress", INPUT=hnr, OUTPUT=back),
                )
                for _ in range(wishes.rounds)
            ]
            middle = [statistics.median(column) for column in zip(*found)]
            rows.append({"side": side, "compress_s": middle[0], "decompress_s": middle[1], "rounds": found})
            print(wishes.name, rows[-1], flush=True)
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
    results["runs"][wishes.name] = {"machine": machine(), "rows": rows}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
