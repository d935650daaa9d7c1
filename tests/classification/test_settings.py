"""What a training is called follows what it is."""

import pytest

from hiner.core.classification.model.settings import is_published, settings_for


@pytest.mark.parametrize(("variant", "changes"), [
    ("patch", {}), ("pixel", {}), ("patch", {"asw": False, "isi": False, "seed": 7, "device": "cpu"}),
])
def test_the_published_settings_are_called_published(variant, changes):
    assert is_published(settings_for(variant, **changes))


@pytest.mark.parametrize(("variant", "changes"), [
    ("patch", {"patch": 5}), ("patch", {"epochs": 100}), ("pixel", {"band_group": 5}), ("patch", {"smooth": 3}),
    ("best", {}), ("svm", {}), ("vit", {}),
])
def test_others_are_not(variant, changes):
    assert not is_published(settings_for(variant, **changes))
