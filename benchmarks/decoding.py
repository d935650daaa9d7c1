"""Decoding time per band and for a whole cube, with NumPy and with torch.

    python3 benchmarks/decoding.py

Networks of the published shapes with random weights: the time does not depend on them. Needs NumPy,
and torch for its part; a GPU is used where torch sees one.
"""

import argparse
import json
import time
import tracemalloc
from pathlib import Path

import numpy as np
from machine import machine
from package import import_checkout

import_checkout()

from hiner.core.network import numpy_network  # noqa: E402
from hiner.core.network.presets import published_network  # noqa: E402

CASES = (
    ("indian_pines", (145, 145), 200, 500_000),
    ("indian_pines", (145, 145), 200, 1_000_000),
    ("pavia_university", (610, 340), 103, 500_000),
    ("pavia_university", (610, 340), 103, 1_000_000),
)


def weights(architecture, n_bands):
    """Random arrays and embeddings of a network."""
    random = np.random.default_rng(0)
    arrays = {
        name: random.normal(0, 0.05, shape).astype("f4")
        for name, shape in architecture.shapes.items()
    }
    return arrays, random.normal(size=architecture.embedding_shape(n_bands)).astype("f4")


def numpy_seconds(architecture, arrays, embeddings, size, n_timed):
    rows, cols = np.arange(size[0]), np.arange(size[1])
    numpy_network.decode(architecture, arrays, embeddings[0], rows, cols)
    started = time.perf_counter()
    for embedding in embeddings[:n_timed]:
        numpy_network.decode(architecture, arrays, embedding, rows, cols)
    return (time.perf_counter() - started) / n_timed


def peak_mib(architecture, arrays, embeddings, size):
    """The most memory that decoding one whole band takes, besides the network's own."""
    tracemalloc.start()
    numpy_network.decode(architecture, arrays, embeddings[0], np.arange(size[0]), np.arange(size[1]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def pixel_seconds(architecture, arrays, embeddings, size):
    """One pixel of one band: what an identify costs."""
    started = time.perf_counter()
    for i in range(20):
        row, col = np.array([i * 7 % size[0]]), np.array([i * 11 % size[1]])
        numpy_network.decode(architecture, arrays, embeddings[i], row, col)
    return (time.perf_counter() - started) / 20


def torch_seconds(architecture, arrays, embeddings, device):
    import torch
    from hiner.core.network.torch_decoding import TorchBands
    from hiner.core.training.device import threads_for

    with threads_for(torch, architecture.multiplications()), torch.inference_mode():
        bands = TorchBands(architecture, arrays, device)
        step = min(bands.batch_size(), len(embeddings))
        x = torch.from_numpy(embeddings).to(device)
        bands.run(x[:step])
        started = _now(torch, device)
        for start in range(0, len(embeddings), step):
            bands.run(x[start : start + step])
        return (_now(torch, device) - started) / len(embeddings)


def _now(torch, device):
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def measure(name, size, n_bands, n_parameters):
    architecture = published_network(name).architecture(*size, n_bands, n_parameters)
    arrays, embeddings = weights(architecture, n_bands)
    per_band = numpy_seconds(architecture, arrays, embeddings, size, min(20, n_bands))
    row = {
        "network": name,
        "parameters": architecture.parameters(n_bands),
        "numpy_ms_per_band": round(per_band * 1e3, 2),
        "numpy_s_per_cube": round(per_band * n_bands, 2),
        "numpy_ms_per_pixel": round(
            pixel_seconds(architecture, arrays, embeddings, size) * 1e3, 2
        ),
        "numpy_peak_mib": round(peak_mib(architecture, arrays, embeddings, size)),
    }
    try:
        import torch
    except ImportError:
        return row
    for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
        seconds = torch_seconds(architecture, arrays, embeddings, device)
        row[f"torch_{device}_ms_per_band"] = round(seconds * 1e3, 3)
        row[f"torch_{device}_bands_per_second"] = round(1 / seconds)
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", default=Path(__file__).parent / "results" / "decoding.json")
    options = parser.parse_args()
    rows = []
    for case in CASES:
        rows.append(measure(*case))
        print(rows[-1], flush=True)
    Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    Path(options.out).write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
