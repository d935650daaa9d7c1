"""The pictures of docs/method.md, from the sample scene compressed with the method `latent`.

    python3 benchmarks/method_pictures.py
"""

import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import scenes
from package import import_checkout

import_checkout()

from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.methods.latent import pchip  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
SHOWN = 4
PSNR = 38


def sides(hnr):
    """(decoder, its ScenePlanes, wavelengths, (bands, 1 + K) loadings) of a file."""
    decoder = hnr.decoder
    return decoder, decoder._planes, np.array(hnr.description.wavelengths), decoder._matrix


def spectral_side(figure, wavelengths, loadings):
    """Loadings of the first planes over the wavelength: bands as dots, the curve between them."""
    axes = figure.subplots(1, 1)
    # The first detector's run, 420 to 1000 nm.
    run = np.arange(int(np.argmax(np.diff(wavelengths) < 0)) + 1)
    x, y = wavelengths[run], loadings[run, 1 : 1 + SHOWN]
    y = y / np.abs(y).max(0)
    fine = np.concatenate([[(i, t) for t in np.linspace(0, 1, 12, endpoint=False)] for i in range(len(x) - 1)])
    at = [x[int(i)] + t * (x[int(i) + 1] - x[int(i)]) for i, t in fine]
    curve = np.array([pchip.between(x, y, int(i), t) for i, t in fine])
    for k in range(SHOWN):
        line = axes.plot(at, curve[:, k] - 2.4 * k, linewidth=1)[0]
        axes.plot(x, y[:, k] - 2.4 * k, ".", color=line.get_color(), markersize=4)
        axes.text(x[-1] + 8, y[-1, k] - 2.4 * k, f"$w_{k + 1}$", color=line.get_color(), va="center")
    axes.set_yticks([])
    axes.set_xlabel("Wavelength (nm)")
    axes.set_xlim(x[0] - 15, x[-1] + 70)
    figure.suptitle("Spectral side: a loading for each plane and wavelength", fontsize=11)


def spatial_side(figure, planes, decoder):
    """The first planes, and the quantised coefficients that they are made of."""
    axes = figure.subplots(SHOWN, 2)
    tile = planes._decoder(0, 0, None)
    for k, (left, right) in enumerate(axes):
        plane = decoder._planes.tile(0)[k]
        low, high = np.percentile(plane, (2, 98))
        left.imshow(plane, cmap="gray", vmin=low, vmax=high)
        left.set_ylabel(f"$f_{k + 1}$", fontsize=11, rotation=0, labelpad=14, va="center")
        right.imshow(mosaic(tile, k), cmap="RdBu", vmin=-9, vmax=9, interpolation="nearest")
    axes[0, 0].set_title("Plane", fontsize=10)
    axes[0, 1].set_title("Coefficients, whole steps (white: 0)", fontsize=10)
    for place in axes.flat:
        place.set_xticks([])
        place.set_yticks([])
    figure.suptitle("Spatial side: a plane for each loading", fontsize=11)


def mosaic(tile, k):
    """The subbands of a plane in their usual places."""
    out = tile.low[k]
    for hl, lh, hh in reversed(tile.details):
        rows, cols = out.shape
        whole = np.zeros((rows + lh.shape[1], cols + hl.shape[2]), int)
        whole[:rows, :cols] = out
        whole[:rows, cols:], whole[rows:, :cols], whole[rows:, cols:] = hl[k], lh[k], hh[k]
        out = whole
    return out


def main():
    cube, wavelengths = scenes.load("enmap_potsdam")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.hnr"
        compress_array(cube, path, wavelengths, target_psnr=PSNR)
        hnr = HnrFile(path)
        decoder, planes, centres, loadings = sides(hnr)
        whole = plt.figure(figsize=(11, 5.4), layout="constrained")
        left, right = whole.subfigures(1, 2, width_ratios=(1, 1.25))
        spectral_side(left, centres, loadings)
        spatial_side(right, planes, decoder)
        whole.savefig(IMAGES / "latent_sides.png", dpi=110)


if __name__ == "__main__":
    main()
