"""What a context model adapted to a scene could save at the most: its tables replaced by the scene's own counts.

    OMP_NUM_THREADS=1 python3 benchmarks/adaptation.py

The bytes of the symbols under the shipped tables, under the counts of each table's own symbols (free of charge), and
under the shipped tables with all indices moved by a constant. Writes benchmarks/results/adaptation.json.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import scenes
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.methods.latent import symbols  # noqa: E402
from hiner.core.methods.latent.context_model import PRECISION  # noqa: E402
from hiner.core.methods.latent.shipped import context_model  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "adaptation.json"
CASES = (("enmap_potsdam", 0.1), ("enmap_potsdam", 0.3), ("jasper_ridge", 0.3), ("indian_pines", 0.3))
MOVES = (-2, -1, 1, 2)


class Noting(symbols.SymbolWriter):
    """Counts the symbols of each table in the last stream of a search, which is the file's or within some per cent."""

    counts = None

    def finish(self, tables, n_lanes):
        counts = np.zeros((len(tables.frequency) // tables.n_symbols, tables.n_symbols))
        np.add.at(counts, (self._tables[: self._put], self._symbols[: self._put]), 1)
        if counts.sum() > 20000:
            # Not the loadings, which are few.
            Noting.counts = counts
        return super().finish(tables, n_lanes)


def n_bytes(counts, frequencies):
    """Of symbols counted in (tables, symbols), coded with these frequencies."""
    share = frequencies / np.maximum(frequencies.sum(1, keepdims=True), 1)
    return -(counts * np.log2(share, where=counts > 0, out=np.zeros_like(share))).sum() / 8


def measure(name, rate):
    model = context_model()
    cube, wavelengths = scenes.load(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.hnr"
        compress_array(cube, path, wavelengths, rate=rate)
        size = path.stat().st_size
    shipped = np.concatenate([*model.conditional, model.geometric]).astype(float)
    assert (shipped.sum(1) == 1 << PRECISION).all()
    n, places = model.n_tables, np.arange(len(shipped))
    now = n_bytes(Noting.counts, shipped)
    moved = {
        move: n_bytes(Noting.counts, shipped[np.where(places < 2 * n, places // n * n + np.clip(places % n + move, 0, n - 1), places)])
        for move in MOVES
    }  # fmt: skip
    return {
        "scene": name, "rate": rate, "file": size, "symbols": round(now), "own": round(n_bytes(Noting.counts, Noting.counts)),
        "tables": int((Noting.counts.sum(1) > 0).sum()), "moved": {move: round(found) for move, found in moved.items()},
    }  # fmt: skip


def main():
    symbols.SymbolWriter = Noting
    rows = [measure(*case) for case in CASES]
    RESULTS.write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")
    for row in rows:
        print(row)


if __name__ == "__main__":
    main()
