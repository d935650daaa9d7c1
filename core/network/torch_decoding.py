"""Decoding whole bands with torch: many at a time, on a GPU where there is one.

On a CPU it agrees with the NumPy decoder to within 1e-4 of a band's range (tests/network).
"""

import contextlib

import torch

from .torch_network import load_decoder

# Values of one layer's output held at once, for all bands of a batch (256 MiB in float32).
BATCH_VALUES = 64 << 20


class TorchBands:
    """A decoder's weights on a device. `device`: 'cpu' or 'cuda'.

    half: whether on a GPU the layers before the last run in half precision, in which some give no
    numbers (GTX 16xx); the last, whose output is the image, runs in float32.
    """

    def __init__(self, architecture, arrays, device="cpu", half=True):
        self._architecture, self._device = architecture, device
        self._decoder = load_decoder(architecture, arrays, device)
        self._half = half and device == "cuda"

    def batch_size(self):
        """How many bands to decode at once."""
        rows, cols = self._architecture.frame
        widest = max(
            channels * size[0] * size[1]
            for channels, size in zip(self._architecture.widths, self._architecture.sizes)
        )
        return max(1, BATCH_VALUES // max(widest, rows * cols))

    def decode(self, embeddings, n_rows, n_cols):
        """Decode (n, 16, h, w) float32 arrays to (n, n_rows, n_cols) float32 in [0, 1]."""
        with torch.inference_mode():
            x = torch.from_numpy(embeddings).to(self._device)
            return self.run(x)[:, :n_rows, :n_cols].cpu().numpy()

    def run(self, embeddings):
        """The same on tensors of the device, (n, 16, h, w) to (n, frame rows, frame cols)."""
        decoder = self._decoder
        half = torch.autocast("cuda", torch.float16) if self._half else contextlib.nullcontext()
        with half:
            x = torch.nn.functional.gelu(decoder.stem(embeddings))
            for stage in decoder.stages:
                x = stage(x)
        return ((torch.tanh(decoder.head(x.float())) + 1) / 2)[:, 0]
