"""A file's bands one after the other, decoded in groups."""

from ..hnr_file import GROUP

AHEAD_BYTES = 64 << 20


class FileBands:
    """The bands of an HnrFile for `evaluate`, which asks for one after the other.

    Some methods decode a group of bands in little more than the time of one.
    """

    def __init__(self, hnr, check=None):
        description = hnr.description
        self._hnr, self._check, self._ahead = hnr, check, {}
        n_bytes = 8 * description.n_rows * description.n_cols
        self._group, self._n_bands = min(GROUP, max(1, AHEAD_BYTES // n_bytes)), description.n_bands

    def __call__(self, band):
        """(rows, cols) in the original dtype. Raises what `HnrFile.read_bands` raises."""
        if band not in self._ahead:
            bands = range(band, min(band + self._group, self._n_bands))
            self._ahead = {}
            self._ahead = dict(zip(bands, self._hnr.read_bands(bands, check=self._check)))
        return self._ahead.pop(band)
