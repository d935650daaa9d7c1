"""Memory that writing a file with the method `latent` takes, the raster included, as a multiple of the raster.

    OMP_NUM_THREADS=1 python3 benchmarks/latent_memory.py [--sides 145 435 1024]

Indian Pines, and its mirror images side by side, at 0.3 bits per sample; each in a process of its own: its peak over
what it held before the raster was there. Adds to benchmarks/results/latent_memory.json.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
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


def held():
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def measure(side):
    """{raster_mib, peak_mib, ratio, rate}; to be called in a new process."""
    cube, wavelengths = scenes.load("indian_pines")
    before = held() - cube.nbytes
    cube = cube if side == len(cube[0]) else np.ascontiguousarray(mirrored(cube, side))
    with tempfile.TemporaryDirectory() as folder:
        outcome = compress_array(cube, Path(folder) / "a.hnr", wavelengths, rate=RATE)
    # Linux counts in KiB.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    return {
        "raster_mib": round(cube.nbytes / MIB, 1), "peak_mib": round(peak / MIB), "ratio": round(peak / cube.nbytes, 2),
        "rate": round(outcome.rate, 4), "threads": threads(),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--sides", nargs="+", type=int, default=[145, 435, 1024])
    parser.add_argument("--one", type=int, help="measure this side here, and print it")
    wishes = parser.parse_args()
    if wishes.one:
        print(json.dumps(measure(wishes.one)))
        return
    for side in wishes.sides:
        command = [sys.executable, __file__, "--one", str(side)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"runs": {}}
        results["machine"], results["runs"][f"{side}x{side}x200"] = machine(), row
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
        print(side, row, flush=True)


if __name__ == "__main__":
    main()
