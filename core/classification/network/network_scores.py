"""Probabilities that a trained network gives patches."""

import numpy as np
import torch

from ...parallel import mapped
from ...training.denormals import denormals_as_zeros
from ...training.device import one_thread_each
from ...training.gpu import device_errors
from .gradients import POSITIONS_AT_ONCE
from .network import load_network

_ADVICE = "Choose the device 'cpu', or close other programs that take its memory."


def network_scorer(model, device):
    """(views (n, pixels, bands), check) -> (n, classes) float32, of a ClassifierModel's network.

    Raises FormatError where the model's arrays are not those of its network; DeviceError where the device
    fails or its memory does not suffice, and so does what is returned.
    """
    with device_errors(device, _ADVICE):
        network = load_network(model.settings, len(model.axis), len(model.table), model.arrays, device)
    at_once = max(1, POSITIONS_AT_ONCE // network.classifier.config.positions)

    def of_piece(views):
        # Each thread has its own switches.
        with torch.no_grad(), denormals_as_zeros(torch):
            scores, _ = network(views)
            return scores.softmax(dim=1)

    def score(views, check=None):
        with device_errors(device, _ADVICE):
            return of_batch(torch.as_tensor(views, device=device), check)

    def of_batch(views, check):
        if device != "cpu":
            return of_piece(views).cpu().numpy()

        def unless_cancelled(piece):
            if check is not None:
                check()
            return of_piece(piece).numpy()

        with one_thread_each(torch) as alone:
            return np.concatenate(list((mapped if alone else map)(unless_cancelled, views.split(at_once))))

    return score
