"""ISI's images: a fresh one at each draw, or some that come round again. Accuracy and time of either.

    OMP_NUM_THREADS=1 python3 benchmarks/isi_pool.py [--folds 3]

The variant `best` on Indian Pines, compressed a hundred times, trained on two thirds of the training pixels and
judged on the third left out; no test pixel is read. Writes benchmarks/results/isi_pool.json.
"""

import argparse
import json
import re
import tempfile
import time
from pathlib import Path

import scenes
from classification import image_of
from classification_settings import folds_of
from machine import machine
from osgeo import gdal

from hiner.core.classification.labels.samples import samples_of_raster
from hiner.core.classification.model.settings import settings_for
from hiner.core.classification.train import train_classifier

RESULTS = Path(__file__).resolve().parent / "results" / "isi_pool.json"
TRIED = {
    "no ISI": {"isi": False},
    "one image": {"isi_pool": 1},
    "a pool of 8 (as it is)": {},
    "a fresh image each time": {"isi_pool": 10**6},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folds", type=int, default=3)
    wishes = parser.parse_args()
    gdal.UseExceptions()
    folds = folds_of(samples_of_raster(scenes.labels()[0]), wishes.folds)
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        image, _ = image_of("100x", folder)
        for name, changes in TRIED.items():
            settings = settings_for("best", smooth=1, device="cpu", **changes)
            started, right, decoded = time.process_time(), [], []
            for train, held in folds:
                training = train_classifier(image, train, settings, held)
                right.append(round(training.accuracy.overall, 4))
                decoded += [int(n) for note in training.notes for n in re.findall(r"^(\d+) images? ", note)]
            seconds = round((time.process_time() - started) / len(folds), 1)
            rows[name] = {"oa": right, "decoded": decoded, "processor_seconds": seconds}
            print(name, rows[name], flush=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "tried": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
