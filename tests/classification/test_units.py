"""A map of an image in other units than the classifier's says so; a dark, bright or small image does not."""

import numpy as np
import pytest
from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.samples import class_table
from hiner.core.classification.mapping.map_raster import classify_to_raster
from hiner.core.classification.model.model import ClassifierModel
from hiner.core.classification.model.settings import settings_for

LOW, HIGH = np.array([100.0, 300.0, 0.0, -20.0]), np.array([1500.0, 3000.0, 6000.0, 5000.0])
NODATA = -9999.0


@pytest.fixture
def notes_on(array_source, tmp_path, monkeypatch):
    """A function from an image's values, (4, rows, cols), to what is said of its map."""
    monkeypatch.setattr(
        "hiner.core.classification.mapping.prediction.scorer",
        lambda model, device: lambda views, check=None: np.full((len(views), 2), 0.5, dtype=np.float32),
    )

    def classified(cube):
        image = raster_image(array_source(cube.astype("f4"), nodata=NODATA))
        model = ClassifierModel(settings_for("svm", patch=1), class_table([1, 2]), image.axis, LOW, HIGH, {})
        return classify_to_raster(model, image, tmp_path / "map.tif")[1]

    return classified


def spread(low, high):
    """(4, 5, 6) values from each band's low to its high."""
    return low[:, None, None] + np.linspace(0, 1, 30).reshape(5, 6) * (high - low)[:, None, None]


@pytest.mark.parametrize(("factor", "said"), [
    (1e-4, "10,000 times smaller"), (1e-2, "100 times smaller"), (100.0, "100 times larger"),
])
def test_reflectance_on_another_scale_is_told(notes_on, factor, said):
    (note,) = notes_on(factor * spread(LOW, HIGH))
    assert said in note


def test_an_image_of_zeros_is_told(notes_on):
    (note,) = notes_on(np.zeros((4, 5, 6)))
    assert "far smaller" in note


@pytest.mark.parametrize("image", [
    spread(LOW, HIGH),
    # Open water alone: dark, and next to nothing in the infrared.
    spread(np.array([90.0, 150.0, 0.0, 0.0]), np.array([240.0, 300.0, 30.0, 5.0])),
    # A cloud of one pixel.
    np.full((4, 1, 1), 15000.0),
], ids=["its own", "water", "cloud"])
def test_the_same_units_are_no_reason_to_warn(notes_on, image):
    assert notes_on(image) == ()
