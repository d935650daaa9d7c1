"""ASW, adaptive spectral weighting: bands reweighed before the classifier, learned with it.

Source: HINER (ACM MM 2024, arXiv 2407.21395), the section on classification.
"""

import torch
from torch import nn

from ..training.loss import hiner_loss

HIDDEN = 50


class SpectralWeighting(nn.Module):
    """x + s * x with a factor s for each band, an MLP across bands, residuals around both.

    The factors come from a two-layer net that sees the patch's mean spectrum. Both last layers
    start at zero, so that the whole starts as the identity: the classifier first sees the decoded
    image as it is.
    """

    def __init__(self, n_bands, hidden=HIDDEN):
        super().__init__()
        self.factors = nn.Sequential(
            nn.Linear(n_bands, hidden), nn.GELU(), nn.Linear(hidden, n_bands)
        )
        self.across = nn.Sequential(
            nn.Linear(n_bands, hidden), nn.GELU(), nn.Linear(hidden, n_bands)
        )
        for last in (self.factors[-1], self.across[-1]):
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x):  # (batch, pixels, bands)
        factors = self.factors(x.mean(dim=1, keepdim=True))  # (batch, 1, bands)
        change = factors * x  # (batch, pixels, bands)
        return x + (change + self.across(x + change))


class WeightedClassifier(nn.Module):
    """ASW, or nothing, in front of a classifier; then the input's fixed centring and scaling.

    centre, scale: (bands,) tensors that standardise the classifier's input.
    """

    def __init__(self, classifier, n_bands, weighting, centre=None, scale=None):
        super().__init__()
        self.weighting = SpectralWeighting(n_bands) if weighting else nn.Identity()
        self.register_buffer("centre", torch.zeros(n_bands) if centre is None else centre)
        self.register_buffer("scale", torch.ones(n_bands) if scale is None else scale)
        self.classifier = classifier

    def forward(self, x):  # (batch, pixels, bands)
        weighted = self.weighting(x)
        return self.classifier((weighted - self.centre) / self.scale), weighted


def weighting_loss(weighted, original):
    """The codec's loss between ASW's output and its input, each (batch, pixels, bands) in [0, 1].

    A band over all pixels of the batch is one image to the codec.
    """
    return hiner_loss(weighted.permute(2, 0, 1), original.permute(2, 0, 1))
