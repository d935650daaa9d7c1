"""Memory that writing a file with the method `latent` takes, the raster included, as a multiple of the raster.

    OMP_NUM_THREADS=1 python3 benchmarks/latent_memory.py [--sides 145 435 1024] [--rates 0.3 1.0]

Indian Pines, and its mirror images side by side; each in a process of its own: its peak over what it held before the
raster was there. Adds to benchmarks/results/latent_memory.json.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import scenes
from latent_speed import RATE, mirrored
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.parallel import threads  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "latent_memory.json"
MIB = 2**20


def told(name):
    """Bytes that Linux tells of this process: `VmRSS`, what it holds; `VmHWM`, the most that it held."""
    # Not getrusage's: that begins with what the process that started this one held.
    return 1024 * int(re.search(name + r":\s+(\d+) kB", Path("/proc/self/status").read_text())[1])


def measure(side, rate):
    """{raster_mib, peak_mib, ratio, rate}; to be called in a new process."""
    cube, wavelengths = scenes.load("indian_pines")
    before = told("VmRSS") - cube.nbytes
    cube = cube if side == len(cube[0]) else np.ascontiguousarray(mirrored(cube, side))
    with tempfile.TemporaryDirectory() as folder:
        outcome = compress_array(cube, Path(folder) / "a.hnr", wavelengths, rate=rate)
    peak = told("VmHWM") - before
    return {
        "raster_mib": round(cube.nbytes / MIB, 1), "peak_mib": round(peak / MIB), "ratio": round(peak / cube.nbytes, 2),
        "rate": round(outcome.rate, 4), "threads": threads(),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sides", nargs="+", type=int, default=[145, 435, 1024])
    parser.add_argument("--rates", nargs="+", type=float, default=[RATE, 1.0], help="bits per sample")
    parser.add_argument("--one", action="store_true", help="measure the first side and rate here, and print it")
    wishes = parser.parse_args()
    if wishes.one:
        print(json.dumps(measure(wishes.sides[0], wishes.rates[0])))
        return
    for side, rate in product(wishes.sides, wishes.rates):
        command = [sys.executable, __file__, "--one", "--sides", str(side), "--rates", str(rate)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
        results["machine"], results["runs"][f"{side}x{side}x200, {rate}"] = machine(), row
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        print(side, rate, row, flush=True)


if __name__ == "__main__":
    main()
