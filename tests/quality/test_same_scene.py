"""A raster of another place or with other wavelengths is told from the one that a file was made of."""

from dataclasses import replace

import numpy as np
import pytest

from hiner.core.quality.same_scene import differences
from hiner.core.scene.description import Band, Georeference, GroundControlPoint, SceneDescription

NORTH_UP = (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
BANDS = (Band(500.0), Band(510.0))
SCENE = SceneDescription(64, 128, BANDS, "int16", None, Georeference("", NORTH_UP))


def at(*transform):
    return replace(SCENE, georeference=Georeference("", transform or None))


def moved(east):
    return at(NORTH_UP[0] + east, *NORTH_UP[1:])


@pytest.mark.parametrize("other", [SCENE, moved(1.0), replace(SCENE, bands=(Band(500.4), Band(509.6)))])
def test_a_copy_that_rounds_is_the_same(other):
    assert differences(other, SCENE) == ()


def test_nothing_known_of_both_is_no_difference():
    bare = replace(at(), bands=(Band(), Band()))
    assert differences(bare, bare) == ()


def test_bad_bands_without_a_wavelength_hide_no_difference_of_the_others():
    bad = Band(None, good=False)
    one, other = (replace(SCENE, bands=(bad, *bands)) for bands in (BANDS, (Band(500.0), Band(520.0))))
    assert differences(one, one) == ()
    assert "band 3 is at 510.0 nm in the raster, at 520.0 nm" in differences(one, other)[0]


def test_a_scene_beside_it_is_told_with_its_distance():
    (text,) = differences(moved(60.0), SCENE)
    assert "up to 2.0 pixels apart" in text


def swath(east, n_points=5):
    """The scene by ground control points, so many units to the east."""
    at_pixels = [(col, row) for row in np.linspace(0, 64, n_points) for col in np.linspace(0, 128, n_points)]
    x0, dx, _, y0, _, dy = NORTH_UP
    points = (
        GroundControlPoint(col, row, x0 + east + dx * col + 0.01 * row**2, y0 + dy * row) for col, row in at_pixels
    )
    return replace(SCENE, georeference=Georeference("", None, tuple(points)))


def test_swaths_are_compared_where_their_points_place_them():
    assert differences(swath(0), swath(0, n_points=4)) == ()
    assert "up to 2.0 pixels apart" in differences(swath(60), swath(0))[0]
    # Straight, it lies as far beside as the swath is bent.
    assert "up to 1.4 pixels apart" in differences(SCENE, swath(0))[0]


def test_points_that_place_nothing_are_no_place():
    in_line = Georeference("", None, tuple(GroundControlPoint(n, n, n, n) for n in range(4)))
    (text,) = differences(SCENE, replace(SCENE, georeference=in_line))
    assert "The file has no georeference" in text


def test_a_scene_far_away_and_other_pixels_are_told():
    assert "more than 1000 pixels" in differences(moved(1e6), SCENE)[0]
    (text,) = differences(at(365055.0, 31.0, 0.0, 5807085.0, 0.0, -30.0), SCENE)
    assert "not of the same place" in text


def test_places_in_another_crs_are_brought_over_first():
    def to_held(xs, ys):
        return xs - 1000.0, ys

    assert differences(moved(1000.0), SCENE, to_held) == ()

    def nowhere(xs, ys):
        return np.full_like(xs, np.nan), np.full_like(ys, np.nan)

    assert "no places" in differences(SCENE, SCENE, nowhere)[0]


@pytest.mark.parametrize(("shift", "told"), [(0.0, False), (5000.0, True)])
def test_a_corner_that_the_files_system_has_no_place_for_is_not_compared(shift, told):
    def to_held(xs, ys):
        # As at a pole, which the file's projection does not have.
        return np.where(np.arange(len(xs)) == 1, np.nan, xs + shift), ys

    assert bool(differences(SCENE, SCENE, to_held)) == told


def test_a_copy_without_a_place_is_told_as_such():
    assert "The raster has no georeference" in differences(at(), SCENE)[0]
    assert "The file has no georeference" in differences(SCENE, at())[0]


def test_other_wavelengths_are_told_with_the_band():
    (text,) = differences(replace(SCENE, bands=(Band(500.0), Band(620.0))), SCENE)
    assert "band 2 is at 620.0 nm in the raster, at 510.0 nm in the file" in text
