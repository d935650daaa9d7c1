"""Probabilities that a trained network gives patches."""

import torch

from ..training.device import all_threads
from .network import load_network


def network_scorer(model, device):
    """(views (n, pixels, bands), check) -> (n, classes) float32, of a ClassifierModel's network.

    Raises FormatError where the model's arrays are not those of its network.
    """
    network = load_network(model.settings, len(model.axis), len(model.table), model.arrays, device)

    def score(views, check=None):
        with torch.no_grad(), all_threads(torch):
            scores, _ = network(torch.as_tensor(views, device=device))
            return scores.softmax(dim=1).cpu().numpy()

    return score
