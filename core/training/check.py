"""Whether a network, once quantised, reaches the wished PSNR."""

import numpy as np
import torch

from ..network.torch_network import load_decoder


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
        embeddings = torch.from_numpy(tensors.pop("embeddings"))
        decoder = load_decoder(self._architecture, tensors, self._device)
        errors = []
        with torch.no_grad():
            for i in range(len(self._targets)):
                self._progress.check()
                decoded = decoder(embeddings[i : i + 1].to(self._device))[0, 0].cpu().numpy()
                errors.append(self._squared_error(decoded, i))
        psnr = -10 * np.log10(np.maximum(errors, 1e-12)).mean()
        return psnr >= self._target

    def _squared_error(self, decoded, i):
        rows, cols = self._targets.size
        square = (decoded[:rows, :cols] - self._targets.normalised([i])[0]) ** 2
        valid = self._targets.valid([i])
        return square.mean() if valid is None else (square * valid[0]).sum() / valid.sum()
