"""A window covers its extent, and its georeference is GDAL's for that window."""

from dataclasses import replace

import numpy as np
import pytest

from hiner.core.decompression.place import georeference_of, window_of
from hiner.core.errors import ParameterError
from hiner.core.scene.description import Band, Georeference, GroundControlPoint, SceneDescription

NORTH_UP = (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
ROTATED = (1000.0, 3.0, 4.0, 2000.0, 4.0, -3.0)


def scene(transform):
    return SceneDescription(64, 128, (Band(), Band()), "int16", None, Georeference("", transform))


def place(transform, col, row):
    x0, dx, rx, y0, ry, dy = transform
    return x0 + col * dx + row * rx, y0 + col * ry + row * dy


def test_no_extent_is_the_whole_scene():
    assert window_of(scene(NORTH_UP), None) == (0, 0, 64, 128)


def test_an_extent_on_pixel_edges_gives_those_pixels():
    x0, y0 = place(NORTH_UP, 10, 20)
    x1, y1 = place(NORTH_UP, 15, 27)
    assert window_of(scene(NORTH_UP), (x0, y1, x1, y0)) == (20, 10, 7, 5)


def test_an_extent_inside_pixels_gives_all_it_touches_and_is_cut_at_the_scene():
    x0, y0 = place(NORTH_UP, 10.4, 60.2)
    x1, y1 = place(NORTH_UP, 300, 90)
    assert window_of(scene(NORTH_UP), (x0, y1, x1, y0)) == (60, 10, 4, 118)


def test_a_rotated_scene_is_covered():
    corners = np.array([place(ROTATED, c, r) for c in (40, 50) for r in (20, 30)])
    (xmin, ymin), (xmax, ymax) = corners.min(0), corners.max(0)
    row, col, n_rows, n_cols = window_of(scene(ROTATED), (xmin, ymin, xmax, ymax))
    assert row <= 20
    assert col <= 40
    assert row + n_rows >= 30
    assert col + n_cols >= 50


def bent(cols, rows):
    """Somewhere on a map: a swath, turned and bent."""
    return 4e5 + 28 * cols + 9 * rows + 0.05 * rows**2, 6e6 + 7 * cols - 29 * rows + 40 * np.sin(cols / 40)


def swath():
    points = tuple(
        GroundControlPoint(float(col), float(row), *map(float, bent(col, row)))
        for row in range(0, 65, 8) for col in range(0, 129, 8)
    )
    return replace(scene(None), georeference=Georeference("", None, points))


def test_of_a_bent_scene_an_extent_gives_the_pixels_inside_and_few_around():
    rows, cols = np.mgrid[:64, :128]
    xs, ys = bent(cols + 0.5, rows + 0.5)
    rng, n_found = np.random.default_rng(9), 0
    for _ in range(200):
        x, y = rng.uniform([xs.min() - 500, ys.min() - 500], [xs.max() + 500, ys.max() + 500])
        width, height = rng.choice([40, 300, 1500, 9000], 2)
        inside = (xs >= x) & (xs <= x + width) & (ys >= y) & (ys <= y + height)
        try:
            row, col, n_rows, n_cols = window_of(swath(), (x, y, x + width, y + height))
        except ParameterError:
            assert not inside.any()
            continue
        if inside.any():
            n_found += 1
            down, across = rows[inside], cols[inside]
            assert row <= down.min() and down.max() < row + n_rows
            assert col <= across.min() and across.max() < col + n_cols
            # An extent's corners may reach out of the scene, and its edges between pixels' centres.
            if x > xs.min() and y > ys.min() and x + width < xs.max() and y + height < ys.max() and width > 99 < height:
                assert n_rows <= np.ptp(down) + 0.6 * height / 29 + 4
    assert n_found > 40
    assert window_of(swath(), (0, 0, 1e7, 1e7)) == (0, 0, 64, 128)


def test_an_extent_beside_a_bent_scene_is_refused_with_the_place_where_it_lies():
    with pytest.raises(ParameterError, match=r"lies within x 400000\.\.40"):
        window_of(swath(), (0, 0, 10, 10))


def test_without_a_place_pixels_count_downwards_from_zero():
    assert window_of(scene(None), (10, -30, 20, -5)) == (5, 10, 25, 10)


def test_an_extent_beside_the_scene_is_refused():
    with pytest.raises(ParameterError, match="has no CRS") as refused:
        window_of(scene(NORTH_UP), (0, 0, 10, 10))
    assert "x 365055..368895, y 5805165..5807085" in str(refused.value)
    placed = replace(scene(NORTH_UP), georeference=Georeference("PROJCS[...]", NORTH_UP))
    with pytest.raises(ParameterError, match="5807085 in its own CRS"):
        window_of(placed, (0, 0, 10, 10))


def test_beside_a_scene_without_a_place_the_pixels_that_count_are_named():
    with pytest.raises(ParameterError, match=r"columns 0\.\.128, y as rows 0\.\.-64") as refused:
        window_of(scene(None), (0, 1, 10, 10))
    assert "CRS" not in str(refused.value)


@pytest.mark.parametrize("transform", [NORTH_UP, ROTATED])
def test_a_windows_georeference_leads_to_the_same_places(transform):
    moved = georeference_of(Georeference("", transform), (7, 11, 5, 5)).geotransform
    assert place(moved, 2, 3) == pytest.approx(place(transform, 13, 10))


def test_control_points_move_with_the_window():
    points = (GroundControlPoint(20.0, 30.0, 5.0, 6.0),)
    moved = georeference_of(Georeference("", None, points), (7, 11, 5, 5)).gcps[0]
    assert (moved.column, moved.row, moved.x, moved.y) == (9.0, 23.0, 5.0, 6.0)
