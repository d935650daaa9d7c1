"""The slopes of a batch, a few patches at a time, by several threads.

How a batch is split follows the network alone, and draws and sums have a fixed order: the network
that is trained is the same whatever the number of threads.
"""

import copy
import functools

import numpy as np
import torch

from ...parallel import mapped
from ...training.denormals import denormals_as_zeros
from .asw import weighting_loss
from .dropout import Dropout

POSITIONS_AT_ONCE = 4096
"""So many positions of the sequence stay in a core's cache, and are worth a thread."""


class BatchGradients:
    """Fills the `grad` of a WeightedClassifier's parameters, one batch after the other.

    network: in training mode. score: (scores, classes) -> mean loss. beta: weight of the codec's
    loss between ASW's output and its input, 0 for none. in_threads: whether pieces of a batch may
    run at once; on a GPU a batch is one piece.
    """

    def __init__(self, network, score, beta, in_threads):
        self._network, self._score, self._beta = network, score, beta
        self._on_gpu = next(network.parameters()).is_cuda
        self._run = mapped if in_threads else map
        self._replicas = []

    def fill(self, patches, classes, random):
        """Slopes of the loss of patches, (batch, pixels, bands), with their classes, (batch,).

        random: numpy Generator, of which each piece's dropout takes its seed.
        Returns (loss, number of patches classified right), tensors.
        """
        self._network.zero_grad(set_to_none=True)
        weighted = self._network.weighting(patches)
        # ASW is passed once, forward and back; the pieces' slopes meet between it and the rest.
        seen = weighted.detach().requires_grad_(weighted.requires_grad)
        pieces = list(zip(*(x.tensor_split(self._n_pieces(len(x))) for x in (seen, classes))))
        seeds = random.integers(2**62, size=len(pieces)).tolist()
        tasks = zip(self._replicas_for(len(pieces)), pieces, seeds)
        results = list(self._run(lambda task: self._in_thread(*task, len(patches)), tasks))
        losses, rights, slopes, slopes_of_seen = zip(*results)
        for parameter, *parts in zip(self._network.classifier.parameters(), *slopes):
            parameter.grad = functools.reduce(torch.add, parts)
        loss = sum(losses)
        if weighted.requires_grad:
            slope_of_seen = torch.cat(slopes_of_seen)
            if self._beta:
                of_weighting = self._beta * weighting_loss(weighted, patches)
                torch.autograd.backward([weighted, of_weighting], [slope_of_seen, None])
                loss = loss + of_weighting.detach()
            else:
                weighted.backward(slope_of_seen)
        return loss, sum(rights)

    def _n_pieces(self, batch):
        if self._on_gpu:
            return 1
        at_once = max(1, POSITIONS_AT_ONCE // self._network.classifier.config.positions)
        return -(-batch // at_once)

    def _replicas_for(self, n_pieces):
        """Networks with the same parameters and each with dropouts of its own."""
        while len(self._replicas) < n_pieces:
            shared = {id(tensor): tensor for tensor in self._network.state_dict(keep_vars=True).values()}
            self._replicas.append(copy.deepcopy(self._network, shared))
        return self._replicas[:n_pieces]

    def _in_thread(self, *task):
        # Each thread has its own switch.
        with denormals_as_zeros(torch):
            return self._of_piece(*task)

    def _of_piece(self, network, piece, seed, batch):
        """(part of the loss, number right, slopes of the parameters, slope of what is seen)"""
        seen, classes = piece
        if not self._on_gpu:
            _seed_dropout(network, seed)
        scores = network.classifier(network.between(seen))
        loss = len(seen) / batch * self._score(scores, classes)
        inputs = [*network.classifier.parameters()] + ([seen] if seen.requires_grad else [])
        slopes = torch.autograd.grad(loss, inputs)
        of_seen = slopes[-1] if seen.requires_grad else None
        right = (scores.detach().argmax(1) == classes).sum()
        return loss.detach(), right, slopes[:len(inputs) - seen.requires_grad], of_seen


def _seed_dropout(network, seed):
    # Of NumPy's the fastest: each piece of a batch draws millions of numbers.
    generator = np.random.Generator(np.random.SFC64(seed))
    for module in network.modules():
        if isinstance(module, Dropout):
            module.generator = generator
