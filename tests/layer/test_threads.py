"""Many threads draw the same layers at once, over and over, and can be stopped."""

import gc
import threading
import time

import numpy as np
import pytest
from layer_scene import COLS, ROWS
from waiting import wait_for

from hiner.core.hnr_file import HnrFile
from hiner.hiner_qgis.layer import cache


@pytest.fixture
def map_of(qgis):
    """A function that gives the settings of a map of a layer, of a size in pixels."""
    from qgis.core import QgsMapSettings
    from qgis.PyQt.QtCore import QSize

    def make(layer, width, height, extent=None):
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(layer.crs())
        settings.setExtent(extent or layer.extent())
        settings.setOutputSize(QSize(width, height))
        return settings

    return make


def _finish(application, jobs):
    wait_for(application, lambda: not any(job.isActive() for job in jobs), 120)


def test_forty_maps_drawn_at_once_are_the_same_picture(registered, open_layer, hnr_path, map_of):
    from qgis.core import QgsMapRendererParallelJob

    layers = [open_layer(hnr_path + query) for query in ("?wl=650,550,450", "?wl=650,550,450")]
    cache.SHARED.clear()
    jobs = [QgsMapRendererParallelJob(map_of(layers[i % 2], 300, 240)) for i in range(40)]
    for job in jobs:
        job.start()
    _finish(registered, jobs)
    images = [job.renderedImage() for job in jobs]
    assert not images[0].isNull()
    assert all(image == images[0] for image in images[1:])
    assert all(not job.errors() for job in jobs)


def test_forty_threads_read_the_decoders_samples(open_layer, hnr_path, array_of):
    layer = open_layer(hnr_path + "?wl=file")
    expected = HnrFile(hnr_path).read_bands(range(12))
    extent, wrong = layer.extent(), []
    clones = [layer.dataProvider().clone() for _ in range(40)]
    cache.SHARED.clear()

    def work(provider, shift):
        for k in range(12):
            band = (k + shift) % 12
            values = array_of(provider.block(band + 1, extent, COLS, ROWS))
            if not np.array_equal(values, expected[band]):
                wrong.append(band)

    threads = [threading.Thread(target=work, args=(clone, i)) for i, clone in enumerate(clones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_redraw_decodes_each_band_once(registered, open_layer, hnr_path, map_of, monkeypatch):
    from qgis.core import QgsMapRendererParallelJob

    windows, read = [], HnrFile.read_points

    def watched(self, points, *rest):
        windows.append((points, rest[0]))
        return read(self, points, *rest)

    layer = open_layer(hnr_path + "?wl=651,551,451")
    cache.SHARED.clear()
    monkeypatch.setattr(HnrFile, "read_points", watched)
    for _ in range(2):
        job = QgsMapRendererParallelJob(map_of(layer, 700, 500))
        job.start()
        _finish(registered, [job])
        assert len(windows) == 3


def _memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def test_three_hundred_redraws_do_not_take_more_and_more_memory(registered, open_layer, hnr_path, map_of):
    """Decoded anew each time, with providers cloned and blocks handed to QGIS."""
    from qgis.core import QgsMapRendererParallelJob

    layer = open_layer(hnr_path + "?wl=650,550,450")

    def draw(count):
        for _ in range(count):
            cache.SHARED.clear()
            job = QgsMapRendererParallelJob(map_of(layer, 300, 240))
            job.start()
            _finish(registered, [job])
        gc.collect()

    draw(60)
    before = _memory()
    draw(300)
    # A leaked picture is 288 kB, a leaked block 72 kB: 300 of either would be 21 MB and more.
    assert _memory() - before < 12e6


def test_a_cancelled_redraw_ends_soon(registered, open_layer, hnr_path, map_of, monkeypatch):
    """The decoder asks now and then whether to go on; here it would take a minute."""
    from qgis.core import QgsMapRendererParallelJob

    started = threading.Event()

    def slow(self, points, window, shape, check, coarse):
        started.set()
        for _ in range(6000):
            time.sleep(0.01)
            check()
        return np.zeros((1, *(shape or window[2:])), "f4")

    layer = open_layer(hnr_path + "?wl=651,551,451")
    cache.SHARED.clear()
    monkeypatch.setattr(HnrFile, "read_points", slow)
    job = QgsMapRendererParallelJob(map_of(layer, 300, 240))
    job.start()
    assert started.wait(20)
    begin = time.monotonic()
    job.cancelWithoutBlocking()
    _finish(registered, [job])
    assert time.monotonic() - begin < 0.5


def test_layers_opened_and_closed_leave_nothing_open(registered, hnr_path):
    from qgis.core import QgsRasterLayer

    from hiner.hiner_qgis.layer import open_files

    def count():
        return sum(1 for key in list(open_files._opened) if key[0] == hnr_path)

    layers = [QgsRasterLayer(hnr_path + "?wl=file", "scene", "hiner") for _ in range(5)]
    assert count() == 1
    layers.clear()
    gc.collect()
    assert count() == 0


def test_providers_cloned_for_a_redraw_are_gone_after_it(registered, open_layer, hnr_path, map_of):
    from qgis.core import QgsMapRendererParallelJob

    from hiner.hiner_qgis.layer.provider import HinerDataProvider

    def count():
        gc.collect()
        return sum(type(one) is HinerDataProvider for one in gc.get_objects())

    layer = open_layer(hnr_path)
    before = count()
    for _ in range(10):
        job = QgsMapRendererParallelJob(map_of(layer, 60, 50))
        job.start()
        _finish(registered, [job])
    del job
    assert count() <= before
