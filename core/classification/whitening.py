"""Bands freed of what all of them share, so that small differences between spectra count.

Neighbouring bands are nearly copies: what tells classes apart is often a thousandth of what they
vary by together, and a network takes long to find it.
"""

import torch
from torch import nn


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

        A large one only standardises the bands, a small one takes all correlation away.
        """
        spectra = spectra.double()
        centre = spectra.mean(dim=0)
        deviation = spectra.std(dim=0).clamp_min(1e-9)
        standard = (spectra - centre) / deviation  # (n, bands)
        values, vectors = torch.linalg.eigh(standard.T @ standard / len(standard))
        root = vectors * ((values.clamp_min(0) + shrinkage) / (1 + shrinkage)).rsqrt()
        self.centre.copy_(centre)
        self.matrix.copy_((root @ vectors.T) / deviation[:, None])

    def forward(self, x):  # (batch, pixels, bands)
        return (x - self.centre) @ self.matrix
