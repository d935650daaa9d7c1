"""A trained support vector machine, applied by NumPy alone."""

from dataclasses import dataclass

import numpy as np

from ...products import product

# Spectra at once, and float64 values of their kernel, three times 16 MiB.
_CHUNK, _KERNEL_VALUES = 2048, 2**21
# Pairs of classes between two looks at whether to stop: a thousand classes are half a million.
_PAIRS_AT_ONCE = 1000


@dataclass(frozen=True)
class SupportVectors:
    """An RBF support vector machine, one vote for each pair of classes.

    mean, scale: (bands,) that standardise a spectrum. vectors: (n, bands) standardised, sorted by
    class, of which class c has counts[c]. weights: (classes - 1, n) and offsets: (pairs,) as
    LIBSVM has them. classes: (k,) the classes trained. gamma: the kernel's.
    """

    mean: np.ndarray
    scale: np.ndarray
    vectors: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    counts: np.ndarray
    classes: np.ndarray
    gamma: float

    def votes(self, spectra, check=None):
        """Share of the votes of each of `classes`, (n, k) float32, for spectra (n, bands).

        `check` is called now and then and may raise to end the counting.
        """
        out = np.empty((len(spectra), len(self.classes)), dtype=np.float32)
        step = min(_CHUNK, max(1, _KERNEL_VALUES // max(1, len(self.vectors))))
        for start in range(0, len(spectra), step):
            if check is not None:
                check()
            part = slice(start, start + step)
            out[part] = self._votes((spectra[part] - self.mean) / self.scale, check)
        return out

    def _votes(self, x, check):
        squares = (x**2).sum(1)[:, None] + (self.vectors**2).sum(1) - 2 * product(x, self.vectors.T)
        kernel = np.exp(-self.gamma * np.maximum(squares, 0))  # (n, vectors)
        ends = np.cumsum(self.counts)
        own = [slice(end - count, end) for end, count in zip(ends, self.counts)]
        votes = np.zeros((len(x), len(self.counts)))
        pairs = [(a, b) for a in range(len(own)) for b in range(a + 1, len(own))]
        for n, ((a, b), offset) in enumerate(zip(pairs, self.offsets)):
            if check is not None and n % _PAIRS_AT_ONCE == 0:
                check()
            decision = offset + kernel[:, own[a]] @ self.weights[b - 1, own[a]]
            decision = decision + kernel[:, own[b]] @ self.weights[a, own[b]]
            votes[:, a] += decision > 0
            votes[:, b] += decision <= 0
        return votes / max(1, len(pairs))
