"""Settings of the classifier `best`, compared on Indian Pines' 695 training pixels alone.

    OMP_NUM_THREADS=1 python3 benchmarks/classification_settings.py [--folds 3] [--only NAME...]

Each set of settings is trained on two thirds of the training pixels, stratified by class, and judged on the
third left out; without smoothing, which a training chooses by itself. No test pixel is read. Adds to
benchmarks/results/classification_settings.json.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import scenes
from machine import machine
from package import import_checkout

import_checkout()

from osgeo import gdal  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from hiner.core.classification.imagery.image import raster_image  # noqa: E402
from hiner.core.classification.labels.samples import samples_of_raster  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.train import train_classifier  # noqa: E402
from hiner.core.raster.gdal_raster import open_raster  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "classification_settings.json"
# One change at a time of what the variant has.
TRIED = {
    "as it is": {},
    "no whitening": {"whitening": 0.0},
    "whitening 0.1": {"whitening": 0.1},
    "whitening 0.01": {"whitening": 0.01},
    "groups of 10 bands": {"band_group": 10, "band_step": 5},
    "groups of 40 bands": {"band_group": 40, "band_step": 20},
    "means 1, 7": {"scales": (1, 7)},
    "means 3, 5, 7, 9": {"patch": 9, "scales": (3, 5, 7, 9)},
    "mixing of spectra": {"mixing": 0.5},
    "no label smoothing": {"smoothing": 0.0},
    "150 epochs": {"epochs": 150},
    "60 epochs": {"epochs": 60},
    "no running mean": {"averaging": 0.0},
    "no ASW": {"asw": False},
    "MLPs of 8": {"hidden": 8},
    "SVM, 7x7 means": {"variant": "svm", "patch": 7},
}


def folds_of(samples, n_folds):
    """[(training Samples, held-out Samples)]"""
    parts = StratifiedKFold(n_folds, shuffle=True, random_state=0).split(samples.rows[:, None], samples.classes)
    return [(samples.select(np.sort(some)), samples.select(np.sort(rest))) for some, rest in parts]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=list(TRIED), choices=list(TRIED))
    wishes = parser.parse_args()
    gdal.UseExceptions()
    image = raster_image(open_raster(scenes.RASTERS["indian_pines"]))
    folds = folds_of(samples_of_raster(scenes.labels()[0]), wishes.folds)
    for name in wishes.only:
        changes = {"variant": "best", "smooth": 1, "device": "cpu", **TRIED[name]}
        started, right = time.process_time(), []
        for train, held in folds:
            training = train_classifier(image, train, settings_for(**changes), held)
            right.append(round(training.accuracy.overall, 4))
        row = {"oa": right, "processor_seconds": round(time.process_time() - started)}
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"tried": {}}
        results["machine"], results["tried"][name] = machine(), row
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        print(name, row, flush=True)


if __name__ == "__main__":
    main()
