"""The network under training: wavelength embedding and decoder together."""

import torch
from torch import nn

from ..network.torch_network import Decoder, WavelengthEmbedding


class Codec(nn.Module):
    """Bands in, by number; their wavelengths are embedded, and the decoder paints them.

    A wavelength between two bands is asked for as both and a fraction: its embedding lies on the
    line between theirs, as it will when decoding from the stored embeddings.

    positions: (bands,) in [0, 1]. With `schedule.residual` each band's embedding has a part of its
    own besides the network's, from zero: two detectors see one wavelength differently, and the
    file holds each band's embedding in any case.
    """

    def __init__(self, architecture, positions, schedule):
        super().__init__()
        self.register_buffer("positions", torch.as_tensor(positions, dtype=torch.float32))
        self.embedding = WavelengthEmbedding(architecture.grid, schedule.levels, schedule.base)
        self.decoder = Decoder(architecture)
        self.residual = None
        if schedule.residual:
            shape = architecture.embedding_shape(len(positions))
            self.residual = nn.Parameter(torch.zeros(shape))

    def forward(self, bands, partners=None, fractions=None):  # each (batch,)
        embedding = self.embed(bands)  # (batch, 16, h, w)
        if partners is not None:
            embedding = torch.lerp(embedding, self.embed(partners), fractions[:, None, None, None])
        return self.decoder(embedding)[:, 0]  # (batch, rows, cols)

    def embed(self, bands):
        """The embeddings of bands, (batch,) indices to (batch, 16, h, w), float32 in mixed precision too."""
        embedding = self.embedding(self.positions[bands]).float()
        return embedding if self.residual is None else embedding + self.residual[bands]

    def embeddings(self):
        """The embeddings to store, (bands, 16, h, w) float32 array."""
        with torch.no_grad():
            every = torch.arange(len(self.positions), device=self.positions.device)
            return self.embed(every).float().cpu().numpy()
