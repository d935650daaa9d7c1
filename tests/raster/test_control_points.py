"""Scenes with ground control points lie on the map by splines through them, as gdalwarp -tps lays them."""

import numpy as np
import pytest
from osgeo import gdal, osr

from hiner.core.errors import ParameterError
from hiner.core.raster.control_points import ControlPointPlace
from hiner.core.raster.place import place_of
from hiner.core.scene.description import Georeference, GroundControlPoint

ROWS, COLS = 60, 80


def bent(cols, rows):
    """Somewhere on a map: turned, and bent by the ground."""
    return 500_000 + 28 * cols + 6 * rows + 40 * np.sin(rows / 25), 4_000_000 + 5 * cols - 29 * rows + 30 * np.cos(cols / 30)


def points(step=10):
    found = [(float(col), float(row)) for row in range(0, ROWS + 1, step) for col in range(0, COLS + 1, step)]
    return tuple(GroundControlPoint(col, row, *map(float, bent(col, row))) for col, row in found)


@pytest.fixture(scope="module")
def place():
    return ControlPointPlace(points())


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


def test_of_very_many_points_some_are_taken(place):
    many = ControlPointPlace(points(step=1))
    cols, rows = np.random.default_rng(3).uniform([5, 5], [COLS - 5, ROWS - 5], (100, 2)).T
    np.testing.assert_allclose(many.to_map(cols, rows), bent(cols, rows), atol=3)


@pytest.mark.parametrize("few", [points()[:2], points()[:9], points()[:1] * 20])
def test_points_on_a_line_are_no_place(few):
    with pytest.raises(ParameterError, match="too few, or lie on a line"):
        ControlPointPlace(few)


def test_a_geotransform_counts_before_points():
    place = place_of(Georeference("", (10.0, 2.0, 0.0, 50.0, 0.0, -2.0), points()))
    assert place.to_pixels(14, 44) == (2, 3)
    assert place_of(Georeference()) is None
