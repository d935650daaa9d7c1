"""Time of the method `latent`: writing a file, reading all of it, a band, a window, a picture.

    OMP_NUM_THREADS=1 python3 benchmarks/latent_speed.py [--large]

NumPy alone. Processor seconds of all threads and processes, which other work on a machine hardly touches, and seconds as they
passed; each reading from a file opened anew, the quickest of three. --large: also 1024x1024 pixels, Indian
Pines mirrored (writing takes minutes). Writes benchmarks/results/latent_speed.json.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import scenes
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.parallel import threads  # noqa: E402
from hiner.core.processes import pool  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "latent_speed.json"
RATE, SIDE = 0.3, 1024


def mirrored(cube, side):
    """(bands, side, side) of a smaller cube and its mirror images, side by side."""
    across = np.concatenate([cube, cube[:, :, ::-1]] * (side // (2 * cube.shape[2]) + 1), 2)[:, :, :side]
    return np.concatenate([across, across[:, ::-1]] * (side // (2 * cube.shape[1]) + 1), 1)[:, :side]


def timed(work, repeats=3):
    """(quickest seconds, its processor seconds)"""
    found = []
    for _ in range(repeats):
        passed, used = time.perf_counter(), processor_seconds()
        work()
        passed = time.perf_counter() - passed
        # Only of processes that have ended is it known; so each work starts its own.
        pool.SHARED.close()
        found.append((round(passed, 3), round(processor_seconds() - used, 3)))
    return min(found, key=lambda pair: pair[1])


def processor_seconds():
    """Of this process's threads, and of the processes that it has ended."""
    return time.process_time() + sum(os.times()[2:4])


def measure(cube, wavelengths, path):
    rows, cols = cube.shape[1:]
    row = {"shape": cube.shape, "write": timed(lambda: compress_array(cube, path, wavelengths, rate=RATE), 1)}
    row["rate"] = round(8 * path.stat().st_size / cube.size, 4)
    middle = (rows // 2 - min(rows, 256) // 2, cols // 2 - min(cols, 256) // 2, min(rows, 256), min(cols, 256))
    reads = {
        "all": lambda hnr: hnr.read_bands(range(len(cube))),
        "band": lambda hnr: hnr.read_bands([30]),
        "window": lambda hnr: hnr.read_bands([30], middle),
        "quarter": lambda hnr: hnr.read_bands([30, 20, 10], shape=(rows // 4, cols // 4), coarse=True),
    }
    for name, read in reads.items():
        row[name] = timed(lambda: read(HnrFile(path)), 3 if rows < 500 else 1)
        print(name, row[name], flush=True)
    hnr = HnrFile(path)
    hnr.read_bands([30])
    row["another band"] = timed(lambda: hnr.read_bands([60]))
    row["another window"] = timed(lambda: hnr.read_bands([60], middle))
    return row


def main():
    cube, wavelengths = scenes.load("indian_pines")
    todo = [cube] + ([mirrored(cube, SIDE)] if "--large" in sys.argv else [])
    with tempfile.TemporaryDirectory() as folder:
        rows = [measure(np.ascontiguousarray(cube), wavelengths, Path(folder) / "a.hnr") for cube in todo]
    results = {"machine": machine(), "threads": threads(), "rate": RATE, "rows": rows}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
