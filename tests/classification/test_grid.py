"""Samples find their pixels on images placed by a geotransform and by ground control points alike."""

import numpy as np
import pytest

from hiner.core.classification.labels.grid import Grid
from hiner.core.classification.labels.label_raster import _aligned
from hiner.core.classification.labels.labelled_shapes import Shape, samples_of_shapes
from hiner.core.classification.labels.legend import Label, legend_of
from hiner.core.errors import ParameterError
from hiner.core.scene.description import Band, Georeference, GroundControlPoint, SceneDescription

ROWS, COLS = 50, 70


def bent(cols, rows):
    return 3e5 + 19 * cols + 8 * rows + 0.04 * rows**2, 5e6 + 6 * cols - 20 * rows + 30 * np.sin(cols / 30)


def image(georeference):
    return SceneDescription(ROWS, COLS, (Band(), Band()), "int16", None, georeference, source="scene.hnr")


def swath(points=None, crs_wkt=""):
    points = points or [(col, row) for row in range(0, ROWS + 1, 5) for col in range(0, COLS + 1, 5)]
    return image(Georeference(
        crs_wkt, None, tuple(GroundControlPoint(float(c), float(r), *map(float, bent(c, r))) for c, r in points)
    ))


def test_a_polygon_on_pixels_edges_labels_those_pixels():
    """Its edges are bent with the ground: straight in pixels, they are not on the map."""
    first_row, first_col, n_rows, n_cols = 8, 12, 25, 40
    across, down = first_col + np.linspace(0, n_cols, 30), first_row + np.linspace(0, n_rows, 30)
    cols = np.concatenate([across, np.full(30, across[-1]), across[::-1], np.full(30, across[0])])
    rows = np.concatenate([np.full(30, down[0]), down, np.full(30, down[-1]), down[::-1]])
    labels = {"field": Label("field")}
    shape = Shape("field", np.empty((0, 2)), ([np.stack(bent(cols, rows), axis=1)],))
    samples = samples_of_shapes([shape], labels, legend_of(list(labels.values())), Grid(swath()))
    found = np.zeros((ROWS, COLS), bool)
    found[samples.rows, samples.cols] = True
    expected = np.zeros_like(found)
    expected[first_row:first_row + n_rows, first_col:first_col + n_cols] = True
    np.testing.assert_array_equal(found, expected)


def test_centres_are_found_again():
    grid = Grid(swath())
    rows, cols = (side.ravel() for side in np.mgrid[:ROWS, :COLS])
    found = grid.pixels(*grid.centres(rows, cols))
    np.testing.assert_allclose(found, [cols + 0.5, rows + 0.5], atol=0.01)


def test_a_raster_of_the_same_points_is_taken_pixel_on_pixel():
    one, other = Grid(swath()), Grid(swath([(0, 0), (COLS, 0), (0, ROWS), (COLS, ROWS)]))
    assert _aligned(one, Grid(swath()), swath()) is None
    assert _aligned(one, other, swath()) is other
    assert _aligned(one, Grid(swath(crs_wkt="GEOGCS[...]")), swath()) is not None


IN_LINE = tuple(GroundControlPoint(n, n, 3.0 * n, n) for n in range(5))


@pytest.mark.parametrize("georeference, told", [
    (Georeference("", None, IN_LINE), "too few, or lie on a line"),
    (Georeference("", (0.0, 1.0, 1.0, 0.0, 1.0, 1.0)), "all pixels on a line"),
])
def test_a_place_that_is_none_is_told(georeference, told):
    with pytest.raises(ParameterError, match=f"scene.hnr: its .*{told}"):
        Grid(image(georeference))
