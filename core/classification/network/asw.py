"""ASW, adaptive spectral weighting: bands reweighed before the classifier, learned with it.

Source: HINER (ACM MM 2024, arXiv 2407.21395), the section on classification.
"""

from torch import nn

from ...training.loss import hiner_loss

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
    """ASW in front of a classifier, a fixed map of the bands between; either may be the identity."""

    def __init__(self, weighting, between, classifier):
        super().__init__()
        self.weighting, self.between, self.classifier = weighting, between, classifier

    def forward(self, x):  # (batch, pixels, bands)
        weighted = self.weighting(x)  # (batch, pixels, bands)
        return self.classifier(self.between(weighted)), weighted


def weighting_loss(weighted, original):
    """The codec's loss between ASW's output and its input, each (batch, pixels, bands) in [0, 1].

    A band over all pixels of the batch is one image to the codec.
    """
    return hiner_loss(weighted.permute(2, 0, 1), original.permute(2, 0, 1))
