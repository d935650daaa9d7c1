"""A layer of a scene that has ground control points alone lies on the map where they say."""

from dataclasses import replace

import numpy as np
import pytest
from layer_scene import COLS, ROWS, utm_wkt

from hiner.core.hnr_file import HnrFile
from hiner.core.scene.description import Georeference, GroundControlPoint


def on_map(cols, rows):
    """A swath flown to the south-south-west, its lines bent a little."""
    angle = np.radians(192)
    along, across = 30 * (ROWS - rows), 30 * cols + 25 * np.sin(rows / 30)
    return 500_000 + across * np.cos(angle) + along * np.sin(angle), 4e6 - across * np.sin(angle) + along * np.cos(angle)


@pytest.fixture
def swath(variant):
    """A file of the scene as such a swath; its path."""
    points = tuple(
        GroundControlPoint(float(col), float(row), *map(float, on_map(col, row)))
        for row in range(0, ROWS + 1, 10) for col in range(0, COLS + 1, 10)
    )

    def bent(description):
        return replace(description, georeference=Georeference(utm_wkt(), None, points))

    return variant("swath.hnr", bent)


def test_it_lies_where_its_points_do(open_layer, swath):
    layer = open_layer(swath + "?wl=file")
    assert layer.crs().authid() == "EPSG:32633"
    extent = layer.extent()
    xs, ys = on_map(*np.meshgrid(np.linspace(0, COLS, 50), np.linspace(0, ROWS, 50)))
    bounds = extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
    np.testing.assert_allclose(bounds, (xs.min(), ys.min(), xs.max(), ys.max()), atol=10)


def test_a_point_on_the_map_has_its_pixels_value(open_layer, swath):
    from qgis.core import QgsPointXY

    provider = open_layer(swath + "?wl=file").dataProvider()
    scene = HnrFile(swath).read_bands([2])[0]
    for row, col in np.random.default_rng(6).integers(0, (ROWS, COLS), (40, 2)):
        value, found = provider.sample(QgsPointXY(*on_map(col + 0.5, row + 0.5)), 3)
        if scene[row, col]:
            assert (value, found) == (scene[row, col], True)
        else:
            assert not found


def test_its_picture_holds_its_pixels_and_nothing_around_them(open_layer, swath):
    layer = open_layer(swath + "?wl=file")
    provider, extent = layer.dataProvider(), layer.extent()
    scene = HnrFile(swath).read_bands([2])[0]
    width, height = 3 * layer.width(), 3 * layer.height()
    block = provider.block(3, extent, width, height)
    shown = np.frombuffer(bytes(block.data()), np.uint16).reshape(height, width)
    assert set(np.unique(shown)) <= {0, *np.unique(scene).tolist()}
    # A scene of equal pixels would fill as much of the picture as it has ground.
    share = (ROWS * COLS * 900) / (extent.width() * extent.height())
    assert (shown != 0).mean() == pytest.approx(share * (scene != 0).mean(), rel=0.03)


def test_points_that_place_nothing_leave_the_layer_on_its_pixels(open_layer, variant):
    def in_line(description):
        points = tuple(GroundControlPoint(float(n), float(n), 10.0 * n, 5.0 * n) for n in range(5))
        return replace(description, georeference=Georeference(utm_wkt(), None, points))

    layer = open_layer(variant("line.hnr", in_line))
    assert (layer.extent().xMaximum(), layer.extent().yMinimum()) == (COLS, -ROWS)
    assert not layer.crs().isValid()
