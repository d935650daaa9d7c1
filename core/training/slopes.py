"""How much the decoded bands feel each weight of a trained network."""

import numpy as np
import torch

from ..network.torch_network import Decoder, decode_with

# Bands that are asked; the embeddings of the others are taken to be felt as theirs are on average.
HANDFUL = 12


def squared_slopes(targets, architecture, tensors, errors, device, seed, check):
    """{name: array}: growth of the bands' relative squared error with each weight's squared error.

    The diagonal of the Gauss-Newton matrix of the mean over bands of log(squared error), where that
    is `errors`, (bands,). Its sum over pixels is estimated from one product with random signs a band
    (M. F. Hutchinson, Commun. Stat. Simul. Comput. 19, 1990).

    tensors: {name: float32 array}, `embeddings` among them. check: called between the bands.
    """
    generator = np.random.default_rng(seed)
    chosen = np.unique(np.linspace(0, len(targets) - 1, HANDFUL).astype(int))
    names = [name for name in tensors if name != "embeddings"]
    weights = {name: torch.tensor(tensors[name], device=device, requires_grad=True) for name in names}
    squares = {name: np.zeros(tensors[name].shape) for name in names}
    of_embedding = np.zeros(tensors["embeddings"].shape[1:])
    with torch.random.fork_rng(devices=[]):
        decoder = Decoder(architecture).to(device)
    for band in chosen:
        check()
        embedding = torch.tensor(tensors["embeddings"][band], device=device, requires_grad=True)
        rows, cols = targets.size
        decoded = decode_with(decoder, weights, embedding[None])[0, 0, :rows, :cols]
        signs = generator.choice(np.float32([-1, 1]), (rows, cols))
        valid = targets.valid([band])
        if valid is not None:
            signs *= valid[0]
        product = (decoded * torch.from_numpy(signs).to(device)).sum()
        found = torch.autograd.grad(product, [embedding, *weights.values()])
        # A band that is decoded exactly must not outweigh all others.
        share = 1 / (np.abs(signs).sum() * max(errors[band], 1e-12) * len(chosen))
        of_embedding += share * found[0].cpu().numpy().astype(np.float64) ** 2
        for name, slope in zip(names, found[1:]):
            squares[name] += share * slope.cpu().numpy().astype(np.float64) ** 2
    # Each band has an embedding of its own: one's error is felt in one band of many.
    shape = tensors["embeddings"].shape
    squares["embeddings"] = np.broadcast_to(of_embedding / len(targets), shape)
    return squares
