"""Swaths are turned so that north is up and east right, wherever on earth they lie, whichever way they were flown."""

import numpy as np
import pytest

from hiner.core.raster.arrays.north_up import turn_of, wrapped
from hiner.core.raster.arrays.swath import swath_place

PLACES = [(0, 9), (52, 13), (64, -148), (62, -114), (-60, 120), (-17, 179.99), (70, 100), (75, -40), (-33, -179.995)]


def swath(latitude, longitude, heading, shape=(60, 50), pixel_m=30.0):
    """Latitudes and longitudes of lines flown one after the other to a heading, degrees, pixels from left to right."""
    line, pixel = np.mgrid[:shape[0], :shape[1]] * pixel_m / 111_320
    along, right = np.deg2rad(heading), np.deg2rad(heading + 90)
    north = line * np.cos(along) + pixel * np.cos(right)
    east = line * np.sin(along) + pixel * np.sin(right)
    latitudes = latitude + north
    longitudes = longitude + east / np.cos(np.deg2rad(latitudes))
    return latitudes, (longitudes + 180) % 360 - 180


@pytest.mark.parametrize("latitude, longitude", PLACES)
@pytest.mark.parametrize("heading", [0, 12, 101, 168, 192, 259, 348])
@pytest.mark.parametrize("swapped", [False, True])
def test_first_row_is_north_and_first_column_west(latitude, longitude, heading, swapped):
    places = swath(latitude, longitude, heading)
    if swapped:
        places = [values.T for values in places]
    turn = turn_of(*places)
    lat, lon = map(turn.turned, places)
    assert lat[0].mean() > lat[-1].mean()
    assert wrapped(lon[:, -1] - lon[:, 0]).mean() > 0
    # Of the two ways to lay it, the one that is less askew.
    down = lat[-1, 0] - lat[0, 0], wrapped(lon[-1, 0] - lon[0, 0]) * np.cos(np.deg2rad(latitude))
    assert abs(down[0]) > abs(down[1])


@pytest.mark.parametrize("latitude, longitude", PLACES)
def test_control_points_lie_on_one_side_of_the_meridian(latitude, longitude):
    lat, lon = swath(latitude, longitude, 192)
    place, _ = swath_place(lat, lon)
    xs = [point.x for point in place.gcps]
    assert max(xs) - min(xs) < 0.2
    for point in place.gcps:
        row, col = int(point.row - 0.5), int(point.column - 0.5)
        assert point.y == lat[row, col]
        assert wrapped(point.x - lon[row, col]) == pytest.approx(0, abs=1e-9)


def test_without_places_a_plane_stays_as_it_is():
    nothing = np.full((4, 5), np.nan)
    plane = np.arange(20).reshape(4, 5)
    np.testing.assert_array_equal(turn_of(nothing, nothing).turned(plane), plane)
    place, notes = swath_place(nothing, nothing)
    assert not place.gcps
    assert "no pixel's place" in notes[0]
