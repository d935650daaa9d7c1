"""A network's rival, the support vector machine, is tried where it costs little; else the report says why not."""

import numpy as np
import pytest

from hiner.core.classification import session as sessions
from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.samples import samples_of_raster
from hiner.core.classification.model.settings import settings_for
from hiner.core.report.classification import classification_html

pytest.importorskip("torch")


def session_of(image, labels):
    settings = settings_for("pixel", epochs=1, isi=False, asw=False)
    return sessions.train_session(image, samples_of_raster(labels), settings, method="random")


@pytest.mark.parametrize(("n_classes", "every", "reason"), [
    (101, 1, "101 classes are more than 100"), (4, 0, "training pixels are more than 3,000"),
])
def test_what_would_take_long_is_not_tried_unasked_and_the_report_says_so(array_source, n_classes, every, reason):
    cube = np.random.default_rng(0).integers(0, 999, (3, 70, 70)).astype("i2")
    image = raster_image(array_source(cube))
    labels = np.arange(4900).reshape(70, 70) % n_classes + 1
    if every:
        labels[8:] = 0
    session = session_of(image, labels)
    assert session.rival is None
    (note,) = [note for note in session.notes if "not tried beside it" in note]
    assert reason in note
    assert reason in classification_html(session, image, "fields")
    assert note in session.model.figures["notes"]


def test_few_pixels_of_few_classes_are_compared(scene, image, monkeypatch):
    pytest.importorskip("sklearn")
    labels = scene[1].copy()
    labels[::2] = 0
    monkeypatch.setattr(sessions, "MOST_RIVAL_CLASSES", 3)
    assert session_of(image, labels).rival is not None
    monkeypatch.setattr(sessions, "MOST_RIVAL_CLASSES", 2)
    assert session_of(image, labels).rival is None
