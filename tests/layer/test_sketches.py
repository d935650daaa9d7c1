"""A map of a large scene shows a sketch at once and the scene itself soon; all else gets the scene itself."""

import numpy as np
import pytest
from waiting import wait_for

pytest.importorskip("qgis.core")

from hiner.core.hnr_file import HnrFile
from hiner.core.simple import compress_array
from hiner.hiner_qgis.layer import cache, refining

ROWS, COLS = 300, 520


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    random = np.random.default_rng(0)
    planes = np.cumsum(np.cumsum(random.normal(size=(3, ROWS, COLS)), 1), 2)
    planes /= planes.std((1, 2))[:, None, None]
    cube = np.tensordot(random.normal(size=(8, 3)), planes, 1)
    cube = np.rint(2000 + 200 * cube).clip(1, 60000).astype("uint16")
    path = tmp_path_factory.mktemp("large") / "large.hnr"
    compress_array(cube, path, 450 + 50.0 * np.arange(8), rate=0.5)
    return str(path)


@pytest.fixture
def layer(open_layer, large):
    """A fresh layer in a project, nothing decoded."""
    from qgis.core import QgsProject

    cache.SHARED.clear()
    # Tests of the registration end it for all.
    refining.begin()
    layer = open_layer(large + "?wl=file")
    QgsProject.instance().addMapLayer(layer, False)
    yield layer
    QgsProject.instance().takeMapLayer(layer)
    refining.current().stop()


def feedback(partial):
    from qgis.core import QgsRasterBlockFeedback

    made = QgsRasterBlockFeedback()
    made.setRenderPartialOutput(partial)
    return made


def values(layer, of_map):
    block = layer.dataProvider().block(3, layer.extent(), COLS, ROWS, feedback(of_map))
    return np.frombuffer(bytes(block.data()), "u2").reshape(ROWS, COLS)


def test_a_map_gets_a_sketch_then_a_repaint_then_the_scene_itself(registered, layer, large):
    whole, repaints = HnrFile(large).read_bands([2])[0], []
    layer.repaintRequested.connect(lambda *_: repaints.append(1))
    sketch = values(layer, True)
    assert not np.array_equal(sketch, whole)
    assert np.corrcoef(sketch.ravel().astype(float), whole.ravel().astype(float))[0, 1] > 0.5
    wait_for(registered, lambda: repaints and np.array_equal(values(layer, True), whole))


def test_all_but_maps_get_the_scene_itself_at_once(registered, layer, large):
    assert np.array_equal(values(layer, False), HnrFile(large).read_bands([2])[0])


def test_another_band_of_a_decoded_scene_is_drawn_at_once(registered, layer, large):
    values(layer, False)
    block = layer.dataProvider().block(6, layer.extent(), COLS, ROWS, feedback(True))
    drawn = np.frombuffer(bytes(block.data()), "u2").reshape(ROWS, COLS)
    assert np.array_equal(drawn, HnrFile(large).read_bands([5])[0])


def test_a_refiner_that_is_stopped_ends_its_work(registered, layer):
    values(layer, True)
    registered.processEvents()
    refining.current().stop()
    assert len(refining.current().wishes) == 0
    wait_for(registered, lambda: registered.taskManager().countActiveTasks() == 0)


@pytest.mark.parametrize("is_in_project", [False, True])
def test_a_layer_on_a_canvas_is_drawn_again_once_in_the_project_or_not(registered, layer, is_in_project):
    from qgis.core import QgsProject
    from qgis.gui import QgsMapCanvas

    if not is_in_project:
        QgsProject.instance().takeMapLayer(layer)
    canvases, repaints = [QgsMapCanvas(), QgsMapCanvas()], []
    for canvas in canvases:
        canvas.setLayers([layer])
    layer.repaintRequested.connect(lambda *_: repaints.append(1))
    refining.current().show({layer.dataProvider().shown.opened})
    wait_for(registered, lambda: repaints)
    assert len(repaints) == 1
    for canvas in canvases:
        canvas.setLayers([])
        canvas.deleteLater()
    registered.processEvents()


@pytest.mark.parametrize("is_preview", [False, True])
def test_the_views_around_a_map_are_not_decoded(registered, layer, monkeypatch, is_preview):
    """A canvas draws them in advance, with the flag of a preview, where the provider lets it."""
    from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize

    from hiner.hiner_qgis.layer import values as of_layer

    asked, read = [], of_layer.LayerValues.read
    monkeypatch.setattr(of_layer.LayerValues, "read", lambda *given: asked.append(1) or read(*given))
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(COLS, ROWS))
    settings.setFlag(QgsMapSettings.Flag.RenderPreviewJob, is_preview)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    assert bool(asked) != is_preview
