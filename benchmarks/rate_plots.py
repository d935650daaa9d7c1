"""Plots of the rate-distortion benchmark, one a scene, into docs/images."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from rate_tables import NAMES, SCENES, curves

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
STYLES = {
    "latent": ("C3", "o-", 2.2), "plain": ("C0", "s-", 1.2), "weights": ("C0", "s--", 1.0),
    "band_jpeg2000": ("C7", "^-", 1.2), "x265": ("C2", "v-", 1.2),
}  # fmt: skip


def draw(scenes, hiner):
    """One picture with a panel a scene; hiner: {scene: [row]} of published HINER."""
    figure, panels = plt.subplots(1, len(scenes), figsize=(4.6 * len(scenes), 4.4), constrained_layout=True, squeeze=False)
    for axes, (name, entry) in zip(panels[0], scenes.items()):
        for codec, rows in curves(entry).items():
            colour, style, width = STYLES[codec]
            rates, quality = [row["rate"] for row in rows], [row["psnr"] for row in rows]
            axes.plot(rates, quality, style, color=colour, linewidth=width, markersize=4, label=NAMES[codec].strip("*"))
        rows = hiner.get(name, [])
        if rows:
            rates, quality = [row["rate"] for row in rows], [row["psnr"] for row in rows]
            axes.plot(rates, quality, "kD", markersize=5, label="HINER as published")
        axes.set_xscale("log")
        axes.set_ylim(27.5, 57)
        axes.set_xlabel("Rate of the whole file (bits per sample)")
        axes.set_title(SCENES.get(name, name), fontsize=11)
        axes.grid(alpha=0.3, which="both", linewidth=0.5)
    panels[0][0].set_ylabel("PSNR (dB), mean over bands")
    handles, labels = panels[0][0].get_legend_handles_labels()
    # matplotlib 3.6 knows no legend "outside": it hangs under the figure and the picture is cut to hold it.
    legend = figure.legend(handles, labels, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncol=6, fontsize=9, frameon=False)
    figure.savefig(IMAGES / "rate_distortion.png", dpi=100, bbox_inches="tight", bbox_extra_artists=[legend])
    plt.close(figure)
