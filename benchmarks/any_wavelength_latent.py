"""Wavelengths between two bands of the method `latent`: is the file's own better than the neighbours' mean?

    OMP_NUM_THREADS=1 python3 benchmarks/any_wavelength_latent.py

Codes every second band of each detector and decodes the bands left out: from the loadings between their
neighbours', as the file does (`between`), and as the mean of the two decoded neighbours, weighted by distance
(`neighbours`, the bar). PSNR per left-out band in its own range, mean over bands.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
from any_wavelength import Halves
from machine import machine
from package import import_checkout
from scenes import load

import_checkout()

from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402
from hiner.core.spectral.grid import SpectralPoint  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "any_wavelength_latent.json"


def measure(name, rate, folder):
    cube, wavelengths = load(name)
    halves, path = Halves(cube, wavelengths), Path(folder) / f"{name}.hnr"
    outcome = compress_array(
        np.ascontiguousarray(cube[halves.trained]), path, np.asarray(wavelengths)[halves.trained], rate=rate
    )
    hnr = HnrFile(path)
    places = range(len(halves.trained))
    own = hnr.read_points([SpectralPoint(i, i, 0.0) for i in places]).astype("f8")
    points = [SpectralPoint(halves.row[a], halves.row[b], t) for a, b, t in halves.pairs]
    return {
        "scene": name, "rate": round(outcome.rate, 4), "coded_bands": round(outcome.psnr, 2),
        "neighbours": halves.psnr(halves.between(lambda band: own[halves.row[band]])),
        "between": halves.psnr(hnr.read_points(points)),
        "original_neighbours": halves.psnr(halves.between(lambda band: cube[band].astype("f8"))),
    }  # fmt: skip


def main():
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            measure(name, rate, folder)
            for name in ("jasper_ridge", "indian_pines", "enmap_potsdam") for rate in (0.1, 0.3)
        ]  # fmt: skip
    for row in rows:
        print(row, flush=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
