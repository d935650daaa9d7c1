"""Classes without a colour get the one their name suggests, and no two the same while there are others."""

import colorsys

import pytest

from hiner.core.classification.labels.class_colours import class_colours


def hue_of(colour):
    """Degrees around the circle of colours: 0 red, 120 green, 240 blue."""
    return 360 * colorsys.rgb_to_hls(*(int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5)))[0]


@pytest.mark.parametrize(
    ("names", "least", "most"),
    [
        (["Water", "Open water", "LAKE", "river_2"], 190, 250), (["Forest", "Trees", "broad-leaved woodland"], 80, 160),
        (["Grassland", "low vegetation"], 70, 120), (["Bare soil", "sand"], 15, 45), (["Built-up", "Urban area"], 0, 15),
    ],
)
def test_a_name_suggests_its_colour(names, least, most):
    for name in names:
        assert least <= hue_of(class_colours([name])[0]) <= most, name


@pytest.mark.parametrize("name", ["Corn-notill", "Class 3", "Seattle", "Icelandic moss", "", "woven", "Soilless"])
def test_a_name_that_suggests_none_gets_another(name):
    assert class_colours([name]) == ["#332288"]


def test_classes_that_suggest_one_colour_do_not_share_it():
    names = ["Corn", "Forest", "Oats", "Woods", "Water", "Wheat", "Tree"]
    colours = class_colours(names)
    assert len(set(colours)) == len(names)
