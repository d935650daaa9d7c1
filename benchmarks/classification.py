"""Land-cover classification of Indian Pines' fixed split, original and compressed.

    OMP_NUM_THREADS=1 python3 benchmarks/classification.py [--rows NAME...] [--images NAME...] [--seeds N...]

695 training and 9671 test pixels. Every run is added to benchmarks/results/classification.json as soon as it
is done, and one that is there is not run again (--again). The test pixels are looked at once, for the figure.
"""

import argparse
import json
import re
import tempfile
import time
from pathlib import Path

import numpy as np
import scenes
from machine import machine
from package import import_checkout

import_checkout()

from osgeo import gdal  # noqa: E402

from hiner.core.classification.accuracy import accuracy_of  # noqa: E402
from hiner.core.classification.imagery.image import hnr_image, raster_image  # noqa: E402
from hiner.core.classification.imagery.spectra import Scaling, read_spectra  # noqa: E402
from hiner.core.classification.labels.samples import samples_of_raster  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.svm import classical  # noqa: E402
from hiner.core.classification.train import train_classifier  # noqa: E402
from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.raster.gdal_raster import open_raster  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "classification.json"
PLAIN, ASW, ISI, BOTH = ({"asw": a, "isi": i} for a, i in ((False, False), (True, False), (False, True), (True, True)))
ROWS = {
    "svm, spectra": ("svm", {"patch": 1}),
    "svm, 7x7 means": ("svm", {"patch": 7}),
    "forest, spectra": ("forest", {}),
    "best": ("best", BOTH),
    "best, no ASW, no ISI": ("best", PLAIN),
    "best, no ISI": ("best", ASW),
    "best, no ASW": ("best", ISI),
    "patch": ("patch", PLAIN),
    "patch + ASW": ("patch", ASW),
    "patch + ISI": ("patch", ISI),
    "patch + ASW + ISI": ("patch", BOTH),
    "pixel": ("pixel", PLAIN),
    "pixel + ASW": ("pixel", ASW),
    "pixel + ISI": ("pixel", ISI),
    "pixel + ASW + ISI": ("pixel", BOTH),
}
# Bits per sample of the compressed images; the original has 16.
RATES = {"original": None, "0.9 bpppb": 0.9, "100x": 0.16, "300x": 16 / 300, "1000x": 0.016}


def image_of(name, folder):
    """The Image of that name and its bits per sample."""
    if RATES[name] is None:
        return raster_image(open_raster(scenes.RASTERS["indian_pines"])), 16.0
    path = Path(folder) / f"{name.replace(' ', '_')}.hnr"
    cube, wavelengths = scenes.load("indian_pines")
    outcome = compress_array(cube, path, wavelengths, rate=RATES[name])
    return hnr_image(HnrFile(path)), outcome.rate


def split():
    """(training Samples, test Samples) of the fixed split."""
    labels = scenes.labels()
    train = samples_of_raster(labels[0])
    return train, samples_of_raster(labels[1], table=train.table)


def run(row, image, seed, train, test):
    """One training and its figures."""
    variant, changes = ROWS[row]
    started = time.process_time()
    if variant == "forest":
        accuracy, notes = forest(image, seed, train, test), ()
    else:
        training = train_classifier(image, train, settings_for(variant, seed=seed, device="cpu", **changes), test)
        accuracy, notes = training.accuracy, _without_folders(training.notes)
    return {
        "oa": round(accuracy.overall, 5), "aa": round(accuracy.average, 5), "kappa": round(accuracy.kappa, 5),
        "processor_seconds": round(time.process_time() - started), "notes": list(notes),
    }  # fmt: skip


def _without_folders(notes):
    """The notes with every file by its name alone: where it lay on a machine is no result."""
    return [re.sub(r"\S*/(?=[^/\s]+\.\w+\b)", "", note) for note in notes]


def forest(image, seed, train, test):
    scaling = Scaling(*image.ranges())

    def spectra(samples):
        return read_spectra(image, np.stack([samples.rows, samples.cols], 1), scaling)

    model = classical.train_forest(spectra(train), train.classes, seed)
    return accuracy_of(test.classes, model.predict(spectra(test)), len(train.table))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", nargs="+", default=list(ROWS), choices=list(ROWS))
    parser.add_argument("--images", nargs="+", default=["original", "0.9 bpppb", "100x"], choices=list(RATES))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--again", action="store_true", help="run also what is there")
    wishes = parser.parse_args()
    gdal.UseExceptions()
    train, test = split()
    with tempfile.TemporaryDirectory() as folder:
        images = {name: image_of(name, folder) for name in wishes.images}
        for row in wishes.rows:
            for name, (image, rate) in images.items():
                for seed in wishes.seeds:
                    # A support vector machine draws nothing but its folds.
                    if seed == wishes.seeds[0] or ROWS[row][0] != "svm":
                        key = f"{row} | {name} | {seed}"
                        record(key, lambda: {**run(row, image, seed, train, test), "rate": round(rate, 4)}, wishes.again)


def record(key, measure, again):
    """Measure what is not in the results, and put it there."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
    if key in results["runs"] and not again:
        return
    row = measure()
    # Read anew: another process may have added to it meanwhile.
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
    results["machine"], results["runs"][key] = machine(), row
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(key, row, flush=True)


if __name__ == "__main__":
    main()
