"""Time to reach the published training's final PSNR: the published schedule against this one's.

    python3 benchmarks/training.py --scenes jasper_ridge indian_pines --sizes 500000 1000000

Needs torch and NumPy; scenes from rasters through GDAL, or with --folder from .npy files. Both
trainings run in one process, one after the other, on the same network. The published one takes one
band a step. On a GPU both are recorded as graphs and run in mixed precision. This one is run with growing shares of the published epochs
until its final PSNR is not below the published final PSNR. PSNR: decoded from the weights in
floating point, per band in its own range, mean over bands, no padding.
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from machine import machine
from package import import_checkout
from scenes import load

import_checkout()

import torch  # noqa: E402
from hiner.core.network.architecture import Architecture, published_width  # noqa: E402
from hiner.core.network.geometry import choose_strides  # noqa: E402
from hiner.core.network.presets import published_network  # noqa: E402
from hiner.core.network.torch_network import load_decoder  # noqa: E402
from hiner.core.scene.scene import Validity  # noqa: E402
from hiner.core.spectral.grid import SpectralGrid  # noqa: E402
from hiner.core.training.schedule import PUBLISHED, Schedule  # noqa: E402
from hiner.core.training.targets import BandTargets  # noqa: E402
from hiner.core.training.trainer import train  # noqa: E402

SHARES = (0.25, 0.33, 0.42, 0.5, 0.75, 1.0)


def targets_of(cube, wavelengths):
    """All bands of a cube without invalid samples as training targets."""
    everything = np.ones(len(cube), dtype=bool)
    grid = SpectralGrid(wavelengths, None, everything)
    upper = [grid.neighbours(band)[1] for band in range(len(cube))]
    neighbours = np.array([-1 if band is None else band for band in upper])
    validity = Validity(np.ones(cube.shape[1:], dtype=bool), everything, {})
    low, high = cube.min((1, 2)), cube.max((1, 2))
    return BandTargets(
        cube, validity, low, high, grid.normalised, np.arange(len(cube)), neighbours
    )


def network(name, cube, size):
    """The published network where there is one for the scene, else of the same rule."""
    rows, cols = cube.shape[1:]
    if name == "indian_pines":
        return published_network(name).architecture(rows, cols, len(cube), size)
    strides = choose_strides(rows, cols)
    grid = Architecture((rows, cols), strides, 1).grid
    return Architecture((rows, cols), strides, published_width(grid, strides, len(cube), size))


def measure(targets, architecture, schedule, device):
    """Train; returns seconds and the PSNR of the trained network."""
    started = time.process_time()
    trained = train(targets, architecture, schedule, device)
    processor_seconds = time.process_time() - started
    decoder = load_decoder(architecture, trained.arrays, device)
    rows, cols = targets.size
    errors = []
    with torch.no_grad():
        for i, embedding in enumerate(torch.from_numpy(trained.embeddings)):
            decoded = decoder(embedding[None].to(device))[0, 0, :rows, :cols].cpu().numpy()
            errors.append(((decoded - targets.normalised([i])[0]) ** 2).mean())
    return {
        "epochs": schedule.epochs,
        "seconds": round(trained.seconds, 1),
        "processor_seconds": round(processor_seconds, 1),
        "psnr_db": round(float(-10 * np.log10(errors).mean()), 3),
    }


def compare(name, size, epochs, shares, device, folder):
    """One row of the table."""
    cube, wavelengths = load(name, folder)
    targets, architecture = targets_of(cube, wavelengths), network(name, cube, size)
    published = measure(targets, architecture, replace(PUBLISHED, epochs=epochs), device)
    print(name, size, "published", published, flush=True)
    tries = []
    for share in shares:
        schedule = Schedule(epochs=max(1, round(epochs * share)))
        tries.append(measure(targets, architecture, schedule, device))
        print(name, size, "this", tries[-1], flush=True)
        if tries[-1]["psnr_db"] >= published["psnr_db"]:
            break
    # Other work on a shared machine does not count against either training.
    clock = "seconds" if device == "cuda" else "processor_seconds"
    return {
        "scene": name,
        "wished_parameters": size,
        "parameters": architecture.parameters(len(cube)),
        "published": published,
        "this": tries,
        "time_ratio": round(tries[-1][clock] / published[clock], 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scenes", nargs="+", default=["jasper_ridge", "indian_pines"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[500_000, 1_000_000])
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--shares", nargs="+", type=float, default=SHARES)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--folder", help="where the scenes lie as .npy")
    parser.add_argument("--out", default=Path(__file__).parent / "results" / "training.json")
    options = parser.parse_args()
    results = {"machine": machine(), "device": options.device, "rows": []}
    results["started"] = time.strftime("%Y-%m-%d %H:%M")
    for size in options.sizes:
        for name in options.scenes:
            row = compare(
                name, size, options.epochs, options.shares, options.device, options.folder
            )
            results["rows"].append(row)
            Path(options.out).parent.mkdir(parents=True, exist_ok=True)
            Path(options.out).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
