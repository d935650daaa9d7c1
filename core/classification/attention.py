"""Scaled dot-product attention that keeps no matrix of all scores.

Where torch has its own (2.0 on), that is used. Before, writing the scores of a whole batch to memory
and reading them back takes longer than the products: a few heads at a time stay in the cache, and
going backward computes their scores once more.
"""

import torch
from torch import nn

_SCORES_AT_ONCE = 2**18


def attend(query, key, value):
    """Softmax of the scaled products weighs the values.

    query: (batch, heads, queries, head_width); key, value: (batch, heads, positions, head_width).
    Returns the shape of `query`.
    """
    if hasattr(nn.functional, "scaled_dot_product_attention"):
        return nn.functional.scaled_dot_product_attention(query, key, value)
    query = query * query.shape[-1] ** -0.5
    flat = [x.flatten(0, 1).contiguous() for x in (query, key, value)]  # (batch * heads, ...)
    return ChunkedAttention.apply(*flat).reshape(query.shape)


class ChunkedAttention(torch.autograd.Function):
    """Attention of scaled queries: query (n, queries, width); key, value (n, positions, width)."""

    @staticmethod
    def forward(ctx, query, key, value):
        ctx.save_for_backward(query, key, value)
        out = torch.empty_like(query)
        for part in _parts(query, key):
            torch.bmm(_weights(query[part], key[part]), value[part], out=out[part])
        return out

    @staticmethod
    def backward(ctx, slope):
        query, key, value = ctx.saved_tensors
        slopes = [torch.empty_like(x) for x in (query, key, value)]
        for part in _parts(query, key):
            weights = _weights(query[part], key[part])  # (heads, queries, positions)
            torch.bmm(weights.transpose(1, 2), slope[part], out=slopes[2][part])
            of_weights = torch.bmm(slope[part], value[part].transpose(1, 2))
            # The slope of a softmax: w * (g - sum(g * w)).
            scores = weights * (of_weights - (of_weights * weights).sum(-1, keepdim=True))
            torch.bmm(scores, key[part], out=slopes[0][part])
            torch.bmm(scores.transpose(1, 2), query[part], out=slopes[1][part])
        return tuple(slopes)


def _weights(query, key):
    return torch.bmm(query, key.transpose(1, 2)).softmax(dim=-1)


def _parts(query, key):
    """Slices of the heads, each with no more scores than stay in the cache."""
    heads = max(1, _SCORES_AT_ONCE // (query.shape[1] * key.shape[1]))
    return [slice(start, start + heads) for start in range(0, len(query), heads)]
