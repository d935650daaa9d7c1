"""A file's bands for a comparison, decoded in rows of tiles."""

import numpy as np

from ..walk import rows_of_all

AHEAD_BYTES = 64 << 20


class FileBands:
    """The bands of an HnrFile for `evaluate`: some rows of band after band, then the next rows.

    Where the method's tiles hold all bands, each tile is decoded once; in low scenes, whose rows of tiles are most of
    them, twice at most: what is decoded ahead takes 64 MiB, or half of what the whole raster does.
    """

    def __init__(self, hnr, check=None):
        self._hnr, self._check = hnr, check

    def __call__(self, bands):
        """Yield (band, its next rows in the original dtype) of 0-based bands. Raises what `HnrFile.read_bands` raises."""
        description = self._hnr.description
        sample_bytes = np.dtype(description.dtype).itemsize
        n_bytes = max(AHEAD_BYTES, -(-description.n_samples * sample_bytes // 2))
        size = description.n_rows, description.n_cols, len(bands), sample_bytes
        for window, some in rows_of_all(self._hnr.decoder, *size, n_bytes):
            wanted = [bands[place] for place in some]
            yield from zip(wanted, self._hnr.read_bands(wanted, window, check=self._check))
