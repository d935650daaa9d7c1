"""A `.hnr` layer against the same scene as an uncompressed GeoTIFF, drawn by QGIS, in one run.

    QT_QPA_PLATFORM=offscreen python3 benchmarks/layer.py [--folder FOLDER] [--large]

Canvas of 1200x800 pixels, three bands, drawn as the map canvas draws. Indian Pines, and with --large 1024x1024 pixels
of it, mirrored. Seconds as they pass; a large `.hnr` layer shows a sketch first: sharp, when it is the scene itself.
The longest time that the GUI's thread did not come to its events; memory of the process over what it had before the
layer. FOLDER keeps the files between runs. Writes benchmarks/results/layer.json.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import scenes
from latent_speed import SIDE, mirrored
from machine import machine
from osgeo import gdal, osr
from package import import_checkout

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
import_checkout()

from hiner.core.codec import CompressOptions, compress  # noqa: E402
from hiner.core.raster.gdal_raster import open_raster  # noqa: E402
from hiner.core.raster.scene_reader import read_scene  # noqa: E402
from hiner.hiner_qgis.layer import cache  # noqa: E402
from hiner.hiner_qgis.layer.registration import LayerRegistration  # noqa: E402
from qgis.core import (  # noqa: E402
    Qgis,
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRaster,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QElapsedTimer, QSize, QTimer  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "layer.json"
SIZE, RATE, IDENTIFIES = QSize(1200, 800), 0.3, 500
SHOWN = ((650, 550, 450), (2200, 1650, 850))


def files_of(cube, wavelengths, folder, name):
    """(GeoTIFF, .hnr) of a cube, written where they are not there."""
    tif, hnr = folder / f"{name}.tif", folder / f"{name}.hnr"
    if not tif.exists():
        dataset = gdal.GetDriverByName("GTiff").Create(
            str(tif), cube.shape[2], cube.shape[1], len(cube), gdal.GDT_UInt16, ["TILED=YES", "INTERLEAVE=BAND", "BIGTIFF=IF_SAFER"]
        )  # fmt: skip
        place = osr.SpatialReference()
        place.ImportFromEPSG(32616)
        dataset.SetProjection(place.ExportToWkt())
        dataset.SetGeoTransform((500000, 20, 0, 4480000, 0, -20))
        for number, (band, wavelength) in enumerate(zip(cube, wavelengths), start=1):
            dataset.GetRasterBand(number).WriteArray(band)
            dataset.GetRasterBand(number).SetMetadataItem("wavelength", f"{wavelength:.2f}")
            dataset.GetRasterBand(number).SetMetadataItem("wavelength_units", "Nanometers")
        dataset = None
    if not hnr.exists():
        with open_raster(str(tif)) as source:
            scene = read_scene(source)
        compress(scene, hnr, CompressOptions(rate=RATE))
    return tif, hnr


class Watch:
    """Draws, and notes the longest time between two looks of the GUI's thread at its events."""

    def __init__(self, layer):
        self.layer, self.longest = layer, 0
        self._clock, self._timer = QElapsedTimer(), QTimer()
        self._timer.timeout.connect(self._look)

    def _look(self):
        self.longest = max(self.longest, self._clock.restart())

    def draw(self, extent):
        """Seconds for the map of an extent."""
        settings = QgsMapSettings()
        settings.setLayers([self.layer])
        settings.setDestinationCrs(self.layer.crs())
        settings.setOutputSize(SIZE)
        settings.setExtent(extent)
        # As the map canvas draws.
        settings.setFlag(settings.Flag.RenderPartialOutput, True)
        job = QgsMapRendererParallelJob(settings)
        self._clock.start()
        self._timer.start(5)
        started = time.perf_counter()
        job.start()
        while job.isActive():
            QgsApplication.processEvents()
            time.sleep(0.001)
        self._timer.stop()
        return time.perf_counter() - started

    def wait_until_sharp(self):
        """Seconds until nothing is decoded in the background any more."""
        self._clock.start()
        self._timer.start(5)
        started = time.perf_counter()
        QgsApplication.processEvents()
        while QgsApplication.taskManager().countActiveTasks():
            QgsApplication.processEvents()
            time.sleep(0.001)
        self._timer.stop()
        return time.perf_counter() - started


def measure(uri, provider, other):
    """Figures of one layer; other: a function that has the layer show other wavelengths."""
    memory, started = memory_mib(), time.perf_counter()
    layer = QgsRasterLayer(uri, "scene", provider)
    if not layer.isValid():
        raise RuntimeError(f"{uri} did not open: {layer.error().message()}")
    row = {"open": time.perf_counter() - started}
    watch, whole = Watch(layer), layer.extent()
    row["first"] = watch.draw(whole)
    row["sharp"] = row["first"] + watch.wait_until_sharp() + watch.draw(whole)
    row["again"] = watch.draw(whole)
    half = QgsRectangle(whole)
    half.scale(0.5)
    watch.draw(half)
    row["pans"] = sum(watch.draw(moved(half, step)) for step in range(10))
    row["zooms"] = sum(watch.draw(scaled(whole, 0.9 ** (step + 1))) for step in range(10))
    started = time.perf_counter()
    random = np.random.default_rng(0)
    for x, y in random.random((IDENTIFIES, 2)):
        point = QgsPointXY(whole.xMinimum() + x * whole.width(), whole.yMinimum() + y * whole.height())
        layer.dataProvider().identify(point, QgsRaster.IdentifyFormat.IdentifyFormatValue)
    row["identifies"] = time.perf_counter() - started
    other(layer)
    row["wavelengths"] = watch.draw(whole)
    row["wavelengths_sharp"] = row["wavelengths"] + watch.wait_until_sharp() + watch.draw(whole)
    row["blocked_ms"] = watch.longest
    row["memory_mib"] = memory_mib() - memory
    return {name: round(value, 3) for name, value in row.items()}


def moved(extent, step):
    out = QgsRectangle(extent)
    shift = (step % 5 - 2) * 0.05
    out.setXMinimum(extent.xMinimum() + shift * extent.width())
    out.setXMaximum(extent.xMaximum() + shift * extent.width())
    return out


def scaled(extent, factor):
    out = QgsRectangle(extent)
    out.scale(factor)
    return out


def memory_mib():
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def of_scene(cube, wavelengths, folder, name):
    tif, hnr = files_of(cube, wavelengths, folder, name)
    nearest = [int(np.abs(np.asarray(wavelengths) - w).argmin()) + 1 for w in SHOWN[1]]

    def other_bands(layer):
        for setter, number in zip(("setRedBand", "setGreenBand", "setBlueBand"), nearest):
            getattr(layer.renderer(), setter)(number)

    def other_wavelengths(layer):
        from hiner.hiner_qgis.docks.recolour import show_wavelengths

        show_wavelengths(layer, SHOWN[1])

    cache.SHARED.clear()
    wanted = ",".join(map(str, SHOWN[0]))
    return {
        "scene": name, "shape": cube.shape,
        "GeoTIFF": measure(str(tif), "gdal", other_bands),
        "hnr": measure(f"{hnr}?wl={wanted}", "hiner", other_wavelengths),
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--large", action="store_true")
    wishes = parser.parse_args()
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], True)
    application.initQgis()
    registration = LayerRegistration()
    registration.register()
    cube, wavelengths = scenes.load("indian_pines")
    todo = [("Indian Pines", cube)] + ([("1024x1024", np.ascontiguousarray(mirrored(cube, SIDE)))] if wishes.large else [])
    with tempfile.TemporaryDirectory() as scratch:
        folder = wishes.folder or Path(scratch)
        rows = [of_scene(cube, wavelengths, folder, name.replace(" ", "_")) for name, cube in todo]
        for row in rows:
            print(json.dumps(row), flush=True)
    RESULTS.write_text(json.dumps({"machine": {**machine(), "qgis": Qgis.version()}, "rate": RATE, "rows": rows}, indent=1) + "\n")
    registration.unregister()
    application.exitQgis()


if __name__ == "__main__":
    main()
