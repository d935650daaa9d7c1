"""From labelled pixels to a tested classifier; samples that cannot be trained on are refused."""

import sys
import tracemalloc

import numpy as np
import pytest

from hiner.core.classification import train
from hiner.core.classification.imagery.band_match import BandAxis
from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.imagery.patches import patch_table
from hiner.core.classification.labels.samples import samples_of_raster
from hiner.core.classification.mapping import smoothing_choice
from hiner.core.classification.mapping.prediction import classify
from hiner.core.classification.model.model import ClassifierModel
from hiner.core.classification.model.model_file import read_model, write_model
from hiner.core.classification.model.settings import settings_for
from hiner.core.classification.train import train_classifier
from hiner.core.errors import Cancelled, DependencyError, ParameterError
from hiner.core.progress import Progress


@pytest.fixture
def test_samples(scene, sparse_samples):
    labels = scene[1].copy()
    labels[::4, ::4] = 0
    return samples_of_raster(labels, table=sparse_samples.table)


def test_a_network_beats_the_nearest_mean(make_scene, sparse_samples, test_samples):
    pytest.importorskip("torch")
    source, _ = make_scene(noise=250)
    settings = settings_for("best", patch=5, scales=(3, 5), whitening=1.0, epochs=25, batch=16)
    training = train_classifier(raster_image(source), sparse_samples, settings, test_samples)
    cube = source.cube.astype("f8")
    known = cube[:, sparse_samples.rows, sparse_samples.cols].T
    means = np.stack([known[sparse_samples.classes == k].mean(0) for k in range(3)])
    test = cube[:, test_samples.rows, test_samples.cols].T
    nearest = ((test[:, None] - means) ** 2).sum(-1).argmin(1)
    assert training.accuracy.overall > (nearest == test_samples.classes).mean() + 0.05
    assert training.accuracy.n_pixels == len(test_samples)
    assert any("plain raster" in note for note in training.notes)


def test_a_written_model_classifies_as_the_trained_one(tmp_path, image, sparse_samples):
    pytest.importorskip("torch")
    model = train_classifier(image, sparse_samples, settings_for("pixel", epochs=2)).model
    write_model(tmp_path / "m.hncls", model)
    first, = classify(model, image)
    again, = classify(read_model(tmp_path / "m.hncls"), image)
    assert np.array_equal(first.probabilities, again.probabilities)


def test_a_trained_svm_needs_no_scikit_learn(tmp_path, image, sparse_samples, monkeypatch):
    pytest.importorskip("sklearn")
    model = train_classifier(image, sparse_samples, settings_for("svm", patch=3)).model
    write_model(tmp_path / "m.hncls", model)
    expected, = classify(model, image)
    for name in list(sys.modules):
        if name.split(".")[0] in ("sklearn", "torch"):
            monkeypatch.setitem(sys.modules, name, None)
    block, = classify(read_model(tmp_path / "m.hncls"), image)
    assert np.array_equal(block.classes, expected.classes)


def test_without_torch_the_error_says_how_to_get_it(image, sparse_samples, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(DependencyError, match="torch"):
        train_classifier(image, sparse_samples, settings_for("pixel", epochs=1))


def test_one_class_and_pixels_without_data_are_refused(image, scene, array_source):
    pytest.importorskip("torch")
    settings = settings_for("pixel", epochs=1)
    with pytest.raises(ParameterError, match="one class"):
        train_classifier(image, samples_of_raster((scene[1] == 1).astype(int)), settings)
    cube = scene[0].cube.copy()
    cube[:, :4] = -1
    holed = raster_image(array_source(cube, nodata=-1))
    labels = np.where(np.arange(24)[:, None] < 4, scene[1], 0)
    with pytest.raises(ParameterError, match="no data"):
        train_classifier(holed, samples_of_raster(labels), settings)


def test_pixels_without_data_are_told(scene, array_source):
    pytest.importorskip("torch")
    cube = scene[0].cube.copy()
    cube[:, 0, 0] = -1
    image = raster_image(array_source(cube, nodata=-1))
    training = train_classifier(image, samples_of_raster(scene[1]), settings_for("pixel", epochs=1))
    assert any(note.startswith("1 labelled pixels lie where") for note in training.notes)
    assert training.n_train.sum() == scene[1].size - 1


@pytest.mark.parametrize("wrong", [
    {"patch": 4}, {"patch": 33}, {"epochs": 0}, {"eta": 1.5}, {"rate": 0.0}, {"scales": (9,)},
    {"band_group": 0}, {"beta": -1.0},
])
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        settings_for("patch", **wrong)


def test_images_of_few_bands_take_smaller_groups(image, sparse_samples):
    pytest.importorskip("torch")
    model = train_classifier(image, sparse_samples, settings_for("best", epochs=1, smooth=1)).model
    assert (model.settings.band_group, model.settings.band_step) == (12, 10)


def test_the_margin_covers_patch_and_smoothing():
    assert settings_for("patch").reach == 3
    assert settings_for("best").reach == 6
    assert settings_for("best", patch=9, smooth=5).reach == 6


def test_smoothing_is_chosen_on_held_out_training_blocks(make_scene):
    pytest.importorskip("torch")
    source, labels = make_scene(rows=60, cols=90, noise=500)
    labels[::2] = labels[:, ::2] = 0
    settings = settings_for("best", patch=1, scales=(1,), epochs=12, smooth=0)
    training = train_classifier(raster_image(source), samples_of_raster(labels), settings)
    assert training.model.settings.smooth > 1
    assert any("held-out training blocks" in note for note in training.notes)


@pytest.mark.parametrize(("shares", "expected"), [((0.9, 0.6, 0.3, 0.2), 1), ((0.5, 0.6, 0.8, 0.7), 5)])
def test_the_smoothing_that_makes_held_out_classes_likeliest_is_chosen(monkeypatch, make_scene, shares, expected):
    source, labels = make_scene(rows=60, cols=90)
    labels[::2] = labels[:, ::2] = 0
    samples = samples_of_raster(labels)
    table, given = samples.table, dict(zip(smoothing_choice.CHOICES, shares))

    def probabilities(model, image, rows, cols, device, progress, what):
        # The first has no data and counts for nothing.
        share = given[model.settings.smooth]
        out = np.full((len(rows), len(table)), (1 - share) / (len(table) - 1))
        out[np.arange(len(rows)), np.searchsorted([entry.value for entry in table], labels[rows, cols])] = share
        out[0] = np.nan
        return out

    monkeypatch.setattr(smoothing_choice, "probabilities_at", probabilities)
    settings = settings_for("best", patch=1, scales=(1,), smooth=0)
    model = ClassifierModel(settings, table, BandAxis((1.0,), False), np.zeros(1), np.ones(1), {})
    side, (note,) = smoothing_choice.choose_smoothing(
        raster_image(source), samples, settings, lambda *_: model, "cpu", Progress()
    )
    assert side == expected
    assert f"over {expected} pixels" in note


def test_where_no_block_can_be_held_out_the_map_is_not_smoothed(image, sparse_samples):
    pytest.importorskip("torch")
    training = train_classifier(image, sparse_samples, settings_for("best", epochs=1, patch=15))
    assert training.model.settings.smooth == 1
    (note,) = [note for note in training.notes if "not smoothed" in note]
    assert "Give test samples" not in note


def test_an_unknown_variant_is_refused():
    with pytest.raises(ParameterError, match="svm"):
        settings_for("forest")


def test_the_published_settings():
    patch = settings_for("patch")
    figures = (patch.patch, patch.band_group, patch.batch, patch.epochs, patch.rate, patch.decay)
    assert figures == (7, 3, 64, 300, 5e-4, 5e-3)
    assert (patch.eta, patch.isi_share * patch.epochs, patch.isi_chance) == (0.1, 210, 0.5)
    assert (settings_for("pixel").patch, settings_for("vit").cross_layer) == (1, False)


def test_means_of_wide_patches_are_taken_a_few_at_a_time(image, scene, monkeypatch):
    """All patches at once would be 961 spectra a training pixel."""
    random = np.random.default_rng(0)
    spectra = random.random((24 * 30, 50)).astype("f4")
    samples = samples_of_raster(scene[1])
    table, settings = patch_table(samples.rows, samples.cols, 31, image.shape), settings_for("svm", patch=31)
    seen = []

    def noted(means, *_):
        seen.append((means, tracemalloc.get_traced_memory()[1]))
        raise Cancelled("enough")

    monkeypatch.setattr(train, "train_svm", noted)
    tracemalloc.start()
    try:
        with pytest.raises(Cancelled):
            train._fit_svm(spectra, table, samples, settings, "cpu", Progress(), None)
    finally:
        tracemalloc.stop()
    (means, peak), = seen
    expected = np.stack([spectra[index].astype("f8").mean(axis=0) for index in table.index])
    assert np.allclose(means, expected, atol=1e-5)
    assert peak < len(samples) * 961 * 50 * 4 / 5
