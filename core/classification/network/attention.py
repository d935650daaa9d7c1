"""Scaled dot-product attention that keeps no matrix of all scores.

Writing the scores of a whole batch to memory and reading them back takes longer than the products.
On a GPU torch's own attention (2.0 on) avoids that. On a CPU the scores of a few heads at a time
stay in the processor's cache, and going backward computes them once more: less work than torch's
own there (docs/benchmarks.md).
"""

import math
from itertools import repeat

import torch
from torch import nn
from torch.autograd.function import once_differentiable

_SCORES_AT_ONCE = 2**18

# Between these, neither sums of e to the power of scores nor slopes divided by them leave float32.
_LEAST_TOTAL, _LARGEST_TOTAL = 1e-15, 1e20

_FROM_TORCH_2 = hasattr(nn.functional, "scaled_dot_product_attention")

# What makes weights of scores, and what it wants the scores multiplied with. MKL's powers of e, which do not heed what
# torch was told of denormal numbers (training/denormals.py), take thirty times as long for scores near nothing, which
# weight decay makes of whole layers. Powers of two are torch's own, many at once from 2.0 on.
_raise, _UNIT = (torch.Tensor.exp2_, math.log2(math.e)) if _FROM_TORCH_2 else (torch.Tensor.exp_, 1.0)


def attend(joint, heads):
    """Multi-head attention of all positions to all.

    joint: (batch, positions, 3 * heads * head_width), queries, keys and values side by side.
    Returns (batch, positions, heads * head_width).
    """
    if joint.is_cuda and _FROM_TORCH_2:
        out = nn.functional.scaled_dot_product_attention(*_apart(joint, heads))
        return out.transpose(1, 2).flatten(2)
    return ChunkedAttention.apply(joint, heads)


class ChunkedAttention(torch.autograd.Function):
    """`attend`, a few heads at a time, in the places where they lie: nothing is copied.

    Within a chunk there are products and what is done to their results, and no views: each call of
    torch is a moment at which threads wait for each other.
    """

    @staticmethod
    def forward(ctx, joint, heads):
        out, totals, tops = _attended(joint, heads, plainly=True)
        if totals.numel() and not (_LEAST_TOTAL <= totals.min() and totals.max() <= _LARGEST_TOTAL):
            out, totals, tops = _attended(joint, heads, plainly=False)
        out.div_(totals)
        ctx.save_for_backward(joint, out, totals, tops)
        return out.flatten(2)

    @staticmethod
    @once_differentiable
    def backward(ctx, slope):
        joint, out, totals, tops = ctx.saved_tensors
        heads, head_width = out.shape[2:]
        scale, slopes = head_width**-0.5, torch.empty_like(joint)
        # Once here, instead of each weight by its row's total.
        slope = slope.unflatten(2, (heads, head_width)) / totals
        of_rows = (slope * out).sum(-1, keepdim=True).mul_(scale)
        tops, slope, of_rows = _by_heads(tops, slope, of_rows)
        query, key, value = _apart(joint, heads)
        chunks = _chunks(query, key, key.mT, value.mT, tops, slope, of_rows, *_apart(slopes, heads))
        scratch = zip(_scratch(query), _scratch(query))
        for ((weights, weights_t), (of_scores, of_scores_t)), views in zip(scratch, chunks):
            query, key, key_t, value_t, top, of_out, of_row, to_query, to_key, to_value = views
            torch.baddbmm(weights, query, key_t, beta=0, alpha=_UNIT * scale, out=weights)
            if top is not None:
                weights.sub_(top)
            _raise(weights)
            torch.bmm(weights_t, of_out, out=to_value)
            # The slope of a softmax: w * (g - sum(g * w)), the sum being that of slope * out.
            torch.baddbmm(of_scores, of_out, value_t, beta=0, alpha=scale, out=of_scores)
            of_scores.sub_(of_row).mul_(weights)
            torch.bmm(of_scores, key, out=to_query)
            torch.bmm(of_scores_t, query, out=to_key)
        return slopes, None


def _attended(joint, heads, plainly):
    """(sums of weighted values, (batch, positions, heads, head_width), the weights' totals, rows' maxima or None).

    A weight is e to the power of its score, plainly, or of what the score lacks to its row's maximum;
    totals and maxima: (batch, positions, heads, 1).
    """
    batch, positions, width = joint.shape
    out = joint.new_empty(batch, positions, heads, width // 3 // heads)
    totals = joint.new_empty(batch, positions, heads, 1)
    tops = None if plainly else torch.empty_like(totals)
    query, key, value = _apart(joint, heads)
    scale = query.shape[3] ** -0.5
    chunks = _chunks(query, key.mT, value, *_by_heads(tops, out, totals))
    for (weights, _), (query, key_t, value, top, to_out, to_total) in zip(_scratch(query), chunks):
        torch.baddbmm(weights, query, key_t, beta=0, alpha=_UNIT * scale, out=weights)
        if top is not None:
            torch.amax(weights, -1, keepdim=True, out=top)
            weights.sub_(top)
        _raise(weights)
        torch.sum(weights, -1, keepdim=True, out=to_total)
        torch.bmm(weights, value, out=to_out)
    return out, totals, tops


def _apart(joint, heads):
    """Queries, keys and values, views: each (batch, heads, positions, head_width)"""
    # Heads and positions change places last: going back, PyTorch joins the slopes as they lie.
    return [x.transpose(1, 2) for x in joint.unflatten(2, (3, heads, -1)).unbind(2)]


def _by_heads(*several):
    """Each (batch, positions, heads, width) as (batch, heads, positions, width)"""
    return [None if x is None else x.transpose(1, 2) for x in several]


def _chunks(*several):
    """A few heads of each at a time, views: (n, ..., ...) of (batch, heads, ..., ...)"""
    few = _heads_at_once(several[0])
    return zip(*(repeat(None) if x is None else _in_chunks(x, few) for x in several))


def _in_chunks(x, few):
    if x.shape[1] <= few < x.shape[0]:
        return x.unbind(0)  # all heads of a patch, which lie beside each other
    return [head for patches in x.split(few) for head in patches.unbind(1)]


def _heads_at_once(query):
    return max(1, _SCORES_AT_ONCE // query.shape[2] ** 2)


def _scratch(query):
    """For each chunk of query, (batch, heads, positions, head_width), the same memory, and transposed.

    It stays in the cache. Not empty: torch 1.13 multiplies even what `beta=0` tells it to ignore,
    where products are few, and zero times NaN is NaN.
    """
    sizes = [len(chunk) for (chunk,) in _chunks(query)]
    memory = query.new_zeros(max(sizes, default=0), query.shape[2], query.shape[2])
    views = {n: (memory[:n], memory[:n].mT) for n in set(sizes)}
    return [views[n] for n in sizes]
