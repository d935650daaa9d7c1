"""Scaled dot-product attention that keeps no matrix of all scores.

Where torch has its own (2.0 on), that is used: by itself a chunk of ours takes less of a processor,
but it is many small steps of Python, for which threads wait for each other (docs/benchmarks.md).
Before, writing the scores of a whole batch to memory and reading them back takes longer than the
products: those of a few heads at a time stay in a processor's cache, and going backward computes
them once more.
"""

import torch
from torch import nn
from torch.autograd.function import once_differentiable

_SCORES_AT_ONCE = 2**18

# Between these, neither sums of e to the power of scores nor slopes divided by them leave float32.
_LEAST_TOTAL, _LARGEST_TOTAL = 1e-15, 1e20


def attend(joint, heads, asking):
    """Multi-head attention of the first `asking` positions to all.

    joint: (batch, positions, 3 * heads * head_width), queries, keys and values side by side.
    Returns (batch, asking, heads * head_width).
    """
    if hasattr(nn.functional, "scaled_dot_product_attention"):
        # Heads and positions change places last: going back, the slopes are joined as they lie.
        query, key, value = (x.transpose(1, 2) for x in joint.unflatten(2, (3, heads, -1)).unbind(2))
        out = nn.functional.scaled_dot_product_attention(query[:, :, :asking], key, value)
        return out.transpose(1, 2).flatten(2)
    return ChunkedAttention.apply(joint, heads, asking)


class ChunkedAttention(torch.autograd.Function):
    """`attend`, a few heads at a time, in the places where they lie: nothing is copied."""

    @staticmethod
    def forward(ctx, joint, heads, asking):
        out, totals, tops = _attended(joint, heads, asking, plainly=True)
        if totals.numel() and not (_LEAST_TOTAL <= totals.min() and totals.max() <= _LARGEST_TOTAL):
            out, totals, tops = _attended(joint, heads, asking, plainly=False)
        out.div_(totals)
        ctx.save_for_backward(joint, out, totals, tops)
        return out.flatten(2)

    @staticmethod
    @once_differentiable
    def backward(ctx, slope):
        joint, out, totals, tops = ctx.saved_tensors
        _, asking, heads, head_width = out.shape
        slopes = torch.zeros_like(joint) if asking < joint.shape[1] else torch.empty_like(joint)
        # Once here, instead of each weight by its row's total.
        slope = slope.unflatten(2, (heads, head_width)) / totals
        of_rows = (slope * out).sum(-1, keepdim=True).mul_(head_width**-0.5)
        slope, of_rows, tops = (_by_heads(x) for x in (slope, of_rows, tops))
        pieces = zip(_pieces(joint, heads, asking), _pieces(slopes, heads, asking))
        for (place, query, key, value, weights), (_, to_query, to_key, to_value, of_scores) in pieces:
            _scores(query, key, weights)
            if tops is not None:
                weights.sub_(tops[place])
            weights.exp_()
            torch.bmm(weights.transpose(1, 2), slope[place], out=to_value)
            # The slope of a softmax: w * (g - sum(g * w)), the sum being that of slope * out.
            _scores(slope[place], value, of_scores)
            of_scores.sub_(of_rows[place]).mul_(weights)
            torch.bmm(of_scores, key, out=to_query)
            torch.bmm(of_scores.transpose(1, 2), query, out=to_key)
        return slopes, None, None


def _attended(joint, heads, asking, plainly):
    """(sums of weighted values, (batch, asking, heads, head_width), the weights' totals, rows' maxima or None).

    A weight is e to the power of its score, plainly, or of what the score lacks to its row's maximum;
    totals and maxima: (batch, asking, heads, 1).
    """
    batch, _, width = joint.shape
    out = joint.new_empty(batch, asking, heads, width // 3 // heads)
    totals = joint.new_empty(batch, asking, heads, 1)
    tops = None if plainly else torch.empty_like(totals)
    to_out, to_totals, to_tops = (_by_heads(x) for x in (out, totals, tops))
    for place, query, key, value, weights in _pieces(joint, heads, asking):
        _scores(query, key, weights)
        if not plainly:
            torch.amax(weights, -1, keepdim=True, out=to_tops[place])
            weights.sub_(to_tops[place])
        torch.sum(weights.exp_(), -1, keepdim=True, out=to_totals[place])
        torch.bmm(weights, value, out=to_out[place])
    return out, totals, tops


def _scores(query, key, out):
    """query times key of each two positions, over the root of their width: (heads, asking, positions)"""
    torch.baddbmm(out, query, key.transpose(1, 2), beta=0, alpha=key.shape[2] ** -0.5, out=out)


def _by_heads(x):
    """(batch, positions, heads, width) as (batch, heads, positions, width)"""
    return None if x is None else x.transpose(1, 2)


def _apart(joint, heads):
    """Queries, keys and values, views: (batch, heads, 3, positions, head_width)"""
    return joint.unflatten(2, (3, heads, -1)).permute(0, 3, 2, 1, 4)


def _pieces(joint, heads, asking):
    """(place in (batch, heads), query, key, value, scratch) of a few heads at a time.

    query, (n, asking, head_width), key and value, (n, positions, head_width), are views of `joint`;
    scratch, (n, asking, positions), is the same memory for each piece, no more than stays in the cache.
    """
    batch, positions, _ = joint.shape
    few = max(1, _SCORES_AT_ONCE // (asking * positions))
    if heads <= few < batch:
        places = range(batch)  # all heads of a patch, which lie beside each other
    else:
        places = [(slice(i, i + few), head) for i in range(0, batch, few) for head in range(heads)]
    # Not empty: torch 1.13 multiplies even what `beta=0` tells it to ignore, where products are few,
    # and zero times NaN is NaN.
    scratch = joint.new_zeros(min(few, max(batch, heads)), asking, positions)
    apart = _apart(joint, heads)
    for place in places:
        query, key, value = apart[place].unbind(1)
        yield place, query[:, :asking], key, value, scratch[:len(key)]
