"""How far the bands that a network decodes are from the scene's."""

import numpy as np

from ..network.torch_decoding import TorchBands
from ..progress import Progress


def squared_errors(targets, architecture, tensors, device, progress=None):
    """Mean squared error of each of the targets' bands over its valid pixels, (bands,) float64.

    tensors: {name: float32 array} as a file's reader has them, `embeddings` among them. Errors are
    in units of the band's range. Raises Cancelled.
    """
    progress = progress or Progress()
    arrays = {name: array for name, array in tensors.items() if name != "embeddings"}
    bands = TorchBands(architecture, arrays, device, half=False)
    errors = np.empty(len(targets))
    for i in range(len(targets)):
        progress.check()
        decoded = bands.decode(tensors["embeddings"][i : i + 1], *targets.size)[0]
        square = (decoded - targets.normalised([i])[0]) ** 2
        valid = targets.valid([i])
        errors[i] = square.mean() if valid is None else (square * valid[0]).sum() / valid.sum()
    return errors


def mean_psnr(errors):
    """Mean over bands of the PSNR, dB, from `squared_errors`."""
    return float(-10 * np.log10(np.maximum(errors, 1e-12)).mean())
