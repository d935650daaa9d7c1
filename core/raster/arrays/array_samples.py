"""The samples of a scene that lies in one or more arrays, one per detector."""

from dataclasses import replace

import numpy as np

from ...errors import RasterError
from ..windows import windows


class ArraySamples:
    """Bands of all parts, one after the other, turned so that north is up; `facts`: the scene's RasterFacts.

    file: the ArrayFile that the parts' arrays are of. turn: the planes' Turn. A pixel has no data where all bands of
    the first part are 0, if the facts say that there is a mask.
    """

    def __init__(self, path, file, facts, parts, turn):
        self.facts, self._path, self._file, self._parts, self._turn = facts, path, file, tuple(parts), turn

    def close(self):
        """Let go of the file."""
        self._parts = ()
        self._file.close()

    def windows(self, description):
        """Yield the `Window`s in which to read the scene of a SceneDescription once and quickly."""
        stored, lines, _ = self._parts[0].stored
        together = stored if 0 < stored < len(self._parts[0].bands) else description.n_bands
        if not self._turn.swapped:
            return windows(description, max(1, lines), together)
        # The file's lines are columns here.
        turned = replace(description, n_rows=description.n_cols, n_cols=description.n_rows)
        return (window.transposed() for window in windows(turned, max(1, lines), together))

    def read(self, bands, row, col, n_rows, n_cols, dtype):
        """Samples of 0-based bands in a window, (bands, n_rows, n_cols); raises RasterError."""
        out = np.empty((len(bands), n_rows, n_cols), dtype)
        first = 0
        for part in self._parts:
            places = [place for place, band in enumerate(bands) if first <= band < first + len(part.bands)]
            positions = [bands[place] - first for place in places]
            for place, plane in zip(places, self._planes(part, positions, (row, col), (n_rows, n_cols), dtype)):
                out[place] = plane
            first += len(part.bands)
        return out

    def mask(self, row, col, n_rows, n_cols):
        """Which pixels of a window have data, (n_rows, n_cols) bool; raises RasterError."""
        valid, part = np.zeros((n_rows, n_cols), dtype=bool), self._parts[0]
        for plane in self._planes(part, range(len(part.bands)), (row, col), (n_rows, n_cols), part.dtype):
            valid |= plane != 0
        return valid

    def _planes(self, part, positions, start, count, dtype):
        if not positions:
            return
        starts, counts = self._turn.source_of(start, count, (self.facts.n_rows, self.facts.n_cols))
        try:
            yield from map(self._turn.turned, part.planes(positions, starts, counts, dtype))
        except ValueError as error:
            raise RasterError(f"{self._path}: {error}") from error
