"""Reading samples from a `.hnr` file: any band, any wavelength, any window, any resolution."""

import threading
from functools import cached_property

import numpy as np

from .container.masks import MASK
from .container.reader import HnrContainer
from .errors import ParameterError
from .methods import method_of
from .sampling import Sampling
from .scene.validity import nodata_as
from .spectral.grid import SpectralPoint

GROUP = 16
"""Bands of a tile that are decoded together."""


class HnrFile:
    """A `.hnr` file, decoded on demand; may be shared by threads.

    Only the header is read on opening. Windows are (row, col, n_rows, n_cols) in pixels, None the
    whole scene; `shape` (rows, cols) asks for another resolution than the window's own, each value
    being that of the pixel under its centre; only what those pixels depend on is computed. For
    pictures: with `coarse` a value may be a mean around that pixel, where that decodes sooner.

    Raises FormatError for files that are damaged or newer, RasterError for those that cannot be
    read.
    """

    def __init__(self, path):
        self._container = HnrContainer(path)
        self.path, self.header = path, self._container.header
        self.description = self.header.description
        self.grid = self.header.grid
        self._stored_nodata = nodata_as(self.description.dtype, self.description.nodata)
        self._lock = threading.Lock()
        self._decoder = None

    @cached_property
    def validity(self):
        """Which samples are valid (FileValidity)."""
        return self._container.validity()

    @property
    def has_mask(self):
        """Whether some pixels hold no data in most bands; nothing is read for it."""
        return MASK in self._container.section_names

    @property
    def decoder(self):
        """The method's BandDecoder; made once, when first needed."""
        with self._lock:
            if self._decoder is None:
                method = method_of(self.header, self.path)
                self._decoder = method.decoder(self.header, self._container.section)
            return self._decoder

    @property
    def nodata(self):
        """The value of invalid samples in float32 results: the file's own as float32 holds it, or NaN.

        NaN stands where the file has none, and where float32 does not reach it.
        """
        held = nodata_as("float32", self._stored_nodata)
        return np.nan if held is None or np.isinf(held) else held

    def read_bands(self, bands, window=None, shape=None, check=None, coarse=False):
        """Decode the file's own bands (0-based), (len(bands), rows, cols) in the original dtype.

        Values are clipped to the band's range and rounded; invalid samples hold the nodata value,
        or 0 where the file has none (bands that were marked bad).
        """
        sampling = self._sampling(window, shape, coarse)
        out = np.empty((len(bands), len(sampling.rows), len(sampling.cols)), dtype=self.description.dtype)
        out[...] = self._empty()
        own = [(place, self._usable_point(int(band))) for place, band in enumerate(bands)]
        own = [(place, point) for place, point in own if point is not None]
        for part, decoded in self._decoded([point for _, point in own], sampling, check):
            for (place, point), values in zip(own, decoded):
                out[place][part] = self._as_stored(values, point.lower_band)
        for place, point in own:
            out[place][~self.validity.at_point(point, sampling.rows, sampling.cols)] = self._empty()
        return sampling.spread(out)

    def read_wavelengths(self, wavelengths, window=None, shape=None, check=None, coarse=False):
        """Decode at any wavelengths (nm; band numbers where the file has none).

        Returns (len(wavelengths), rows, cols) float32, `nodata` where invalid, in stored units: those of the nearer
        band (`header.units`) where the bands' scales or offsets differ.
        Raises WavelengthError for wavelengths outside the bands, in a gap, or on a bad band.
        """
        points = [self.grid.locate(wavelength) for wavelength in wavelengths]
        return self.read_points(points, window, shape, check, coarse)

    def read_points(self, points, window=None, shape=None, check=None, coarse=False):
        """As `read_wavelengths`, for SpectralPoints; bands that are not usable are all `nodata`."""
        sampling = self._sampling(window, shape, coarse)
        out = np.full((len(points), len(sampling.rows), len(sampling.cols)), self.nodata, dtype=np.float32)
        usable = [self.header.usable[[point.lower_band, point.upper_band]].all() for point in points]
        places, wanted = np.flatnonzero(usable), [point for point, use in zip(points, usable) if use]
        for part, decoded in self._decoded(wanted, sampling, check):
            for place, values in zip(places, decoded):
                out[place][part] = self._off_nodata(values)
        for place, point in zip(places, wanted):
            out[place][~self.validity.at_point(point, sampling.rows, sampling.cols)] = self.nodata
        return sampling.spread(out)

    def read_averages(self, weights, window=None, shape=None, check=None, coarse=False):
        """Weighted means of the file's bands, as a sensor with broader bands would see them.

        weights: (n, bands), each row summing to 1. Returns (n, rows, cols) float32, `nodata` where
        any band that weighs in is invalid; in the stored units of the band that weighs most
        (`header.units`) where the bands' scales or offsets differ.
        """
        weights = np.asarray(weights, dtype=np.float64)
        if (weights[:, ~self.header.usable] != 0).any():
            raise ParameterError(f"{self.path}: a band that is marked bad cannot be averaged.")
        sampling = self._sampling(window, shape, coarse)
        factors, constants = self.header.units.averaging(weights)
        out = np.empty((len(weights), len(sampling.rows), len(sampling.cols)), dtype=np.float32)
        bands = np.flatnonzero((weights != 0).any(axis=0))
        points = [SpectralPoint(int(band), int(band), 0.0) for band in bands]
        for part, decoded in self._decoded(points, sampling, check):
            total = np.zeros(out[(slice(None), *part)].shape, dtype=np.float64)
            total += constants[:, None, None]
            for band, values in zip(bands, decoded):
                for row in np.flatnonzero(weights[:, band]):
                    total[row] += factors[row, band] * values
            out[(slice(None), *part)] = self._off_nodata(total)
        for band, point in zip(bands, points):
            invalid = ~self.validity.at_point(point, sampling.rows, sampling.cols)
            for row in np.flatnonzero(weights[:, band]):
                out[row][invalid] = self.nodata
        return sampling.spread(out)

    def valid_pixels(self, window=None, shape=None):
        """Which pixels hold data by the scene's mask, (rows, cols) bool; single bands may lack more."""
        sampling = self._sampling(window, shape, False)
        return sampling.spread(self.validity.pixels_at(sampling.rows, sampling.cols))

    def verify(self):
        """Read every section and check it; raises FormatError for a damaged file."""
        self._container.verify()

    def _off_nodata(self, values):
        """As float32, the next number where a value would read as nodata."""
        values = values.astype(np.float32)
        nodata = np.float32(self.nodata)
        values[values == nodata] = np.nextafter(nodata, np.float32(np.inf))
        return values

    def _sampling(self, window, shape, coarse):
        return Sampling(self.description.n_rows, self.description.n_cols, window, shape, coarse)

    def _decoded(self, points, sampling, check):
        """Yield each part of the rows and columns with the values of one point after the other in it.

        All points of a tile come before the next tile: no more than one has to be kept for them.
        """
        # A picture's resolution follows from the pixels that are asked for together.
        for part in sampling.parts(None if sampling.coarse else self.decoder.edges):
            yield part, self._values(points, sampling.rows[part[0]], sampling.cols[part[1]], check, sampling.coarse)

    def _values(self, points, rows, cols, check, coarse):
        for first in range(0, len(points), GROUP):
            yield from self.decoder.decode_many(points[first : first + GROUP], rows, cols, check, coarse)

    def _usable_point(self, band):
        """A band as a point to decode, None where it has no data; raises ParameterError for numbers of no band."""
        if not 0 <= band < self.description.n_bands:
            raise ParameterError(
                f"{self.path} has bands 1 to {self.description.n_bands}, not band {band + 1}."
            )
        return SpectralPoint(band, band, 0.0) if self.header.usable[band] else None

    def _empty(self):
        """The value of samples without data in the original dtype."""
        dtype = np.dtype(self.description.dtype)
        if self._stored_nodata is not None:
            return dtype.type(self._stored_nodata)
        return dtype.type(np.nan) if dtype.kind == "f" else dtype.type(0)

    def _as_stored(self, values, band):
        """Clip to the band's range, round, and keep valid samples off the nodata value."""
        dtype = np.dtype(self.description.dtype)
        low, high = self.header.statistics.minimum[band], self.header.statistics.maximum[band]
        values = np.clip(values, low, high)
        if dtype.kind == "f":
            return values.astype(dtype)
        stored = np.rint(values).astype(dtype)
        nodata = self._stored_nodata
        if nodata is not None and low <= nodata <= high:
            stored[stored == nodata] = nodata + (1 if nodata < high else -1)
        return stored
