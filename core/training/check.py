"""Whether a network, once quantised, reaches the wished PSNR."""

import numpy as np

from ..network.torch_decoding import TorchBands


class QuantisedCheck:
    """Decodes all bands from the rounded weights and compares their mean PSNR with the target.

    rounded: {name: array} to the same as a file's reader will see it; `embeddings` among them.
    """

    def __init__(self, targets, architecture, rounded, target_psnr, device, progress):
        self._targets, self._architecture, self._rounded = targets, architecture, rounded
        self._target, self._device, self._progress = target_psnr, device, progress

    def __call__(self, arrays, embeddings):
        """True once the target (dB) is reached."""
        tensors = self._rounded({**arrays, "embeddings": embeddings})
        embeddings = tensors.pop("embeddings")
        bands = TorchBands(self._architecture, tensors, self._device)
        errors = []
        for i in range(len(self._targets)):
            self._progress.check()
            decoded = bands.decode(embeddings[i : i + 1], *self._targets.size)[0]
            errors.append(self._squared_error(decoded, i))
        psnr = -10 * np.log10(np.maximum(errors, 1e-12)).mean()
        return psnr >= self._target

    def _squared_error(self, decoded, i):
        square = (decoded - self._targets.normalised([i])[0]) ** 2
        valid = self._targets.valid([i])
        return square.mean() if valid is None else (square * valid[0]).sum() / valid.sum()
