"""A band's errors and SSIM, summed up while its rows are decoded from the first to the last."""

from dataclasses import dataclass, field

import numpy as np

from .metrics import ErrorSums
from .ssim import RADIUS, ssim_map

# Pixels worked on at once: a few megabytes of float64, and short enough to cancel in between.
STRIP_PIXELS = 200_000


@dataclass
class BandRows:
    """What is known of a band so far.

    data_range: maximum minus minimum of its original. sums, ssim: of the rows above `measured`, in strips, which are
    the same however many rows come at a time. kept: (rows, cols), the decoded rows from `first` on, which rows to
    come are still measured with.
    """

    data_range: float
    sums: ErrorSums = ErrorSums()
    ssim: float = 0.0
    measured: int = 0
    first: int = 0
    kept: np.ndarray = field(default=None, repr=False)

    @property
    def n_rows(self):
        """How many rows were decoded."""
        return self.first + (0 if self.kept is None else len(self.kept))

    def take(self, rows):
        """Take in the next rows, (n, cols), of which only `kept` is held when they are measured."""
        self.kept = rows if self.kept is None else np.concatenate([self.kept, rows])

    def strips(self, original, valid, check=None):
        """Measure what can be; yields (slice of rows, decoded) of each strip that was, for other figures."""
        n_rows, n_cols = original.shape
        height = max(1, STRIP_PIXELS // n_cols)
        while self.measured < n_rows:
            rows = slice(self.measured, min(self.measured + height, n_rows))
            if min(rows.stop + RADIUS, n_rows) > self.n_rows:
                break
            if check is not None:
                check()
            decoded = self.kept[rows.start - self.first : rows.stop - self.first]
            self.sums += ErrorSums.of(original[rows], decoded, valid[rows])
            self.ssim += self._strip_ssim(rows, original, valid)
            self.measured = rows.stop
            yield rows, decoded
        self._let_go(n_rows)

    def _strip_ssim(self, rows, original, valid):
        """Sum of SSIM over the strip's valid pixels; windows reach into the rows around it."""
        start = max(0, rows.start - RADIUS)
        around = slice(start, rows.stop + RADIUS)
        decoded = self.kept[start - self.first : rows.stop + RADIUS - self.first]
        ssim = ssim_map(original[around], decoded, valid[around], self.data_range)
        inner = slice(rows.start - start, rows.stop - start)
        return float(ssim[inner][valid[rows]].sum())

    def _let_go(self, n_rows):
        """Of the rows that no further strip needs."""
        needed = n_rows if self.measured == n_rows else max(self.measured - RADIUS, 0)
        # A copy: the rest of what was decoded together must not stay in memory for it.
        self.kept, self.first = self.kept[needed - self.first :].copy(), needed
