"""SpectralFormer: a transformer whose sequence runs along the spectrum.

Source: Hong et al., "SpectralFormer: Rethinking Hyperspectral Image Classification with
Transformers" (IEEE TGRS 2021, arXiv 2107.02988): group-wise spectral embedding (section III-B),
cross-layer adaptive fusion (section III-C). Sizes as published for Indian Pines.
"""

from dataclasses import dataclass

import torch
from torch import nn

from ...errors import ParameterError
from .attention import attend
from .dropout import Dropout
from .position_map import map_positions


@dataclass(frozen=True)
class SpectralFormerConfig:
    """Sizes of one network.

    n_pixels: pixels (or window means) that a patch brings; n_bands: bands of each.
    group: neighbouring bands that make one position; step: bands from a position to the next.
    cross_layer: fusion from the third layer on; off, with group 1, it is the plain ViT.
    """

    n_bands: int
    n_classes: int
    n_pixels: int = 49
    group: int = 3
    step: int = 1
    cross_layer: bool = True
    width: int = 64
    layers: int = 5
    heads: int = 4
    head_width: int = 16
    hidden: int = 8
    dropout: float = 0.1

    @property
    def positions(self):
        """Positions of the sequence: the class's and one for each group of bands."""
        return 1 + -(-self.n_bands // self.step)


class GroupwiseEmbedding(nn.Module):
    """Each band with its neighbours, in all pixels, to one vector; the spectrum's ends wrap.

    One linear map for all groups is a convolution along the spectrum with the pixels as channels.
    """

    def __init__(self, config):
        super().__init__()
        if config.group > config.n_bands:
            raise ParameterError(
                f"A group of {config.group} bands is larger than the image's {config.n_bands} bands."
            )
        self.before = config.group // 2
        self.after = config.group - 1 - self.before
        self.map = nn.Conv1d(config.n_pixels, config.width, config.group, config.step)

    def forward(self, x):  # (batch, pixels, bands)
        n_bands = x.shape[2]
        wrapped = [x[:, :, n_bands - self.before:], x, x[:, :, :self.after]]
        x = torch.cat(wrapped, dim=2)  # (batch, pixels, bands + group - 1)
        return self.map(x).transpose(1, 2)  # (batch, groups, width)


class Attention(nn.Module):
    """Multi-head self-attention over the positions, behind a layer norm."""

    def __init__(self, config):
        super().__init__()
        inner = config.heads * config.head_width
        self.heads = config.heads
        self.norm = nn.LayerNorm(config.width)
        self.query_key_value = nn.Linear(config.width, 3 * inner, bias=False)
        self.out = nn.Linear(inner, config.width)
        self.dropout = Dropout(config.dropout)

    def forward(self, x):  # (batch, positions, width)
        x = self.query_key_value(self.norm(x))  # (batch, positions, 3 * heads * head_width)
        x = attend(x, self.heads)  # (batch, positions, heads * head_width)
        return self.dropout(self.out(x))  # (batch, positions, width)

    def of_class(self, x):
        """What `forward` gives the class position, (batch, 1, width), from x, (batch, positions, width).

        One query for each head: its scores are products with all positions' keys, and so of the query's
        image under the keys' map with the positions themselves. Neither keys nor values are computed.
        """
        x = self.norm(x)
        maps = self.query_key_value.weight.unflatten(0, (3, self.heads, -1))  # (3, heads, head_width, width)
        query = torch.einsum("bw,hdw->bhd", x[:, 0], maps[0])
        query = torch.einsum("bhd,hdw->bhw", query, maps[1]) * maps.shape[2] ** -0.5
        shares = (query @ x.transpose(1, 2)).softmax(dim=2)  # (batch, heads, positions)
        out = torch.einsum("bhw,hdw->bhd", shares @ x, maps[2])
        return self.dropout(self.out(out.flatten(1)[:, None]))


class FeedForward(nn.Module):
    """Two linear maps with GELU between, behind a layer norm."""

    def __init__(self, config):
        super().__init__()
        self.norm = nn.LayerNorm(config.width)
        self.widen = nn.Linear(config.width, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.width)
        self.dropout = Dropout(config.dropout)

    def forward(self, x):  # (batch, positions, width)
        x = self.dropout(nn.functional.gelu(self.widen(self.norm(x))))
        return self.dropout(self.narrow(x))


class CrossLayerFusion(nn.Module):
    """A layer's input and that of two layers before, joined by a learned map over all positions.

    The published 1x2 convolution has the positions as channels and slides over the width: the same
    sum as a convolution of size one over both inputs' positions stacked.
    """

    def __init__(self, config):
        super().__init__()
        self.map = nn.Conv1d(2 * config.positions, config.positions, 1)

    def forward(self, x, earlier):  # each (batch, positions, width)
        # The sum over both halves apart: stacking them would copy both at each step.
        for_x, for_earlier = self.map.weight[:, :, 0].chunk(2, dim=1)  # each (positions, positions)
        fused = map_positions(for_x, x).add_(map_positions(for_earlier, earlier))  # (batch, positions, width)
        return fused.add_(self.map.bias[:, None])


class Encoder(nn.Module):
    """The layers: from the third on, fusion first; then attention and MLP, each with a residual.

    Of the last layer only the class position is computed: nothing reads the others.
    """

    def __init__(self, config):
        super().__init__()
        self.attention = nn.ModuleList(Attention(config) for _ in range(config.layers))
        self.feed_forward = nn.ModuleList(FeedForward(config) for _ in range(config.layers))
        fusions = max(0, config.layers - 2) if config.cross_layer else 0
        self.fusion = nn.ModuleList(CrossLayerFusion(config) for _ in range(fusions))

    def forward(self, x):  # (batch, positions, width)
        inputs, last = [], len(self.attention) - 1
        for layer, (attention, feed_forward) in enumerate(zip(self.attention, self.feed_forward)):
            inputs.append(x)
            if layer >= 2 and len(self.fusion):
                x = self.fusion[layer - 2](x, inputs[layer - 2])
            # In their place: what attention and MLP return is not kept for going back, x is.
            if layer < last:
                x = attention(x).add_(x)
            else:
                x = attention.of_class(x).add_(x[:, :1])  # (batch, 1, width)
            x = feed_forward(x).add_(x)
        return x[:, 0]  # (batch, width), the class position


class SpectralFormer(nn.Module):
    """Patches in, a score for each class out."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embedding = GroupwiseEmbedding(config)
        self.class_position = nn.Parameter(torch.randn(1, 1, config.width))
        self.places = nn.Parameter(torch.randn(1, config.positions, config.width))
        self.dropout = Dropout(config.dropout)
        self.encoder = Encoder(config)
        self.norm = nn.LayerNorm(config.width)
        self.head = nn.Linear(config.width, config.n_classes)

    def forward(self, patches):  # (batch, pixels, bands)
        x = self.embedding(patches)  # (batch, groups, width)
        first = self.class_position.expand(len(x), -1, -1)  # (batch, 1, width)
        x = torch.cat([first, x], dim=1)  # (batch, positions, width)
        x = self.encoder(self.dropout(x + self.places))  # (batch, width)
        return self.head(self.norm(x))  # (batch, classes)
