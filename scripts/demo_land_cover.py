"""The demo's map of classes as a picture: the scene in true colour, the map beside it, the classes' legend below.

    python3 scripts/demo_land_cover.py SCENE MAP PICTURE
"""

import sys

import matplotlib
import numpy as np
from matplotlib.patches import Patch
from osgeo import gdal

gdal.UseExceptions()
matplotlib.use("Agg")
from matplotlib import pyplot as plt  # noqa: E402

TRUE_COLOUR_NM = 647.0, 551.0, 449.0
GAP = 0.03  # of a panel's width


def scene_picture(path):
    """(rows, cols, 3) of a raster with wavelengths, each band from its 2nd to its 98th percentile."""
    dataset = gdal.Open(path)
    numbers = range(1, dataset.RasterCount + 1)
    places = np.array([float(dataset.GetRasterBand(n).GetMetadataItem("wavelength")) for n in numbers])
    layers = []
    for wavelength in TRUE_COLOUR_NM:
        band = dataset.GetRasterBand(int(np.abs(places - wavelength).argmin()) + 1)
        samples = band.ReadAsArray().astype(float)
        low, high = np.percentile(samples[samples != band.GetNoDataValue()], (2, 98))
        layers.append(np.clip((samples - low) / (high - low), 0, 1))
    return np.stack(layers, axis=-1)


def class_picture(path):
    """((rows, cols, 3), [(name, colour)]) of a map with category names and a colour table."""
    dataset = gdal.Open(path)
    dataset.GetGeoTransform()  # without which GDAL 3.6 does not read the names
    band = dataset.GetRasterBand(1)
    values, table, names = band.ReadAsArray(), band.GetColorTable(), band.GetCategoryNames()
    colours = np.array([table.GetColorEntry(n)[:3] for n in range(table.GetCount())]) / 255
    return colours[values], [(name, colours[n]) for n, name in enumerate(names) if name]


def main(scene, classes, picture):
    seen = scene_picture(scene)
    mapped, legend = class_picture(classes)
    rows, cols = mapped.shape[:2]
    width = 9.6
    figure = plt.figure(figsize=(width, width * rows / cols * (1 - GAP) / 2 + 0.75), dpi=125)
    height = width * rows / cols * (1 - GAP) / 2 / figure.get_figheight()
    bottom = 0.42 / figure.get_figheight()
    panels = ((0, seen, "EnMAP, true colour"), (1, mapped, "Land cover"))
    for place, image, title in panels:
        axes = figure.add_axes((place * (1 + GAP) / 2, bottom, (1 - GAP) / 2, height))
        axes.imshow(image, interpolation="nearest", aspect="auto")
        axes.set_title(title, fontsize=10, loc="left", pad=4)
        axes.set_axis_off()
    figure.legend(
        handles=[Patch(color=colour, label=name) for name, colour in legend], loc="lower left", ncol=len(legend),
        frameon=False, fontsize=10, borderaxespad=0.3, handlelength=1.1, handleheight=1.0, columnspacing=1.6,
        bbox_to_anchor=(0, 0),
    )
    figure.savefig(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
