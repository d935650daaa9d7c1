"""Dropout that draws from a generator of its own, so that threads draw independently and repeatably."""

import numpy as np
import torch
from torch import nn

# Four values' worth are drawn at once, and by NumPy: several times faster than torch draws on a CPU.
_BITS = 16


class Dropout(nn.Module):
    """Zeroes a share of the values while training and scales the others up to the same mean.

    On a CPU in their place, and passes them on: new memory costs as much as what is computed in it.
    generator: the numpy Generator drawn from, on the CPU; None: as on a GPU, torch's own dropout and state.
    """

    def __init__(self, share):
        super().__init__()
        self.share, self.generator = share, None

    def forward(self, x):
        if not self.training or not self.share:
            return x
        if self.generator is None or x.is_cuda or self.share == 1:
            return nn.functional.dropout(x, self.share)
        return x.mul_(self._factors(x))

    def _factors(self, x):
        """Of the shape of x: 0 for a share of the values, 1 / (1 - share) for the others."""
        whole = np.iinfo(np.int64)
        words = self.generator.integers(whole.min, whole.max, max(1, -(-x.numel() * _BITS // 64)), np.int64, endpoint=True)
        bits = torch.from_numpy(words).view(torch.int16)[:x.numel()].view(x.shape)  # from -2^15 to 2^15 - 1
        # Straight into numbers: by way of truth values it takes four times as long.
        kept = torch.ge(bits, round(self.share * 2**_BITS) - 2 ** (_BITS - 1), out=torch.empty_like(x))
        return kept.mul_(1 / (1 - self.share))
