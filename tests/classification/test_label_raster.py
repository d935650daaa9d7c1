"""Labels of a raster reach the pixels of an image, window by window; what is no label, or lies beside, is told."""

import numpy as np
import pytest

from hiner.core.classification.labels import label_lookup
from hiner.core.classification.labels.label_raster import labels_under, samples_of_labels
from hiner.core.classification.labels.legend import Label, legend_of
from hiner.core.errors import Cancelled, ParameterError
from hiner.core.scene.description import Band, Georeference, SceneDescription
from hiner.core.scene.validity import valid_samples


def described(shape, pixel, dtype="uint8", nodata=None, corner=(0.0, 0.0)):
    place = Georeference("", (corner[0], pixel, 0.0, corner[1], 0.0, -pixel))
    return SceneDescription(*shape, (Band(None),), dtype, nodata, georeference=place, source="labels.tif")


class LabelSource:
    """Labels, (rows, cols), that read like an open raster.

    largest: the most pixels that were read at once. reads: how often it was read.
    """

    def __init__(self, labels, pixel=1.0, nodata=None, corner=(0.0, 0.0)):
        self._labels, self.largest, self.reads = labels, 0, 0
        self.description = described(labels.shape, pixel, labels.dtype.name, nodata, corner)

    def read(self, bands, row, col, n_rows, n_cols):
        self.reads += 1
        self.largest = max(self.largest, n_rows * n_cols)
        return self._labels[None, row:row + n_rows, col:col + n_cols]

    def valid(self, samples, row, col):
        return valid_samples(samples, self.description.nodata)


def under(labels, shape, named=(), pixel=1.0, **place):
    source = LabelSource(np.asarray(labels), pixel, **place)
    return labels_under(described(shape, 1.0), source, {label.key: label for label in named})


def found_pairs(found):
    return list(zip(found.rows.tolist(), found.cols.tolist(), found.values.tolist()))


def test_zero_is_a_class_where_it_has_a_name_and_nodata_is_another_value():
    found = under([[0, 1, 255]], (1, 3), [Label(0, "Class 0"), Label(1, "Class 1")], nodata=255)
    assert found_pairs(found) == [(0, 0, 0), (0, 1, 1)]
    assert [found.labels[value].name for value in (0, 1)] == ["Class 0", "Class 1"]
    assert found.notes == ("0 is a class, 'Class 0': it has a name, and the raster's nodata value is 255.",)


@pytest.mark.parametrize("named", [(), (Label(0), Label(1, "Wood"))])
def test_zero_without_a_name_is_unlabelled_and_counted_where_nodata_is_another_value(named):
    found = under([[0, 1, 255, 0]], (1, 4), named, nodata=255)
    assert found_pairs(found) == [(0, 1, 1)]
    assert [note[:41] for note in found.notes] == ["2 pixels lie under 0 and are taken for un"]


@pytest.mark.parametrize("nodata", [None, 0])
def test_zero_is_unlabelled_as_documented_where_no_other_value_is_nodata(nodata):
    found = under([[0, 1, 2, 0]], (1, 4), [Label(0, "none"), Label(1, "Wood")], nodata=nodata)
    assert found_pairs(found) == [(0, 1, 1), (0, 2, 2)]
    assert found.notes == ()


def test_labels_beside_the_image_are_counted_and_classes_that_lie_there_alone_are_named():
    labels = np.full((6, 8), 9, "uint8")
    labels[:, 5:], labels[2:5, 1:4], labels[0] = 2, 1, 0
    found = under(labels, (3, 3), [Label(9, "Reed")], corner=(-1.0, 2.0))
    assert set(found.values.tolist()) == {1}
    beside = 48 - 9 - 8
    assert found.notes == (
        f"{beside} pixels of the raster of labels lie beside the image and are left out. These classes lie there "
        "alone: Class 2, Reed.",
    )
    samples = samples_of_labels(found, legend_of([Label(1)]), (3, 3))
    assert samples.notes == found.notes


def test_where_places_are_reprojected_the_image_lies_where_its_outline_does():
    labels = np.ones((10, 20), "uint8")
    labels[:, 16:] = 5
    source = LabelSource(labels)
    # Its 4 x 4 pixels are labels of 2 x 4 pixels each, in rows 1 to 8 and columns 0 to 15.
    found = labels_under(described((4, 4), 1.0), source, to_labels=lambda xs, ys: (4 * xs, 2 * ys - 1))
    assert len(found.values) == 16
    assert found.notes[0].startswith(f"{200 - 8 * 16} pixels of the raster of labels lie beside the image")
    assert found.notes[0].endswith("These classes lie there alone: Class 5.")


def test_unlabelled_pixels_beside_the_image_are_nothing_to_tell():
    labels = np.zeros((4, 4), "uint8")
    labels[:2, :2], labels[3] = 1, 255
    assert not any("beside" in note for note in under(labels, (2, 2), nodata=255).notes)


def test_a_raster_far_larger_than_the_image_is_not_read_for_a_count(monkeypatch):
    monkeypatch.setattr(label_lookup, "_MOST_BESIDE", 100)
    source = LabelSource(np.ones((50, 50), "uint8"))
    found = labels_under(described((3, 4), 1.0), source)
    assert source.largest == 12
    assert found.notes[0].startswith("The raster of labels reaches far beyond the image")


@pytest.mark.parametrize("finer", [1, 7, 41])
def test_however_fine_labels_are_they_are_read_in_windows_of_one_size(monkeypatch, finer):
    monkeypatch.setattr(label_lookup, "_WINDOW_PIXELS", 1000)
    labels = np.random.default_rng(0).integers(1, 200, (12 * finer, 20 * finer)).astype("uint8")
    source = LabelSource(labels, 1 / finer)
    found = labels_under(described((12, 20), 1.0), source)
    assert source.largest <= 1000
    assert np.array_equal(found.values.reshape(12, 20), labels[finer // 2::finer, finer // 2::finer])
    assert found.notes == ()
    assert np.array_equal(found.rows, np.repeat(np.arange(12), 20))
    assert np.array_equal(found.cols, np.tile(np.arange(20), 12))


def test_cancel_is_heard_between_the_windows_of_fine_labels(monkeypatch):
    monkeypatch.setattr(label_lookup, "_WINDOW_PIXELS", 1000)
    source = LabelSource(np.ones((240, 400), "uint8"), 1 / 20)

    def cancel_after_reading():
        if source.reads:
            raise Cancelled("by the user")

    with pytest.raises(Cancelled):
        labels_under(described((12, 20), 1.0), source, check=cancel_after_reading)
    assert source.reads == 1


def test_fractions_are_no_labels():
    with pytest.raises(ParameterError, match="labels.tif: has labels with fractions"):
        under(np.full((2, 2), 1.5, "float32"), (2, 2))
