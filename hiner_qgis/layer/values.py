"""A layer's values under the pixels of a picture, as the layer's dtype holds them."""

import numpy as np

from .tiles import TileReader


class LayerValues:
    """Values of a file's LayerBands anywhere on the map.

    opened: OpenFile; placement: Placement; cache: TileCache. `coarseness` may be set by anyone:
    how many pixels of the scene, along a side, a picture's sample stands for at least.
    """

    def __init__(self, opened, bands, placement, cache):
        self.coarseness = 1
        self._opened, self._bands, self._placement = opened, bands, placement
        self._reader = TileReader(opened, cache)

    def read(self, number, extent, width, height, check, refiner=None):
        """Values of a band (0-based), (height, width), and the part of them inside the scene.

        refiner: see `TileReader.read`. That part is (row, col, n_rows, n_cols), without rows where
        there is none, as for a bad band; outside and for invalid samples the values are the layer's
        nodata, or 0 where it has none.
        Raises what HnrFile raises.
        """
        band = self._bands.bands[number]
        out = np.full((height, width), self._nodata(), dtype=self._bands.dtype)
        rows, cols = self._placement.pixels(extent, width, height)
        inside = self._placement.inside(rows, cols)
        if not self._is_usable(band) or not np.logical_and(*inside).any():
            return out, (0, 0, 0, 0)
        reduction = max(self.coarseness, self._placement.reduction(extent, width, height))
        if self._placement.is_turned:
            at = np.logical_and(*inside)
            samples = self._reader.read(band.decoded, rows[at], cols[at], reduction, check, refiner)
            out[at] = self._physical(band, samples)
            return out, (0, 0, height, width)
        down, across = (_run(np.ravel(side)) for side in inside)
        samples = self._reader.read(band.decoded, rows[down], cols[:, across], reduction, check, refiner)
        out[down, across] = self._physical(band, samples)
        part = down.start, across.start, down.stop - down.start, across.stop - across.start
        return out, part

    def _is_usable(self, band):
        return self._opened.hnr.header.usable[band.weights != 0].all()

    def _nodata(self):
        return 0 if self._bands.nodata is None else self._bands.nodata

    def _physical(self, band, samples):
        """Stored samples with the band's scale and offset applied, nodata as the layer has it."""
        if not self._bands.is_scaled:
            return samples
        values = samples * np.float64(band.scale) + band.offset
        stored_nodata = self._opened.hnr.description.nodata
        if stored_nodata is not None:
            # Compared in the samples' own type: a float32 holds only the nearest to -3.4e38.
            with np.errstate(over="ignore"):
                mark = np.asarray(stored_nodata).astype(samples.dtype)
            values = np.where(samples == mark, np.nan, values)
        return values


def _run(inside):
    """The slice of the places that are inside; they follow each other."""
    places = np.flatnonzero(inside)
    return slice(int(places[0]), int(places[-1]) + 1)
