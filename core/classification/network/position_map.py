"""One linear map over the positions of all sequences of a batch."""

import torch
from torch import nn


def map_positions(weight, x):
    """weight, (positions after, positions before), times each of x, (batch, positions before, width).

    Where torch multiplies with MKL, matrix by matrix is faster than the convolution that it is
    (docs/benchmarks.md); elsewhere torch's convolutions may know the processor better than its matrices.
    """
    if torch.backends.mkl.is_available() and not x.is_cuda:
        return PositionMap.apply(weight, x)
    return nn.functional.conv1d(x, weight[:, :, None])


class PositionMap(torch.autograd.Function):
    """`map_positions` that adds the slopes of all sequences up as it goes, instead of keeping each."""

    @staticmethod
    def forward(ctx, weight, x):
        ctx.save_for_backward(weight, x)
        return torch.bmm(weight.expand(len(x), -1, -1), x)

    @staticmethod
    def backward(ctx, slope):
        weight, x = ctx.saved_tensors
        of_weight = torch.addbmm(weight, slope, x.transpose(1, 2), beta=0)
        return of_weight, torch.bmm(weight.t().expand(len(x), -1, -1), slope)
