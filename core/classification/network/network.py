"""The classifier's network: what is built for some settings, and its state as arrays."""

import numpy as np
import torch
from torch import nn

from ...errors import FormatError
from ..model.model import n_views
from .asw import SpectralWeighting, WeightedClassifier
from .spectralformer import SpectralFormer, SpectralFormerConfig
from .whitening import Whitening


def build_network(settings, n_bands, n_classes):
    """An untrained WeightedClassifier; torch's random state decides its weights.

    Raises ParameterError for groups larger than the spectrum.
    """
    config = _config(settings, n_bands, n_classes)
    weighting = SpectralWeighting(n_bands) if settings.asw else nn.Identity()
    whitening = Whitening(n_bands) if settings.whitening else nn.Identity()
    return WeightedClassifier(weighting, whitening, SpectralFormer(config))


def state_arrays(network):
    """{name: float32 array} of a network."""
    return {
        name: np.ascontiguousarray(value.detach().float().cpu().numpy())
        for name, value in network.state_dict().items()
    }


def load_network(settings, n_bands, n_classes, arrays, device="cpu"):
    """A network in evaluation mode with the arrays of `state_arrays`.

    Raises FormatError where they are not those of such a network.
    """
    largest = _largest_array(settings, _config(settings, n_bands, n_classes))
    # Before anything is made of a size that a file only claims.
    if max((array.size for array in arrays.values()), default=0) < largest:
        raise FormatError("The model's arrays are smaller than those of the network it describes.")
    network = build_network(settings, n_bands, n_classes)
    expected = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    given = {name: value.shape for name, value in arrays.items()}
    if given != expected:
        wrong = sorted(set(given.items()) ^ set(expected.items()))[0][0]
        raise FormatError(f"The model's array {wrong!r} is not that of the network it describes.")
    network.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in arrays.items()})
    return network.to(device).eval()


def _config(settings, n_bands, n_classes):
    return SpectralFormerConfig(
        n_bands=n_bands, n_classes=n_classes, n_pixels=n_views(settings),
        group=settings.band_group, step=settings.band_step, cross_layer=settings.cross_layer,
        hidden=settings.hidden, dropout=settings.dropout,
    )


def _largest_array(settings, config):
    """Numbers in the largest of the arrays that grow with what a model's header says."""
    return max(
        config.n_pixels * config.group * config.width, config.hidden * config.width,
        config.positions * config.width, config.n_classes * config.width,
        2 * config.positions**2 if config.cross_layer else 0, config.n_bands**2 if settings.whitening else 0,
    )
