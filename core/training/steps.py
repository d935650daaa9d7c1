"""One optimiser step, run eagerly or replayed as a CUDA graph, in float32 or mixed precision."""

import contextlib

import torch

from .loss import hiner_loss


class Batch:
    """The inputs of a step on the device, (batch, ...) each.

    target: the bands to reach, float32; valid: 0 and 1 in that shape, or None. bands: which bands to
    ask for; partners, fractions: towards which others and how far, or None.
    """

    def __init__(self, target, valid, bands, partners=None, fractions=None):
        self.target, self.valid = target, valid
        self.bands, self.partners, self.fractions = bands, partners, fractions

    def tensors(self):
        everything = (self.target, self.valid, self.bands, self.partners, self.fractions)
        return [tensor for tensor in everything if tensor is not None]


class EagerStep:
    """Forward, loss, backward and update, operator by operator."""

    def __init__(self, model, optimiser, mixed_precision=False):
        self._model, self._optimiser, self._mixed = model, optimiser, mixed_precision

    def __call__(self, batch, learning_rate):
        """Update the model once; returns each band's mean squared error, (batch,)."""
        for group in self._optimiser.param_groups:
            _set_rate(group, learning_rate)
        return self.update(batch)

    def update(self, batch):
        """The step at the learning rate that is set."""
        with self._precision():
            decoded = self._model(batch.bands, batch.partners, batch.fractions)
        # A published frame is larger than the image; padding enters neither loss nor figures.
        rows, cols = batch.target.shape[1:]
        decoded = decoded[:, :rows, :cols].float()
        loss = hiner_loss(decoded, batch.target, batch.valid)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self._optimiser.step()
        return _squared_error(decoded.detach(), batch)

    def _precision(self):
        if not self._mixed:
            return contextlib.nullcontext()
        # Without its cache of cast weights, which would outlive the recording of a graph.
        device = next(self._model.parameters()).device.type
        return torch.autocast(device, dtype=torch.bfloat16, cache_enabled=False)


class GraphStep:
    """A step recorded once as a CUDA graph and replayed: no launch overhead on small networks.

    Needs torch 2.3 or later (a learning rate that is a tensor, which no update reads back). Batches must
    keep their shapes. Where recording fails, each step runs as `EagerStep` does.
    """

    WARM_UP_STEPS = 3

    def __init__(self, eager, optimiser):
        self._eager, self._optimiser = eager, optimiser
        self._graph = self._stream = self._inputs = self._errors = None
        self._seen, self._recordable = 0, True

    @staticmethod
    def supported():
        major, minor = (int(part) for part in torch.__version__.split(".")[:2])
        return torch.cuda.is_available() and (major, minor) >= (2, 3)

    def __call__(self, batch, learning_rate):
        """As `EagerStep`; the first calls run eagerly on a side stream, as recording wants."""
        for group in self._optimiser.param_groups:
            _set_rate(group, learning_rate)
        if self._graph is not None:
            for fixed, fresh in zip(self._inputs.tensors(), batch.tensors()):
                fixed.copy_(fresh, non_blocking=True)
            self._graph.replay()
            return self._errors.clone()
        if self._recordable and self._seen == self.WARM_UP_STEPS:
            return self._record(batch)
        self._seen += 1
        return self._beside(batch)

    def _beside(self, batch):
        # One stream for all: torch keeps memory for each.
        self._stream = self._stream or torch.cuda.Stream()
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            errors = self._eager.update(batch)
        torch.cuda.current_stream().wait_stream(self._stream)
        return errors

    def _record(self, batch):
        self._graph, self._errors = self._recorded(batch)
        if self._graph is None:
            # What is wrong with the step itself it says when it runs, which it does now.
            self._recordable = False
            return self._beside(batch)
        self._inputs = batch
        # Recording computes nothing; the first replay is this step.
        self._graph.replay()
        return self._errors.clone()

    def _recorded(self, batch):
        """(the graph, the errors that it will fill), or (None, None) where it cannot be recorded."""
        graph = torch.cuda.CUDAGraph()
        try:
            # Back on this stream in any case: a recording that fails may leave the thread on its own. Other threads
            # may use the GPU meanwhile.
            with torch.cuda.stream(torch.cuda.current_stream()), torch.cuda.graph(
                graph, stream=self._stream, capture_error_mode="thread_local"
            ):
                return graph, self._eager.update(batch)
        except RuntimeError:
            return None, None


def _set_rate(group, learning_rate):
    if torch.is_tensor(group["lr"]):
        group["lr"].fill_(learning_rate)
    else:
        group["lr"] = learning_rate


def _squared_error(decoded, batch):
    square = (decoded - batch.target).square()
    if batch.valid is None:
        return square.flatten(1).mean(1)
    return (square * batch.valid).flatten(1).sum(1) / batch.valid.flatten(1).sum(1)
