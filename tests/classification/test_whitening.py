"""Whitening takes away what bands share, as far as its shrinkage lets it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.classification.imagery.image import raster_image  # noqa: E402
from hiner.core.classification.labels.samples import samples_of_raster  # noqa: E402
from hiner.core.classification.mapping.prediction import classify  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.network.whitening import Whitening  # noqa: E402
from hiner.core.classification.train import train_classifier  # noqa: E402


@pytest.fixture
def spectra():
    torch.manual_seed(0)
    shared = torch.randn(500, 1) * torch.linspace(1, 3, 8)
    return 5 + shared + 0.1 * torch.randn(500, 8)


def covariance(x):
    centred = (x - x.mean(0)).double()
    return centred.T @ centred / len(x)


def test_without_shrinkage_bands_are_uncorrelated(spectra):
    whitening = Whitening(8)
    whitening.fit(spectra, 1e-9)
    assert torch.allclose(covariance(whitening(spectra)), torch.eye(8).double(), atol=0.01)


def test_with_much_shrinkage_bands_are_only_standardised(spectra):
    whitening = Whitening(8)
    whitening.fit(spectra, 1e9)
    standard = (spectra - spectra.mean(0)) / spectra.std(0)
    assert torch.allclose(whitening(spectra), standard, atol=1e-3)


def test_an_output_belongs_to_its_band(spectra):
    whitening = Whitening(8)
    whitening.fit(spectra, 0.01)
    own = (whitening.matrix * spectra.std(0)[:, None]).abs()
    assert torch.allclose(own, own.T, atol=1e-4)
    assert (own.argmax(0) == torch.arange(8)).all()


def test_before_it_is_fitted_it_changes_nothing(spectra):
    assert torch.equal(Whitening(8)(spectra), spectra)


def test_a_constant_band_comes_out_as_zero_and_changes_no_other(spectra):
    spectra[:, 3] = 0.7
    whitening = Whitening(8)
    whitening.fit(spectra, 0.03)
    others = [0, 1, 2, 4, 5, 6, 7]
    alone = Whitening(7)
    alone.fit(spectra[:, others], 0.03)
    glitch = spectra.clone()
    glitch[:, 3] = torch.linspace(-100, 100, len(glitch))
    for seen in (spectra, glitch):
        assert torch.allclose(whitening(seen)[:, others], alone(spectra[:, others]), atol=1e-4)
        assert (whitening(seen)[:, 3] == 0).all()


def test_a_faint_band_is_not_brought_to_the_height_of_the_others(spectra):
    spectra[:, 3] = 0.7 + 1e-6 * torch.randn(len(spectra), dtype=torch.float64)
    whitening = Whitening(8)
    whitening.fit(spectra, 0.03)
    assert whitening(spectra)[:, 3].std() < 0.1
    assert whitening(spectra)[:, 2].std() > 0.4


def test_the_same_scene_on_another_scale_is_the_same(spectra):
    for scale in (1e-5, 1e5):
        whitening, scaled = Whitening(8), Whitening(8)
        whitening.fit(spectra.double(), 0.03)
        scaled.fit(spectra.double() * scale, 0.03)
        assert torch.allclose(scaled(spectra * scale), whitening(spectra), atol=1e-3)


def test_without_any_contrast_nothing_comes_out():
    whitening = Whitening(3)
    whitening.fit(torch.ones(10, 3), 0.03)
    assert (whitening(torch.rand(5, 3)) == 0).all()


@pytest.mark.parametrize("elsewhere", ["one pixel", "half the scene"])
def test_a_band_constant_on_the_samples_ruins_no_map(make_scene, array_source, elsewhere):
    source, labels = make_scene(rows=60, cols=60, noise=20)
    cube, random = source.cube.copy(), np.random.default_rng(1)
    cube[5] = 0
    if elsewhere == "one pixel":
        cube[5, 59, 59] = 7
    else:
        cube[5, 30:] = random.integers(0, 4, cube[5, 30:].shape)
    sampled = np.zeros_like(labels)
    sampled[2:20:3, 2::3] = labels[2:20:3, 2::3]
    wavelengths = [band.wavelength for band in source.description.bands]
    image = raster_image(array_source(cube, wavelengths))
    settings = settings_for("best", patch=3, isi=False, device="cpu", epochs=40, smooth=1, band_group=4)
    model = train_classifier(image, samples_of_raster(sampled), settings).model
    (block,) = classify(model, image)
    assert (block.classes + 1 == labels).mean() > 0.98
