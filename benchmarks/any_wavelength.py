"""Is a wavelength between two bands worth decoding?

    python3 benchmarks/any_wavelength.py

Trains on every second band of each detector (the scene's `SpectralGrid`) and decodes the bands left
out, at their wavelengths, in four ways: from the stored embeddings on the line between the two
neighbours' (`stored`), from an embedding network that is asked for the wavelength itself (`network`;
it would have to be in the file: its parameters are given), by the mean of the two decoded
neighbours, weighted by distance (`neighbours`, the bar), and that mean of the original neighbours.
PSNR: per left-out band in its own range, mean over bands, weights in floating point.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from machine import machine
from package import import_checkout
from scenes import load

import_checkout()

import torch  # noqa: E402
from hiner.core.network.architecture import widest  # noqa: E402
from hiner.core.network.geometry import choose_strides  # noqa: E402
from hiner.core.network.torch_network import load_decoder  # noqa: E402
from hiner.core.scene.scene import Validity  # noqa: E402
from hiner.core.spectral.grid import SpectralGrid  # noqa: E402
from hiner.core.training import trainer  # noqa: E402
from hiner.core.training.model import Codec  # noqa: E402
from hiner.core.training.schedule import Schedule  # noqa: E402
from hiner.core.training.targets import BandTargets  # noqa: E402

SCENES = {"jasper_ridge": (65_000, 60), "enmap_potsdam": (75_000, 60), "indian_pines": (250_000, 40)}


class NetworkCodec(Codec):
    """Asks its embedding network for the wavelengths themselves, in training too."""

    last = None

    def __init__(self, *args):
        super().__init__(*args)
        NetworkCodec.last = self

    def forward(self, bands, partners=None, fractions=None):
        positions = self.positions[bands]
        if partners is not None:
            positions = torch.lerp(positions, self.positions[partners], fractions)
        return self.decoder(self.embedding(positions))[:, 0]


class Halves:
    """Every second band of each stretch to train on, those between to be left out."""

    def __init__(self, cube, wavelengths):
        whole = SpectralGrid(wavelengths, None, np.ones(len(cube), bool))
        trained, left_out, self.pairs, upper = [], [], [], {}
        for stretch in whole.stretches:
            trained += stretch[::2]
            for low, middle, high in zip(stretch[::2], stretch[1::2], stretch[2::2]):
                left_out.append(middle)
                upper[low] = high
                span = wavelengths[high] - wavelengths[low]
                self.pairs.append((low, high, (wavelengths[middle] - wavelengths[low]) / span))
        self.trained, self.left_out = np.array(trained), np.array(left_out)
        self.row = {band: row for row, band in enumerate(trained)}
        neighbours = [self.row.get(upper.get(band), -1) for band in trained]
        every = Validity(np.ones(cube.shape[1:], bool), np.ones(len(cube), bool), {})
        self.low, self.high = cube.min((1, 2)).astype("f8"), cube.max((1, 2)).astype("f8")
        self.cube, self.normalised = cube, whole.normalised
        self.targets = BandTargets(
            cube, every, self.low, self.high, whole.normalised, self.trained, neighbours
        )

    def psnr(self, decoded):
        """Mean PSNR of left-out bands, (left out, rows, cols) in stored units."""
        span = (self.high - self.low)[self.left_out]
        error = ((decoded - self.cube[self.left_out]) ** 2).mean((1, 2))
        return round(float((20 * np.log10(span) - 10 * np.log10(error)).mean()), 2)

    def scaled(self, values):
        """Left-out bands from [0, 1] to stored units, by the range between the neighbours'."""
        low = np.array([self.low[a] * (1 - t) + self.low[b] * t for a, b, t in self.pairs])
        high = np.array([self.high[a] * (1 - t) + self.high[b] * t for a, b, t in self.pairs])
        return values * (high - low)[:, None, None] + low[:, None, None]

    def between(self, bands):
        """Distance-weighted means of the neighbours; `bands` maps a band to (rows, cols)."""
        return np.stack([bands(a) * (1 - t) + bands(b) * t for a, b, t in self.pairs])


def decode(decoder, embeddings):
    with torch.no_grad():
        return np.stack([decoder(torch.as_tensor(e)[None])[0, 0].numpy() for e in embeddings])


def train(halves, architecture, epochs, codec):
    trainer.Codec = codec
    trained = trainer.train(halves.targets, architecture, Schedule(epochs=epochs, residual=codec is Codec))
    return load_decoder(architecture, trained.arrays), trained.embeddings


def measure(name, size, epochs):
    cube, wavelengths = load(name)
    halves = Halves(cube, wavelengths)
    rows, cols = cube.shape[1:]
    architecture = widest((rows, cols), choose_strides(rows, cols), len(halves.trained), size)
    decoder, embeddings = train(halves, architecture, epochs, Codec)
    decoded = decode(decoder, embeddings)
    span = (halves.high - halves.low)[halves.trained][:, None, None]
    own = decoded * span + halves.low[halves.trained][:, None, None]
    error = ((own - cube[halves.trained]) ** 2).mean((1, 2))
    line = [embeddings[halves.row[a]] * (1 - t) + embeddings[halves.row[b]] * t
            for a, b, t in halves.pairs]
    row = {
        "scene": name,
        "parameters": architecture.parameters(len(halves.trained)),
        "epochs": epochs,
        "trained_bands": round(float((20 * np.log10(span[:, 0, 0]) - 10 * np.log10(error)).mean()), 2),
        "neighbours": halves.psnr(halves.between(lambda band: own[halves.row[band]])),
        "stored": halves.psnr(halves.scaled(decode(decoder, line))),
        "original_neighbours": halves.psnr(halves.between(lambda band: cube[band].astype("f8"))),
    }
    decoder, embeddings = train(halves, architecture, epochs, NetworkCodec)
    positions = torch.as_tensor(halves.normalised[halves.left_out], dtype=torch.float32)
    with torch.no_grad():
        asked = NetworkCodec.last.embedding(positions).numpy()
    own = decode(decoder, embeddings) * span + halves.low[halves.trained][:, None, None]
    row["network"] = halves.psnr(halves.scaled(decode(decoder, asked)))
    row["network_neighbours"] = halves.psnr(halves.between(lambda band: own[halves.row[band]]))
    row["network_parameters"] = sum(p.numel() for p in NetworkCodec.last.embedding.parameters())
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--scenes", nargs="+", default=list(SCENES))
    parser.add_argument("--out", default=Path(__file__).parent / "results" / "any_wavelength.json")
    options = parser.parse_args()
    rows = []
    for name in options.scenes:
        rows.append(measure(name, *SCENES[name]))
        print(rows[-1], flush=True)
    Path(options.out).parent.mkdir(parents=True, exist_ok=True)
    Path(options.out).write_text(json.dumps({"machine": machine(), "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
