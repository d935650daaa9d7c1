"""Rounding a trained network: min-max as published against choosing for error and rate.

    OMP_NUM_THREADS=1 python3 benchmarks/quantisation.py [--scenes NAME...] [--sizes N...]

Each network is trained once and quantised in every way. Bytes: the coded weights with their tables,
minima and scales; the header, equal in all, is not among them. PSNR: of the bands as decoded from
those bytes, per band in its own range, mean over bands. Seconds are the processor's.
"""

import argparse
import json
import time
from pathlib import Path

from machine import machine
from package import import_checkout
from scenes import load
from training import targets_of

import_checkout()

from hiner.core.methods.hiner import weights  # noqa: E402
from hiner.core.methods.hiner.rate_distortion import quantised_for_the_bands  # noqa: E402
from hiner.core.network.architecture import widest  # noqa: E402
from hiner.core.network.geometry import choose_strides  # noqa: E402
from hiner.core.progress import Progress  # noqa: E402
from hiner.core.training.schedule import Schedule  # noqa: E402
from hiner.core.training.squared_errors import mean_psnr, squared_errors  # noqa: E402
from hiner.core.training.trainer import train  # noqa: E402

EPOCHS = {70_000: 60, 250_000: 30}
BITS = (4, 6, 8)


class Network:
    """A network trained on a scene."""

    def __init__(self, name, size, epochs):
        cube, wavelengths = load(name)
        self.targets, self.epochs = targets_of(cube, wavelengths), epochs
        rows, cols = cube.shape[1:]
        self.architecture = widest((rows, cols), choose_strides(rows, cols), len(cube), size)
        started = time.process_time()
        trained = train(self.targets, self.architecture, Schedule(epochs=epochs))
        self.seconds = time.process_time() - started
        self.tensors = {**trained.arrays, "embeddings": trained.embeddings}

    def psnr(self, tensors):
        return round(mean_psnr(squared_errors(self.targets, self.architecture, tensors, "cpu")), 2)

    def quantised(self, way, bits):
        """{bytes, psnr_db, seconds} of one way to quantise, read back from its bytes."""
        started = time.process_time()
        if way == "minmax":
            sections = weights.pack(weights.plainly_quantised(self.tensors, bits), bits)
        else:
            sections = quantised_for_the_bands(
                self.tensors, bits, self.targets, self.architecture, self.epochs, 0, "cpu", None, Progress()
            )
        seconds = time.process_time() - started
        shapes = weights.shapes(self.architecture, len(self.targets))
        return {
            "bytes": sum(map(len, sections.values())),
            "psnr_db": self.psnr(weights.unpack(sections.__getitem__, shapes, bits)),
            "seconds": round(seconds, 1),
        }


def measure(name, size, epochs):
    """A row for each number of bits."""
    network = Network(name, size, epochs)
    for bits in BITS:
        row = {
            "scene": name,
            "parameters": network.architecture.parameters(len(network.targets)),
            "epochs": epochs,
            "training_seconds": round(network.seconds, 1),
            "float_psnr_db": network.psnr(network.tensors),
            "bits": bits,
        }
        row.update({way: network.quantised(way, bits) for way in ("minmax", "rdo")})
        print(row, flush=True)
        yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scenes", nargs="+", default=["enmap_potsdam", "jasper_ridge"])
    parser.add_argument("--sizes", nargs="+", type=int, default=list(EPOCHS))
    parser.add_argument("--out", default=Path(__file__).parent / "results" / "quantisation.json")
    options = parser.parse_args()
    results = {"machine": machine(), "rows": []}
    for size in options.sizes:
        for name in options.scenes:
            results["rows"] += measure(name, size, EPOCHS.get(size, 30))
            Path(options.out).parent.mkdir(parents=True, exist_ok=True)
            Path(options.out).write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
