"""What a network is fitted to: the scene's bands, each scaled to [0, 1] by its own range."""

import numpy as np


class BandTargets:
    """The bands worth training on, served as normalised batches.

    cube: (bands, rows, cols) in the scene's own dtype; it is scaled batch by batch, so that no
        second cube is held.
    minimum, maximum: (bands,) over valid samples.
    positions: (bands,) in [0, 1], each band's wavelength within the scene's range.
    bands: indices of the bands to train on; constant and unusable ones are not among them.
    neighbours: (len(bands),) index into `bands` of the next longer wavelength that may be mixed
        with each, or -1 at a gap or at a detector's end.
    """

    def __init__(self, cube, validity, minimum, maximum, positions, bands, neighbours):
        self._cube, self._minimum = cube, np.asarray(minimum, dtype=np.float64)
        self._scale = 1 / (np.asarray(maximum, dtype=np.float64)[bands] - self._minimum[bands])
        self._validity = validity
        self.bands, self.neighbours = np.asarray(bands), np.asarray(neighbours)
        self.positions = np.asarray(positions, dtype=np.float64)[bands]
        self.size = cube.shape[1:]
        self._all_valid = all(validity.of_band(band).all() for band in self.bands)

    def __len__(self):
        return len(self.bands)

    def normalised(self, indices):
        """Bands `bands[indices]` in [0, 1], (len(indices), rows, cols) float32; 0 where invalid."""
        batch = np.empty((len(indices), *self.size), dtype=np.float32)
        for out, i in zip(batch, indices):
            band = self.bands[i]
            samples = self._cube[band].astype(np.float64)
            out[...] = (samples - self._minimum[band]) * self._scale[i]
            out[~self._validity.of_band(band)] = 0
        return batch

    def valid(self, indices):
        """Valid pixels of bands `bands[indices]`, (len(indices), rows, cols), or None if all are."""
        if self._all_valid:
            return None
        return np.stack([self._validity.of_band(self.bands[i]) for i in indices]).astype(np.float32)
