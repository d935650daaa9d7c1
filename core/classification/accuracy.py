"""How well classes were told: overall and per class, with confidence intervals.

Sources: Congalton, "A review of assessing the accuracy of classifications of remotely sensed
data" (1991); Congalton and Green, "Assessing the Accuracy of Remotely Sensed Data" (kappa's variance);
Wilson, "Probable inference, the law of succession, and statistical inference" (1927); Zou and Donner,
"Construction of confidence intervals about effect measures: A general approach" (2008).
"""

from dataclasses import dataclass

import numpy as np

from ..errors import ParameterError

# Of the normal distribution, two-sided 95 %.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Accuracy:
    """Figures of a confusion matrix, shares from 0 to 1, NaN where a class has no pixel.

    matrix: (classes, classes) pixels, a row for each class of the reference, a column for each of
    the map.
    """

    matrix: np.ndarray

    @property
    def n_pixels(self):
        return int(self.matrix.sum())

    @property
    def overall(self):
        """OA: the share of pixels that are right."""
        return float(np.trace(self.matrix) / self.matrix.sum())

    @property
    def average(self):
        """AA: the mean of the producer's accuracies of the classes that the reference has."""
        return float(np.nanmean(self.producers))

    @property
    def kappa(self):
        """Cohen's kappa: agreement beyond that of chance; NaN where chance alone agrees."""
        total = self.matrix.sum()
        chance = float(self.matrix.sum(axis=0) @ self.matrix.sum(axis=1)) / float(total) ** 2
        return float("nan") if chance == 1 else (self.overall - chance) / (1 - chance)

    @property
    def producers(self):
        """(classes,) share of each class's reference that the map has right (recall)."""
        return _share(np.diag(self.matrix), self.matrix.sum(axis=1))

    @property
    def users(self):
        """(classes,) share of each class of the map that is right (precision)."""
        return _share(np.diag(self.matrix), self.matrix.sum(axis=0))

    @property
    def f1(self):
        """(classes,) harmonic mean of producer's and user's accuracy."""
        return _share(2 * np.diag(self.matrix), self.matrix.sum(axis=0) + self.matrix.sum(axis=1))

    @property
    def overall_interval(self):
        """(low, high) of OA, 95 %."""
        low, high = wilson(np.trace(self.matrix), self.matrix.sum())
        return float(low), float(high)

    @property
    def kappa_interval(self):
        """(low, high) of kappa, 95 %; NaN where kappa is.

        OA's interval, as wide as kappa's large-sample deviation (delta method) is beside OA's:
        the deviation alone is zero where all pixels are right, however few they are.
        """
        if np.isnan(self.kappa):
            return float("nan"), float("nan")
        right, (chance, deviation) = self.overall, self._kappa_deviation()
        of_overall = (right * (1 - right) / self.n_pixels) ** 0.5
        # Where nothing is wrong, or nothing right, the two deviations' limits are alike but for chance.
        stretch = deviation / of_overall if of_overall else 1 / (1 - chance)
        low, high = self.overall_interval
        return (
            max(self.kappa - stretch * (right - low), -1.0), min(self.kappa + stretch * (high - right), 1.0),
        )

    def _kappa_deviation(self):
        """(share that is right by chance, kappa's large-sample deviation)"""
        p = self.matrix / self.matrix.sum()
        rows, cols = p.sum(axis=1), p.sum(axis=0)
        right, chance = self.overall, rows @ cols
        third = np.diag(p) @ (rows + cols)
        fourth = (p * (rows[None, :] + cols[:, None]) ** 2).sum()
        variance = (
            right * (1 - right) / (1 - chance) ** 2
            + 2 * (1 - right) * (2 * right * chance - third) / (1 - chance) ** 3
            + (1 - right) ** 2 * (fourth - 4 * chance**2) / (1 - chance) ** 4
        ) / self.n_pixels
        return float(chance), max(float(variance), 0.0) ** 0.5

    @property
    def average_interval(self):
        """(low, high) of AA, 95 %, the classes' pixels being drawn apart from each other.

        By Zou and Donner's recovery of variances from the classes' own intervals.
        """
        known = self.matrix.sum(axis=1) > 0
        shares, (low, high) = self.producers[known], self.producers_intervals
        below, above = ((shares - low[known]) ** 2).sum(), ((high[known] - shares) ** 2).sum()
        n = int(known.sum())
        return self.average - float(below) ** 0.5 / n, min(self.average + float(above) ** 0.5 / n, 1.0)

    @property
    def producers_intervals(self):
        """(low, high) of the producer's accuracies, (classes,) each, 95 %."""
        return wilson(np.diag(self.matrix), self.matrix.sum(axis=1))

    @property
    def users_intervals(self):
        """(low, high) of the user's accuracies, (classes,) each, 95 %."""
        return wilson(np.diag(self.matrix), self.matrix.sum(axis=0))

    @property
    def f1_intervals(self):
        """(low, high) of F1, (classes,) each, 95 %.

        Of the pixels that reference or map have in a class, J are in it on both: a share like any
        other (Wilson), and F1 = 2 J / (1 + J).
        """
        both = np.diag(self.matrix)
        either = self.matrix.sum(axis=0) + self.matrix.sum(axis=1) - both
        low, high = wilson(both, either)
        return 2 * low / (1 + low), 2 * high / (1 + high)


def accuracy_of(reference, predicted, n_classes):
    """The Accuracy of predicted classes, (n,) integers from 0 to n_classes - 1 as the reference's.

    Raises ParameterError where there is no pixel to compare, or a class out of range.
    """
    reference, predicted = np.asarray(reference), np.asarray(predicted)
    if reference.shape != predicted.shape or reference.ndim != 1:
        raise ParameterError(
            f"{len(predicted)} predicted pixels cannot be compared with {len(reference)} of the reference."
        )
    if len(reference) == 0:
        raise ParameterError("There is no pixel that both the map and the reference have.")
    for classes in (reference, predicted):
        if classes.min() < 0 or classes.max() >= n_classes:
            raise ParameterError(f"A class is out of the range of the {n_classes} classes.")
    flat = np.bincount(reference * n_classes + predicted, minlength=n_classes**2)
    return Accuracy(flat.reshape(n_classes, n_classes))


def wilson(right, total):
    """Wilson's 95 % interval (low, high) for `right` of `total` trials; NaN for no trial."""
    right, total = np.asarray(right, dtype=np.float64), np.asarray(total, dtype=np.float64)
    share = _share(right, total)
    spread = _share(np.full_like(share, _Z**2), total)
    centre = (share + spread / 2) / (1 + spread)
    half = np.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def _share(part, whole):
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
