"""Scaled dot-product attention that keeps no matrix of all scores.

Where torch has its own (2.0 on), that is used. Before, writing the scores of a whole batch to memory
and reading them back takes longer than the products: a few patches at a time stay in the cache, and
going backward computes their scores once more.
"""

import torch
from torch import nn

_SCORES_AT_ONCE = 2**18


def attend(joint, heads, asking):
    """Multi-head attention of the first `asking` positions to all.

    joint: (batch, positions, 3 * heads * head_width), queries, keys and values side by side.
    Returns (batch, asking, heads * head_width).
    """
    if hasattr(nn.functional, "scaled_dot_product_attention"):
        batch, positions, _ = joint.shape
        query, key, value = joint.reshape(batch, positions, 3, heads, -1).permute(2, 0, 3, 1, 4)
        out = nn.functional.scaled_dot_product_attention(query[:, :, :asking], key, value)
        return out.transpose(1, 2).reshape(batch, asking, -1)
    return ChunkedAttention.apply(joint, heads, asking)


class ChunkedAttention(torch.autograd.Function):
    """`attend`, one head of a few patches at a time, in the places where they lie: nothing is copied."""

    @staticmethod
    def forward(ctx, joint, heads, asking):
        batch, positions, width = joint.shape
        out = joint.new_empty(batch, asking, width // 3)
        # Less the logarithm of each softmax's denominator: going backward it saves the maximum.
        shifts = joint.new_empty(heads, batch, asking, 1)
        for part, head, query, key, value in _pieces(joint, heads, asking):
            scale = query.shape[2] ** -0.5
            products = torch.bmm(query, key.transpose(1, 2))  # (patches, asking, positions)
            shift = products.amax(-1, keepdim=True).mul_(-scale)
            weights = _weights(products, shift, scale)
            total = weights.sum(-1, keepdim=True)
            place = _columns(out[part], head, query.shape[2])
            torch.bmm(weights, value, out=place)
            place.div_(total)
            torch.sub(shift, total.log_(), out=shifts[head, part])
        ctx.save_for_backward(joint, out, shifts)
        ctx.heads, ctx.asking = heads, asking
        return out

    @staticmethod
    def backward(ctx, slope):
        joint, out, shifts = ctx.saved_tensors
        slopes = torch.zeros_like(joint) if ctx.asking < joint.shape[1] else torch.empty_like(joint)
        of_rows = (slope * out).unflatten(-1, (ctx.heads, -1)).sum(-1)  # (batch, asking, heads)
        scale = (joint.shape[2] // 3 // ctx.heads) ** -0.5
        scaled, of_rows = slope * scale, of_rows * scale
        for (part, head, query, key, value), (*_, to_query, to_key, to_value) in zip(
            _pieces(joint, ctx.heads, ctx.asking), _pieces(slopes, ctx.heads, ctx.asking)
        ):
            products = torch.bmm(query, key.transpose(1, 2))  # (patches, asking, positions)
            weights = _weights(products, shifts[head, part], scale)
            torch.bmm(weights.transpose(1, 2), _columns(slope[part], head, query.shape[2]), out=to_value)
            # The slope of a softmax: w * (g - sum(g * w)), the sum being that of slope * out.
            of_scores = torch.bmm(_columns(scaled[part], head, query.shape[2]), value.transpose(1, 2))
            of_scores.sub_(of_rows[part, :, head, None]).mul_(weights)
            torch.bmm(of_scores, key, out=to_query)
            torch.bmm(of_scores.transpose(1, 2), query, out=to_key)
        return slopes, None, None


def _weights(products, shift, scale):
    """exp(scale * products + shift), in their place."""
    return torch.add(shift, products, alpha=scale, out=products).exp_()


def _pieces(joint, heads, asking):
    """(patches, head, query, key, value) of each head of a few patches, views of `joint`.

    No piece has more scores than stay in the cache.
    """
    batch, positions, width = joint.shape
    few = max(1, _SCORES_AT_ONCE // (asking * positions))
    inner, head_width = width // 3, width // 3 // heads
    for start in range(0, batch, few):
        part = slice(start, start + few)
        for head in range(heads):
            query, key, value = (
                _columns(third, head, head_width) for third in joint[part].split(inner, dim=2)
            )
            yield part, head, query[:, :asking], key, value


def _columns(x, head, head_width):
    return x[:, :, head * head_width:(head + 1) * head_width]
