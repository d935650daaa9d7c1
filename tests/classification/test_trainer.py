"""Training repeats with its seed, tells where it stands, stops when told, and learns."""

import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.classification.imagery.patches import patch_table  # noqa: E402
from hiner.core.classification.imagery.spectra import Scaling, read_spectra  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.network.augmentation import mixed_within_classes, without_bands  # noqa: E402
from hiner.core.classification.network.trainer import train_network  # noqa: E402
from hiner.core.errors import Cancelled, ParameterError  # noqa: E402
from hiner.core.progress import Progress  # noqa: E402


@pytest.fixture
def patches(image, sparse_samples):
    """(spectra, index, classes, number of classes)"""
    table = patch_table(sparse_samples.rows, sparse_samples.cols, 3, image.shape)
    spectra = read_spectra(image, table.pixels, Scaling(*image.ranges()))
    return spectra, table.index, sparse_samples.classes, 3


def settings(variant="patch", **changes):
    defaults = {"epochs": 3, "patch": 3, "isi": False, "batch": 16}
    return settings_for(variant, **{**defaults, **changes})


VARIED = {"scales": (1, 3), "mixing": 0.5, "noise": 0.01, "band_drop": 0.1, "averaging": 0.9}


@pytest.mark.parametrize("changes", [{}, VARIED])
def test_a_seed_repeats_a_training_exactly(patches, changes):
    first, again, other = (
        train_network(*patches, settings(seed=seed, **changes), "cpu").arrays for seed in (4, 4, 5)
    )
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert any(not np.array_equal(first[name], other[name]) for name in first)


def test_training_leaves_torchs_random_state_alone(patches):
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    train_network(*patches, settings(epochs=1), "cpu")
    assert torch.equal(torch.rand(3), expected)


def test_the_loss_falls(patches):
    history = train_network(*patches, settings(epochs=12, rate=2e-3), "cpu").history
    assert [epoch for epoch, _, _ in history] == list(range(1, 13))
    assert history[-1][1] < 0.7 * history[0][1]


def test_the_codecs_loss_holds_the_weighting_back(patches):
    def change(beta):
        trained = train_network(*patches, settings(epochs=8, rate=5e-3, beta=beta), "cpu")
        weights = [a for name, a in trained.arrays.items() if "weighting.across.2" in name]
        return sum(np.abs(a).sum() for a in weights)

    assert change(50.0) < 0.5 * change(0.0)


class Draws:
    """Counts the images drawn; each is the same."""

    def __init__(self, spectra):
        self.spectra, self.epochs = spectra, 0

    def draw(self, check=None):
        self.epochs += 1
        return self.spectra


def test_shifted_images_come_in_about_half_of_the_first_epochs(patches):
    draws = Draws(patches[0])
    train_network(*patches, settings(epochs=40, batch=64, isi_share=0.5), "cpu", shifted=draws)
    assert 4 <= draws.epochs <= 16
    always = Draws(patches[0])
    changes = {"epochs": 10, "isi_share": 0.7, "isi_chance": 1.0}
    train_network(*patches, settings(**changes), "cpu", shifted=always)
    assert always.epochs == 7


def test_it_reports_at_least_once_a_second_and_cancels_within_one(patches):
    class Watched(Progress):
        told, cancelled_at = (), None

        def report(self, fraction, message=""):
            self.told += ((time.monotonic(), fraction),)

        def is_cancelled(self):
            if self.told and time.monotonic() - self.told[0][0] > 1.5:
                self.cancelled_at = self.cancelled_at or time.monotonic()
            return self.cancelled_at is not None

    watched = Watched()
    with pytest.raises(Cancelled):
        train_network(*patches, settings(epochs=100000), "cpu", watched)
    assert time.monotonic() - watched.cancelled_at < 1
    times = [when for when, _ in watched.told]
    assert len(times) >= 2
    assert np.diff(times).max() < 1


def test_mixing_stays_within_a_class():
    torch.manual_seed(0)
    classes = torch.tensor([0, 1, 0, 2, 1, 0])
    patches = classes[:, None, None].float().expand(6, 2, 3) + torch.arange(6.0)[:, None, None] / 100
    mixed = mixed_within_classes(patches, classes, 1.0)
    assert torch.equal(mixed.round().long()[:, 0, 0], classes)
    assert not torch.equal(mixed[[0, 2, 5]], patches[[0, 2, 5]])
    assert torch.equal(mixed[3], patches[3])


def test_dropped_bands_take_the_patchs_mean():
    torch.manual_seed(0)
    patches = torch.rand(50, 2, 40)
    dropped = without_bands(patches, 0.25)
    changed = dropped != patches
    assert 0.15 < changed.float().mean() < 0.35
    assert torch.equal(changed[:, 0], changed[:, 1])
    mean = patches.mean(2, keepdim=True).expand_as(patches)
    assert torch.allclose(dropped[changed], mean[changed])


def test_a_loss_that_is_no_number_ends_the_training_with_what_to_do(patches):
    spectra, *rest = patches
    with pytest.raises(ParameterError, match="no number in epoch 1.*bad bands"):
        train_network(spectra * np.float32(1e30), *rest, settings(), "cpu")
