"""Scenes with ground control points lie on the map by splines through them, as gdalwarp -tps lays them."""

from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal, osr

from hiner.core.errors import ParameterError
from hiner.core.raster.control_points import ControlPointPlace
from hiner.core.raster.gdal_access import crs_of_epsg
from hiner.core.raster.place import place_of
from hiner.core.scene.description import Band, Georeference, GroundControlPoint, SceneDescription

ROWS, COLS = 60, 80


def bent(cols, rows):
    """Somewhere on a map: turned, and bent by the ground."""
    xs = 500_000 + 28 * cols + 6 * rows + 40 * np.sin(rows / 25)
    return xs, 4_000_000 + 5 * cols - 29 * rows + 30 * np.cos(cols / 30)


def points(step=10):
    found = [(float(col), float(row)) for row in range(0, ROWS + 1, step) for col in range(0, COLS + 1, step)]
    return tuple(GroundControlPoint(col, row, *map(float, bent(col, row))) for col, row in found)


@pytest.fixture(scope="module")
def place():
    return ControlPointPlace(points(), (ROWS, COLS))


def test_each_point_is_met(place):
    for point in points():
        assert place.to_map(point.column, point.row) == pytest.approx((point.x, point.y), abs=1e-3)
        assert place.to_pixels(point.x, point.y) == pytest.approx((point.column, point.row), abs=1e-4)


def test_between_points_the_ground_is_followed(place):
    cols, rows = np.random.default_rng(2).uniform([0, 0], [COLS, ROWS], (200, 2)).T
    xs, ys = place.to_map(cols, rows)
    np.testing.assert_allclose([xs, ys], bent(cols, rows), atol=3)  # a tenth of a pixel
    np.testing.assert_allclose(place.to_pixels(xs, ys), [cols, rows], atol=0.1)


def test_a_picture_is_that_of_its_pixels_one_by_one(place):
    xs, ys = np.linspace(500_300, 502_000, 131), np.linspace(3_998_600, 4_000_100, 87)
    quick = place.to_pixels_of_picture(xs[None, :], ys[:, None])
    each = place.to_pixels(xs[None, :], ys[:, None])
    np.testing.assert_allclose(quick, each, atol=0.1)
    for side in place.to_pixels_of_picture(xs[None, :1], ys[:1, None]):
        assert side.shape == (1, 1)


def test_as_gdalwarp_lays_it(place, tmp_path):
    scene = gdal.GetDriverByName("MEM").Create("", COLS, ROWS, 2, gdal.GDT_Float64)
    row, col = np.mgrid[:ROWS, :COLS]
    for number, values in enumerate((col, row), start=1):
        scene.GetRasterBand(number).WriteArray(values)
        scene.GetRasterBand(number).SetNoDataValue(-1)
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32633)
    scene.SetGCPs([gdal.GCP(p.x, p.y, 0, p.column, p.row) for p in points()], crs.ExportToWkt())
    laid = gdal.Warp("", scene, format="MEM", tps=True, xRes=20, yRes=20, errorThreshold=0, dstNodata=-1)
    x0, dx, _, y0, _, dy = laid.GetGeoTransform()
    xs, ys = x0 + dx * (np.arange(laid.RasterXSize) + 0.5), y0 + dy * (np.arange(laid.RasterYSize) + 0.5)
    cols, rows = map(np.floor, place.to_pixels(xs[None, :], ys[:, None]))
    inside = (cols >= 0) & (cols < COLS) & (rows >= 0) & (rows < ROWS)
    theirs = laid.ReadAsArray()
    assert (inside == (theirs[0] >= 0)).mean() > 0.999
    both = inside & (theirs[0] >= 0)
    assert ((cols == theirs[0]) & (rows == theirs[1]))[both].mean() > 0.999


def test_what_has_no_number_has_no_place(place):
    cols, rows = place.to_pixels([np.nan, 500_500], [4_000_000, 3_999_900])
    assert np.isnan([cols[0], rows[0]]).all()
    assert np.isfinite([cols[1], rows[1]]).all()


@pytest.mark.parametrize("n_down, n_across", [(61, 81), (400, 20), (20, 400), (400, 11), (300, 21), (3, 2000)])
def test_of_very_many_points_those_are_taken_that_lie_all_over(n_down, n_across):
    rows, cols = (side.ravel() for side in np.meshgrid(
        np.linspace(0, ROWS, n_down), np.linspace(0, COLS, n_across), indexing="ij"
    ))
    many = [GroundControlPoint(*map(float, p)) for p in zip(cols, rows, *bent(cols, rows))]
    place = ControlPointPlace(many, (ROWS, COLS))
    cols, rows = np.random.default_rng(3).uniform([2, 2], [COLS - 2, ROWS - 2], (100, 2)).T
    np.testing.assert_allclose(place.to_map(cols, rows), bent(cols, rows), atol=6)
    np.testing.assert_allclose(place.to_pixels(*bent(cols, rows)), [cols, rows], atol=0.2)


@pytest.mark.parametrize("angle", [0, 17, 30, 45, 90])
@pytest.mark.parametrize("shape", [(600, 15_000), (10_000, 320)])
def test_a_flight_line_is_no_line(angle, shape):
    """GDAL by itself takes long slanting strips for lines, without a word."""
    rows, cols = (side.ravel() for side in np.meshgrid(*(np.linspace(0, n, 12) for n in shape), indexing="ij"))
    turn = np.deg2rad(angle)
    xs = 4e5 + 2 * (cols * np.cos(turn) + rows * np.sin(turn))
    ys = 5e6 + 2 * (cols * np.sin(turn) - rows * np.cos(turn))
    place = ControlPointPlace([GroundControlPoint(*map(float, p)) for p in zip(cols, rows, xs, ys)], shape)
    np.testing.assert_allclose(place.to_pixels(xs, ys), [cols, rows], atol=1e-3)
    np.testing.assert_allclose(place.to_map(cols, rows), [xs, ys], atol=1e-3)
    assert place.pixel_size() == pytest.approx((2, 2))


def test_points_that_contradict_each_other_leave_the_others(place):
    near = [replace(points()[9], x=points()[9].x + 1), replace(points()[12], column=points()[12].column + 1)]
    other = ControlPointPlace([*points(), *near, points()[3]], (ROWS, COLS))
    cols, rows = np.random.default_rng(4).uniform([0, 0], [COLS, ROWS], (50, 2)).T
    np.testing.assert_allclose(other.to_map(cols, rows), place.to_map(cols, rows), atol=1e-6)


def test_there_and_back_is_where_it_was(place):
    cols, rows = np.random.default_rng(5).uniform([0, 0], [COLS, ROWS], (300, 2)).T
    np.testing.assert_allclose(place.to_pixels(*place.to_map(cols, rows)), [cols, rows], atol=2e-3)


def test_far_off_nothing_comes_back(place):
    """Whatever splines do there."""
    away = np.random.default_rng(6).uniform(-1e6, 1e6, (2, 3000)) + [[501_000], [3_999_000]]
    xmin, ymin, xmax, ymax = place.bounds
    outside = (away[0] < xmin) | (away[0] > xmax) | (away[1] < ymin) | (away[1] > ymax)
    cols, rows = place.to_pixels(*away[:, outside])
    assert not ((cols >= 0) & (cols < COLS) & (rows >= 0) & (rows < ROWS)).any()
    # Over the bounds it goes on without a leap.
    inside, beyond = place.to_pixels([xmax - 1e-3, xmax + 1e-3], [(ymin + ymax) / 2] * 2), place.to_pixels(xmax, ymin)
    assert np.abs(np.diff(inside)).max() < 1e-3
    assert np.isfinite(beyond).all()


def test_longitudes_may_be_written_either_way_across_the_180th_meridian():
    at = [(col, row, 179.9 + 0.003 * col, -17 - 0.003 * row) for row in range(0, 61, 10) for col in range(0, 81, 10)]
    description = SceneDescription(
        ROWS, COLS, (Band(),) * 2, "uint16", None,
        Georeference(crs_of_epsg(4326), None, tuple(GroundControlPoint(*map(float, p)) for p in at)),
    )
    place = place_of(description)
    np.testing.assert_allclose(place.to_pixels([180.05, -179.95], [-17.03, -17.03]), [[50, 50], [10, 10]], atol=1e-6)


def test_long_edges_are_bent_as_the_ground_is(place):
    corners = np.array([(10, 10), (70, 10), (70, 50), (10, 50), (10, 10)])
    xs, ys = place.to_map(*corners.T)
    cols, rows = place.ring_to_pixels(xs, ys)
    assert len(cols) > 12
    share = np.linspace(0, 1, 101)
    on_edge = place.to_pixels(xs[0] + share * (xs[1] - xs[0]), ys[0] + share * (ys[1] - ys[0]))
    first = int(np.argmin(np.hypot(cols - cols[0] - 60, rows - rows[0])))
    np.testing.assert_allclose(np.interp(on_edge[0], cols[:first + 1], rows[:first + 1]), on_edge[1], atol=0.05)


@pytest.mark.parametrize("few", [points()[:2], points()[:9], points()[:1] * 20])
def test_points_on_a_line_are_no_place(few):
    with pytest.raises(ParameterError, match="too few, or lie on a line"):
        ControlPointPlace(few, (ROWS, COLS))


@pytest.mark.parametrize("x", [1e300, float("inf"), float("nan")])
def test_absurd_points_are_no_place(x):
    with pytest.raises(ParameterError, match="ground control points"):
        ControlPointPlace([*points(), GroundControlPoint(5.0, 5.0, x, 4e6)], (ROWS, COLS))


def test_three_points_are_a_plane():
    three = (0.0, 0.0, 10.0, 50.0), (80.0, 0.0, 90.0, 50.0), (0.0, 60.0, 10.0, -10.0)
    place = ControlPointPlace([GroundControlPoint(*point) for point in three], (ROWS, COLS))
    np.testing.assert_allclose(place.to_pixels([50, 90], [30, -10]), [[40, 80], [20, 60]], atol=1e-6)


def test_a_geotransform_counts_before_points():
    georeference = Georeference("", (10.0, 2.0, 0.0, 50.0, 0.0, -2.0), points())
    place = place_of(SceneDescription(ROWS, COLS, (Band(),), "uint8", None, georeference))
    assert place.to_pixels(14, 44) == (2, 3)
    assert place_of(SceneDescription(ROWS, COLS, (Band(),), "uint8")) is None
