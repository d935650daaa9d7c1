"""A map without a class anywhere says which bands took the data away."""

import numpy as np
import pytest

from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.samples import class_table
from hiner.core.classification.mapping.map_raster import classify_to_raster
from hiner.core.classification.model.model import ClassifierModel
from hiner.core.classification.model.settings import settings_for

NODATA, WAVELENGTHS = -9999.0, [1200, 1380, 1410, 1600]
NO_CLASS = "No pixel has a class: none has data in all of the classifier's 4 bands."


@pytest.fixture
def mapped(array_source, tmp_path, monkeypatch):
    """A function from an image's values, (4, 6, 5), to (pixels of each class, notes) of its map."""
    monkeypatch.setattr(
        "hiner.core.classification.mapping.prediction.scorer",
        lambda model, device: lambda views, check=None: np.full((len(views), 2), 0.5, dtype=np.float32),
    )
    # Strips of a row each.
    monkeypatch.setattr("hiner.core.classification.imagery.image._BLOCK_BYTES", 1)

    def classified(cube, wavelengths=WAVELENGTHS, extent=None):
        image = raster_image(array_source(cube, wavelengths, NODATA))
        model = ClassifierModel(
            settings_for("svm", patch=1), class_table([1, 2]), image.axis, np.zeros(4), np.ones(4), {}
        )
        counts, notes = classify_to_raster(model, image, tmp_path / "map.tif", extent=extent)
        return counts.tolist(), notes

    return classified


@pytest.fixture
def cube():
    return np.random.default_rng(0).random((4, 6, 5)).astype("f4")


def test_the_bands_that_hold_nothing_are_named(mapped, cube):
    cube[1:3] = NODATA
    counts, (note,) = mapped(cube)
    assert counts == [0, 0]
    assert note.startswith(f"{NO_CLASS} Without any data: 1380, 1410 nm. Train with these marked as bad bands")
    _, (note,) = mapped(cube, None)
    assert "Without any data: bands 2, 3. " in note


def test_an_extent_is_looked_at_alone(mapped, cube):
    # Without a georeference an extent counts pixels, rows downwards negative.
    cube[:, :3] = NODATA
    assert mapped(cube, extent=(1, -3, 4, 0)) == (
        [0, 0], (f"{NO_CLASS} No band has data there. Choose another extent or image, or look at its nodata value.",)
    )
    assert mapped(cube) == ([15, 0], ())


def test_bands_that_never_have_data_at_one_pixel_are_told_apart_from_empty_ones(mapped, cube):
    cube[0, :3] = cube[3, 3:] = NODATA
    counts, (note,) = mapped(cube)
    assert counts == [0, 0]
    assert note.startswith(f"{NO_CLASS} Each of them has data somewhere, but no pixel in all.")
