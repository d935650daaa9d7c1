"""The network under training: wavelength embedding and decoder together."""

import torch
from torch import nn

from ..network.torch_network import Decoder, WavelengthEmbedding


class Codec(nn.Module):
    """Wavelengths in, bands out.

    A wavelength between two bands is asked for as both and a fraction: its embedding lies on the
    line between theirs, as it will when decoding from the stored embeddings.
    """

    def __init__(self, architecture, levels, base):
        super().__init__()
        self.embedding = WavelengthEmbedding(architecture.grid, levels, base)
        self.decoder = Decoder(architecture)

    def forward(self, positions, partners=None, fractions=None):  # each (batch,)
        embedding = self.embedding(positions)  # (batch, 16, h, w)
        if partners is not None:
            embedding = torch.lerp(embedding, self.embedding(partners), fractions[:, None, None, None])
        return self.decoder(embedding)[:, 0]  # (batch, rows, cols)

    def embeddings(self, positions):
        """The embeddings to store, (len(positions), 16, h, w) float32 array."""
        with torch.no_grad():
            return self.embedding(positions).float().cpu().numpy()
