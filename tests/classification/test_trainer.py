"""Training repeats with its seed, tells where it stands, stops when told, and learns."""

import math
import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.classification.imagery.band_match import BandAxis  # noqa: E402
from hiner.core.classification.imagery.patches import patch_table  # noqa: E402
from hiner.core.classification.imagery.spectra import Scaling, read_spectra  # noqa: E402
from hiner.core.classification.labels.samples import class_table  # noqa: E402
from hiner.core.classification.mapping.prediction import scorer  # noqa: E402
from hiner.core.classification.model.model import ClassifierModel  # noqa: E402
from hiner.core.classification.model.settings import fitted, settings_for  # noqa: E402
from hiner.core.classification.network import trainer  # noqa: E402
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


def separable(n=40, n_classes=5, bands=30):
    """(spectra, index, classes, number of classes) of single pixels of classes that lie apart."""
    random = np.random.default_rng(0)
    means = 0.4 + 0.02 * np.cumsum(random.normal(size=(n_classes, bands)), axis=1)
    classes = np.arange(n) % n_classes
    spectra = means[classes] * (1 + 0.15 * random.normal(size=(n, 1))) + 0.02 * random.normal(size=(n, bands))
    return spectra.astype("f4"), np.arange(n)[:, None], classes, n_classes


def test_a_short_training_writes_what_it_learned_not_its_random_start():
    spectra, index, classes, n_classes = separable()
    chosen = fitted(settings_for("best", patch=1, epochs=25, smooth=1, isi=False), spectra.shape[1])
    trained = train_network(spectra, index, classes, n_classes, chosen, "cpu")
    assert trained.history[-1][2] >= 0.95  # of the pixels themselves, under dropout
    axis = BandAxis.of_bands(spectra.shape[1], None)
    model = ClassifierModel(chosen, class_table(range(1, 6)), axis, np.zeros(30), np.ones(30), trained.arrays)
    assert (scorer(model)(spectra[:, None]).argmax(1) == classes).mean() >= 0.97


@pytest.mark.parametrize(("averaging", "epochs"), [(0.98, 4), (0.3, 2)])
def test_the_running_mean_follows_quickly_at_first_and_then_as_slowly_as_asked_for(
    patches, monkeypatch, averaging, epochs
):
    passed = []

    class Watched(torch.optim.Adam):
        def step(self):
            passed.extend([values_of(self)] if not passed else [])
            super().step()
            passed.append(values_of(self))

    def values_of(optimiser):
        return torch.cat([p.detach().flatten() for group in optimiser.param_groups for p in group["params"]]).numpy()

    monkeypatch.setattr(torch.optim, "Adam", Watched)
    trained = train_network(*patches, settings(epochs=epochs, rate=1e-2, averaging=averaging), "cpu")
    steps = len(passed) - 1
    assert steps >= 6
    if averaging == 0.98:
        # In closed form the weights after step t, the start's being 0, count C(t + 8, 8) of C(steps + 9, 9) times.
        shares = [math.comb(t + 8, 8) / math.comb(steps + 9, 9) for t in range(steps + 1)]
    else:
        # 1/10, 2/11 and 3/12 come before 0.3 does.
        shares = [1 / 10 * 2 / 11 * 3 / 12 * 0.3 ** (steps - 3)]
        shares += [share * 0.3 ** (steps - 3) for share in (9 / 10 * 2 / 11 * 3 / 12, 9 / 11 * 3 / 12, 9 / 12)]
        shares += [0.7 * 0.3 ** (steps - t) for t in range(4, steps + 1)]
    assert sum(shares) == pytest.approx(1)
    expected = sum(share * values.astype("f8") for share, values in zip(shares, passed))
    found = np.concatenate([values.ravel() for name, values in trained.arrays.items()])
    assert found == pytest.approx(expected, abs=1e-5)


def test_places_of_32_bits_are_no_index_of_torchs(patches, monkeypatch):
    class Narrow(np.random.Generator):
        def permutation(self, n):
            return super().permutation(n).astype(np.int32)

    seen, take = set(), trainer._Views.take
    monkeypatch.setattr(np.random, "default_rng", lambda seed: Narrow(np.random.PCG64(seed)))
    monkeypatch.setattr(trainer._Views, "take", lambda views, places: seen.add(places.dtype) or take(views, places))
    narrow = train_network(*patches, settings(), "cpu")
    assert seen == {torch.int64}
    monkeypatch.undo()
    usual = train_network(*patches, settings(), "cpu")
    assert all(np.array_equal(narrow.arrays[name], usual.arrays[name]) for name in usual.arrays)


def test_window_means_are_made_once_of_the_image_itself_and_a_cancel_is_heard_while_they_are(patches, monkeypatch):
    made, views_of = [], trainer.patch_views

    def counted(spectra, index, weights):
        made.append(spectra)
        return views_of(spectra, index, weights)

    class Stopped(Progress):
        def is_cancelled(self):
            return len(made) >= 2

    monkeypatch.setattr(trainer, "patch_views", counted)
    drawn = Draws(patches[0].copy())
    train_network(*patches, settings(scales=(1, 3), epochs=10, isi_share=0.5), "cpu", shifted=drawn)
    assert 0 < drawn.epochs < 5
    assert sum(spectra is patches[0] for spectra in made) == 1
    made.clear()
    monkeypatch.setattr(trainer, "_PATCHES_AT_ONCE", 1)
    with pytest.raises(Cancelled):
        train_network(*patches, settings(scales=(1, 3)), "cpu", Stopped())
    assert len(made) == 2
