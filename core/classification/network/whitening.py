"""Bands freed of what all of them share, so that small differences between spectra count.

Neighbouring bands are nearly copies: what tells classes apart is often a thousandth of what they
vary by together, and a network takes long to find it.
"""

import torch
from torch import nn

# Of the bands' median deviation: a band below the first is constant, one below the second is not
# brought to the others' height, which would make a glitch elsewhere, or ASW's least change, a storm.
_CONSTANT, _FAINT = 1e-6, 1e-3


class Whitening(nn.Module):
    """Centres bands and multiplies by the inverse root of their covariance, shrunk.

    Symmetric (ZCA), so that each output still belongs to its band and neighbours stay neighbours.
    Fixed once it was fitted.
    """

    def __init__(self, n_bands):
        super().__init__()
        self.register_buffer("centre", torch.zeros(n_bands))
        self.register_buffer("matrix", torch.eye(n_bands))

    def fit(self, spectra, shrinkage):
        """spectra: (n, bands). shrinkage: added to each eigenvalue of their correlation matrix.

        A large one only standardises the bands, a small one takes all correlation away. Bands that
        are constant in `spectra` are left out: they come out as zero, whatever comes in.
        """
        spectra = spectra.double()
        centre = spectra.mean(dim=0)
        gain = _gains(spectra.std(dim=0))
        standard = (spectra - centre) * gain  # (n, bands)
        values, vectors = torch.linalg.eigh(standard.T @ standard / len(standard))
        root = vectors * ((values.clamp_min(0) + shrinkage) / (1 + shrinkage)).rsqrt()
        self.centre.copy_(centre)
        self.matrix.copy_(root @ vectors.T * gain[:, None] * (gain > 0))

    def forward(self, x):  # (batch, pixels, bands)
        return (x - self.centre) @ self.matrix


def _gains(deviation):
    """What each band, (bands,), is multiplied by to have a deviation of one; 0 where it is constant."""
    varying = deviation > 0
    if not varying.any():
        return torch.zeros_like(deviation)
    typical = deviation[varying].median()
    gain = 1 / deviation.clamp_min(_FAINT * typical)
    return torch.where(deviation > _CONSTANT * typical, gain, torch.zeros_like(gain))
