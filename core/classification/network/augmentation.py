"""Training patches made more various, by draws of torch's random state."""

import torch


def augmented(patches, classes, settings):
    """patches: (batch, pixels, bands); classes: (batch,). Returns patches of the same shape."""
    if settings.mixing:
        patches = mixed_within_classes(patches, classes, settings.mixing)
    if settings.noise:
        patches = patches + settings.noise * torch.randn_like(patches)
    if settings.band_drop:
        patches = without_bands(patches, settings.band_drop)
    return patches


def mixed_within_classes(patches, classes, most):
    """Each patch moved up to `most` of the way towards another of its class in the batch."""
    order = torch.randperm(len(patches), device=patches.device)
    same = classes[order][None, :] == classes[:, None]  # (batch, batch), by place in `order`
    # The next of its class in a random order; a class of one mixes with itself.
    ranks = torch.arange(len(patches), device=patches.device)
    place = torch.empty_like(order)
    place[order] = ranks
    ahead = (ranks[None, :] - place[:, None] - 1) % len(patches)
    ahead = torch.where(same, ahead, torch.full_like(ahead, len(patches)))
    partner = order[ahead.argmin(dim=1)]
    share = most * torch.rand(len(patches), 1, 1, device=patches.device)
    return torch.lerp(patches, patches[partner], share)


def without_bands(patches, share):
    """A share of the bands, drawn for each patch, takes the patch's mean."""
    shape = (len(patches), 1, patches.shape[2])
    dropped = torch.rand(shape, device=patches.device) < share
    return torch.where(dropped, patches.mean(dim=2, keepdim=True), patches)
