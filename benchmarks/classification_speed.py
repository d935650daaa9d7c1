"""What a GPU, or a second core, shortens of training and applying a classifier: torch and NumPy alone.

    python3 benchmarks/classification_speed.py [--folder FOLDER] [--devices cpu cuda] [--epochs N] [--whole]
        [--variants patch "patch + ASW" best]

FOLDER: where `benchmarks/scenes.py FOLDER` wrote Indian Pines as .npy, for a machine without GDAL. The published patch
variant, alone and with ASW, and `best` are trained on the scene compressed a hundred times: N epochs each (2 on a CPU,
20 on a GPU), from which the whole training's seconds are told; all of them with --whole. Without ISI, whose images the
CPU decodes. Then all 21025 pixels are classified. Adds to benchmarks/results/classification_speed.json, by processor,
number of threads and version of torch.
"""

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import scenes
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.classification.imagery.image import hnr_image, varying_bands  # noqa: E402
from hiner.core.classification.imagery.patches import patch_table  # noqa: E402
from hiner.core.classification.imagery.spectra import Scaling, read_spectra  # noqa: E402
from hiner.core.classification.labels.samples import samples_of_raster  # noqa: E402
from hiner.core.classification.mapping.prediction import classify  # noqa: E402
from hiner.core.classification.model.model import ClassifierModel  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.network.trainer import train_network  # noqa: E402
from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.parallel import threads  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "classification_speed.json"
RATE = 0.16
VARIANTS = {"patch": ("patch", False), "patch + ASW": ("patch", True), "best": ("best", True)}
EPOCHS = {"cpu": 2, "cuda": 20}


def image_of(folder, temporary):
    """Indian Pines, compressed a hundred times, as an Image."""
    cube, wavelengths = scenes.load("indian_pines", folder)
    path = Path(temporary) / "indian_pines.hnr"
    compress_array(np.ascontiguousarray(cube), path, wavelengths, rate=RATE)
    return hnr_image(HnrFile(path))


def labels_of(folder):
    """(training, test) Samples of the fixed split."""
    labels = scenes.labels(folder)
    train = samples_of_raster(labels[0])
    return train, samples_of_raster(labels[1], table=train.table)


def measure(image, train, test, settings, epochs):
    """Seconds of the training as a whole and of a step, and of classifying the image."""
    image, low, high = varying_bands(image)
    table = patch_table(train.rows, train.cols, settings.patch, image.shape)
    spectra = read_spectra(image, table.pixels, Scaling(low, high))
    some = replace(settings, epochs=epochs)
    trained = train_network(spectra, table.index, train.classes, len(train.table), some, settings.device)
    model = ClassifierModel(settings, train.table, image.axis, low, high, trained.arrays)
    started = time.perf_counter()
    found = np.concatenate([block.classes.ravel() for block in classify(model, image, settings.device)])
    row = {
        "step_s": round(trained.seconds / epochs / -(-len(train) // settings.batch), 5),
        "training_s": round(trained.seconds / epochs * settings.epochs, 1),
        "classify_s": round(time.perf_counter() - started, 2), "epochs": epochs, "of": settings.epochs,
    }  # fmt: skip
    if epochs == settings.epochs:
        row["oa"] = round(float((found.reshape(image.shape)[test.rows, test.cols] == test.classes).mean()), 4)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder")
    parser.add_argument("--devices", nargs="+", default=["cpu"], choices=list(EPOCHS))
    parser.add_argument("--variants", nargs="+", default=list(VARIANTS), choices=list(VARIANTS))
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--whole", action="store_true", help="the whole trainings")
    wishes = parser.parse_args()
    train, test = labels_of(wishes.folder)
    with tempfile.TemporaryDirectory() as folder:
        image = image_of(wishes.folder, folder)
        for device in wishes.devices:
            for name in wishes.variants:
                variant, asw = VARIANTS[name]
                settings = settings_for(variant, device=device, smooth=1, isi=False, asw=asw)
                epochs = settings.epochs if wishes.whole else wishes.epochs or EPOCHS[device]
                row = measure(image, train, test, settings, epochs)
                keep(f"{name} | {where(device, machine())}", {**row, "machine": machine()})


def where(device, facts):
    """What it ran on, as the table's column says it."""
    version = facts["torch"].partition("+")[0]
    if device == "cuda":
        return f"{facts['gpu']}, torch {version}"
    blas = f", {facts['blas']}" if "blas" in facts else ""
    return f"{threads()} threads of {facts['processor']}, torch {version}{blas}"


def keep(key, row):
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
    results["runs"][key] = row
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(key, row, flush=True)


if __name__ == "__main__":
    main()
