"""A map's classes against a reference's, however both name them."""

import numpy as np
import pytest

from hiner.core.classification.accuracy import accuracy_of
from hiner.core.classification.assessment import Assessment, assess
from hiner.core.classification.labels.legend import Label
from hiner.core.classification.labels.samples import LandCover, samples_of_pixels
from hiner.core.errors import ParameterError
from hiner.core.report.accuracy import accuracy_html
from hiner.core.scene.description import Band, SceneDescription


class MapSource:
    """A map of classes, (rows, cols), that reads like an open raster."""

    def __init__(self, mapped):
        self._mapped = mapped
        self.description = SceneDescription(*mapped.shape, (Band(None),), mapped.dtype.name, source="made.tif")

    def read(self, bands, row, col, n_rows, n_cols):
        return self._mapped[None, row:row + n_rows, col:col + n_cols]

    def valid(self, samples, row, col):
        return np.ones(samples.shape, dtype=bool)


def assessed(mapped, reference, map_labels=(), reference_labels=None):
    """Assessment of a row of pixels; reference: the key of each pixel's label."""
    mapped = np.array([mapped])
    reference_labels = reference_labels or [Label(key) for key in dict.fromkeys(reference)]
    labels = {label.key: label for label in reference_labels}

    def samples_for(legend):
        values = legend.matched(labels.values())
        rows, cols = np.indices(mapped.shape).reshape(2, -1)
        return samples_of_pixels(rows, cols, [values[key] for key in reference], mapped.shape, table=legend.table)

    map_labels = {label.key: label for label in map_labels}
    return assess(MapSource(mapped), map_labels, labels, samples_for)


def named_matrix(assessment):
    """{(reference's class, map's class): pixels}"""
    names, matrix = [entry.name for entry in assessment.table], assessment.accuracy.matrix
    return {(names[i], names[j]): int(matrix[i, j]) for i, j in zip(*np.nonzero(matrix))}


def test_codes_in_a_text_field_meet_the_numbers_of_a_bare_map():
    found = assessed([112, 112, 211, 211], ["112", "112", "211", "112"])
    assert named_matrix(found) == {
        ("Class 112", "Class 112"): 2, ("Class 211", "Class 211"): 1, ("Class 112", "Class 211"): 1,
    }


def test_names_cannot_be_compared_with_a_map_without_names():
    with pytest.raises(ParameterError, match="made.tif: cannot be compared.*Water, Forest.*Class 1, Class 2"):
        assessed([1, 1, 2, 2], ["Water", "Water", "Forest", "Forest"])


def test_a_negative_number_is_a_class_too():
    found = assessed([-1, 1, 2, 2], [1, 1, 2, 2])
    assert named_matrix(found) == {("Class 1", "Class -1"): 1, ("Class 1", "Class 1"): 1, ("Class 2", "Class 2"): 2}


def test_a_class_that_the_map_lacks_is_missed_and_keeps_its_name():
    own = [Label(1, "Forest"), Label(2, "Urban"), Label(3, "Water")]
    theirs = [Label(1, "Bare"), Label(2, "Forest"), Label(3, "Urban"), Label(4, "Water")]
    found = assessed([1, 1, 2, 2, 3, 3, 1, 1], [2, 2, 3, 3, 4, 4, 1, 1], own, theirs)
    assert found.accuracy.overall == 0.75
    assert named_matrix(found)["Bare", "Forest"] == 2
    assert any("none of these classes" in note and "Bare" in note for note in found.notes)


def test_classes_of_the_map_that_the_reference_lacks_are_told_whether_they_lie_at_its_pixels_or_not():
    own = [Label(1, "Forest"), Label(2, "Urban"), Label(3, "Water"), Label(4, "Bare")]
    found = assessed([1, 1, 2, 3], [1, 1, 2, 2], own, own[:2])
    assert found.accuracy.average == 0.75
    said = "The reference lacks these classes of the map: Water, Bare. AA is the mean over the other classes."
    assert said in found.notes
    assert not any("lacks" in note for note in assessed([1, 2], [1, 2], own[:2], own[:2]).notes)


def test_values_of_one_name_are_one_class():
    labels = [Label(1, "Forest"), Label(2, "Forest"), Label(3, "Water")]
    found = assessed([1, 1, 2, 2, 3, 3], [1, 2, 1, 2, 3, 3], labels, labels)
    assert named_matrix(found) == {("Forest", "Forest"): 4, ("Water", "Water"): 2}


def test_two_classes_of_the_reference_that_are_one_of_the_map_are_told():
    found = assessed([1, 1, 2], ["Forest", "forest", "Water"], [Label(1, "Forest"), Label(2, "Water")])
    assert found.accuracy.overall == 1
    assert [note for note in found.notes if "count as one" in note] == [
        "The reference's classes 'Forest', 'forest' count as one, the map's 'Forest'."
    ]


def test_numbers_that_decided_are_in_the_notes_and_a_perfect_map_that_fails_says_why():
    named = [Label(1, "lake"), Label(2, "soil"), Label(3, "wood")]
    found = assessed([3, 1, 2], [1, 2, 3], named)
    assert found.accuracy.overall == 0
    assert any("matched by number, 1 = lake, 2 = soil, 3 = wood." in note for note in found.notes)


def test_a_palette_that_names_few_of_its_values_has_no_other_classes():
    palette = [Label(value, {1: "lake", 2: "soil"}.get(value, "")) for value in range(256)]
    with pytest.raises(ParameterError, match="10, Class 20 is one of lake, soil. Classes"):
        assessed([1, 2], [10, 20], palette)
    # What occurs is a class, named or not.
    assert named_matrix(assessed([1, 7], [1, 7], palette)) == {("lake", "lake"): 1, ("Class 7", "Class 7"): 1}


def test_a_number_for_each_feature_is_no_class_and_is_refused_before_its_matrix_is_made():
    mapped, numbers = [1] * 1200, list(range(1, 1201))
    with pytest.raises(ParameterError, match="made.tif: map and reference have 1,200 classes; .* 1,000 at most"):
        assessed(mapped, numbers)
    # What the map alone has counts too.
    with pytest.raises(ParameterError, match="1,001 classes"):
        assessed(list(range(1, 1002)), [1] * 1001)
    # Names of a palette that do not occur do not.
    palette = [Label(value, f"field {value}") for value in range(3000)]
    assert assessed([1, 2], [1, 2], palette).accuracy.overall == 1


@pytest.mark.parametrize(("n_classes", "is_drawn"), [(200, True), (201, False)])
def test_a_matrix_too_large_to_draw_is_named_in_the_report(n_classes, is_drawn):
    pytest.importorskip("matplotlib")
    classes = np.arange(n_classes)
    table = tuple(LandCover(value, f"field {value}", "#00ff00") for value in range(n_classes))
    page = accuracy_html(Assessment(accuracy_of(classes, classes, n_classes), table, ()), "map.tif", "fields")
    assert is_drawn == ("<img" in page)
    assert is_drawn != (f"It is not drawn: it has {n_classes} classes" in page)
