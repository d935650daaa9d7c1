"""Whitening takes away what bands share, as far as its shrinkage lets it."""

import pytest

torch = pytest.importorskip("torch")

from hiner.core.classification.whitening import Whitening  # noqa: E402


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
