"""Labels of a raster at pixels of its own, and those beside a part of it, read in windows of bounded size."""

from collections import Counter

import numpy as np

from ...errors import ParameterError

UNLABELLED = 0
_WINDOW_PIXELS = 2**22
# Beyond, labels beside an image are not counted: a country under a scene takes longer to read than to train on.
_MOST_BESIDE = 2**25


class LabelLookup:
    """The first band of an open label raster, a RasterSource.

    named: {value: Label} of what the raster says of its classes. Nodata is no label; 0 is one only where
    it has a name and another value is the raster's nodata. zeros: how many pixels were found to be 0 and no label.
    """

    def __init__(self, source, named):
        self._source, self._description = source, source.description
        nodata, zero = self._description.nodata, named.get(UNLABELLED)
        self._marks_nodata = nodata is not None and nodata != UNLABELLED
        self._zero_name = zero.name if zero is not None and self._marks_nodata else ""
        self.zeros = 0

    def at(self, rows, cols, check=None):
        """(places among the given pixels that have a label, their labels), (m,) integers each.

        rows, cols: (n,) integers, also beside the raster. Raises ParameterError for labels with fractions, Cancelled.
        """
        inside = np.flatnonzero(
            (rows >= 0) & (rows < self._description.n_rows) & (cols >= 0) & (cols < self._description.n_cols)
        )
        if not inside.size:
            return inside, np.empty(0, dtype=np.int64)
        found = list(self._pieces(rows[inside], cols[inside], inside, check))
        return tuple(np.concatenate(columns) for columns in zip(*found))

    def beside(self, window, check=None):
        """{label: pixels} of the raster beside a window of it; None where they are too many to read.

        window: (top, left, bottom, right), what it has beside the raster does not count.
        """
        n_rows, n_cols = self._description.n_rows, self._description.n_cols
        top, bottom = np.clip(window[::2], 0, n_rows).tolist()
        left, right = np.clip(window[1::2], 0, n_cols).tolist()
        if n_rows * n_cols - (bottom - top) * (right - left) > _MOST_BESIDE:
            return None
        counts = Counter()
        for part in (
            (0, 0, top, n_cols), (bottom, 0, n_rows, n_cols), (top, 0, bottom, left), (top, right, bottom, n_cols)
        ):
            for values, labelled in self._strips(part, check):
                labels, numbers = np.unique(values[labelled].astype(np.int64), return_counts=True)
                counts.update(dict(zip(labels.tolist(), numbers.tolist())))
        return dict(counts)

    def notes(self):
        """What a user should know of zeros, texts."""
        marked = f"the raster's nodata value is {self._description.nodata:g}" if self._marks_nodata else ""
        if self._zero_name:
            return (f"0 is a class, '{self._zero_name}': it has a name, and {marked}.",)
        if self.zeros and marked:
            return (
                f"{self.zeros} pixels lie under 0 and are taken for unlabelled, although {marked}. If 0 is a class, "
                "name it in the raster's palette.",
            )
        return ()

    def _pieces(self, rows, cols, places, check):
        """Labels may be far finer than the pixels that ask: halves of these lie in smaller windows."""
        top, left, bottom, right = int(rows.min()), int(cols.min()), int(rows.max()) + 1, int(cols.max()) + 1
        if len(rows) > 1 and (bottom - top) * (right - left) > _WINDOW_PIXELS:
            half = len(rows) // 2
            yield from self._pieces(rows[:half], cols[:half], places[:half], check)
            yield from self._pieces(rows[half:], cols[half:], places[half:], check)
            return
        if check is not None:
            check()
        values, valid = self._read(top, left, bottom, right)
        values, valid = values[rows - top, cols - left], valid[rows - top, cols - left]
        labelled = valid & self._is_label(values)
        self.zeros += int(np.count_nonzero(valid & ~labelled))
        values = values[labelled]
        if np.any(values != np.rint(values)):
            raise ParameterError(
                f"{self._description.source}: has labels with fractions; classes are whole numbers."
            )
        yield places[labelled], values.astype(np.int64)

    def _strips(self, window, check):
        top, left, bottom, right = window
        step = max(1, _WINDOW_PIXELS // max(1, right - left))
        for start in range(top, bottom if right > left else top, step):
            if check is not None:
                check()
            values, valid = self._read(start, left, min(start + step, bottom), right)
            yield values, valid & self._is_label(values)

    def _read(self, top, left, bottom, right):
        window = self._source.read([0], top, left, bottom - top, right - left)
        return window[0], self._source.valid(window, top, left)[0]

    def _is_label(self, values):
        return np.ones(values.shape, dtype=bool) if self._zero_name else values != UNLABELLED
