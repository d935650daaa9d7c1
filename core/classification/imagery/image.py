"""An image to classify, whatever holds it: chosen bands, as float32, NaN where invalid."""

from dataclasses import replace

import numpy as np

from ...container.magic import is_hnr
from ...errors import SceneError
from ...hnr_file import HnrFile
from ...progress import Paced, Progress
from .band_match import BandAxis, match_hnr, match_raster

_BLOCK_BYTES = 32 * 2**20


class Image:
    """Bands of an image along one axis of the spectrum.

    axis: BandAxis of the bands, in their order; n_rows, n_cols; path; description: the whole
    image's SceneDescription; warnings: what a user should know of the file, texts. A context manager that
    lets go of the file.
    """

    warnings = ()

    def __init__(self, path, description, axis):
        self.path, self.description, self.axis = str(path), description, axis
        self.n_rows, self.n_cols = description.n_rows, description.n_cols

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """Let go of the file; `.hnr` files are open only while they are read."""

    @property
    def shape(self):
        """(rows, cols)"""
        return self.n_rows, self.n_cols

    @property
    def n_bands(self):
        return len(self.axis)

    def read(self, window, check=None):
        """(bands, rows, cols) float32 of a window (row, col, n_rows, n_cols), NaN where invalid.

        `check` is called now and then and may raise to end the reading.
        """
        raise NotImplementedError

    def only(self, kept):
        """The same image with only the bands at `kept`, positions along its axis."""
        raise NotImplementedError

    def ranges(self, progress=None):
        """Least and largest valid value of each band, (bands,) float64 each; NaN without any.

        Raises Cancelled, and what reading raises.
        """
        progress = Paced(progress or Progress(), "Reading the image")
        low, high = np.full(self.n_bands, np.inf), np.full(self.n_bands, -np.inf)
        for window in self.strips():
            cube = self.read(window, progress.check)
            known = np.isfinite(cube)
            low = np.minimum(low, np.where(known, cube, np.inf).min(axis=(1, 2)))
            high = np.maximum(high, np.where(known, cube, -np.inf).max(axis=(1, 2)))
            progress.report((window[0] + window[2]) / self.n_rows)
        empty = low > high
        return np.where(empty, np.nan, low), np.where(empty, np.nan, high)

    def strips(self):
        """Windows of whole rows that cover the image, each of bounded memory."""
        rows = max(1, _BLOCK_BYTES // (4 * self.n_cols * self.n_bands))
        for row in range(0, self.n_rows, rows):
            yield row, 0, min(rows, self.n_rows - row), self.n_cols


class HnrImage(Image):
    """Bands, or wavelengths between them, of an HnrFile; `points`: their SpectralPoints.

    Values are stored numbers, as of a raster; between bands with the nearer band's scale and offset.
    place: a Georeference that counts in the place of the file's, or None.
    """

    def __init__(self, hnr, points, axis, place=None):
        description = hnr.description if place is None else replace(hnr.description, georeference=place)
        super().__init__(hnr.path, description, axis)
        self.hnr, self.points = hnr, tuple(points)

    def read(self, window, check=None):
        return self.read_points(self.points, window, check)

    def read_points(self, points, window, check=None):
        """As `read`, at other SpectralPoints than the image's own, each in the units of the one it stands for."""
        row, col, n_rows, n_cols = window
        rows, cols = np.arange(row, row + n_rows), np.arange(col, col + n_cols)
        cube = self.hnr.read_points(points, window, check=check).astype(np.float32, copy=False)
        for band, point, own in zip(cube, points, self.points):
            band[~self.hnr.validity.at_point(point, rows, cols)] = np.nan
            self._to_units_of(own, point, band)
        return cube

    def only(self, kept):
        points = [self.points[k] for k in kept]
        return HnrImage(self.hnr, points, self.axis.only(kept), self.description.georeference)

    def ranges(self, progress=None):
        """As measured when the file was written, of the original image."""
        if any(point.fraction > 0 for point in self.points):
            return super().ranges(progress)
        bands = [point.lower_band for point in self.points]
        statistics = self.hnr.header.statistics
        return statistics.minimum[bands].astype("f8"), statistics.maximum[bands].astype("f8")

    def _to_units_of(self, own, point, values):
        """Values at a point as numbers of another point's scale and offset, in place."""
        units = self.hnr.header.units
        if units.of_point(point) != units.of_point(own):
            factors, shifts = units.into(*units.of_point(own))
            values *= np.float32(factors[point.nearer_band])
            values += np.float32(shifts[point.nearer_band])


class RasterImage(Image):
    """Bands of an open raster; `bands`: their 0-based numbers in it.

    source: a RasterSource, or whatever has its `description`, `warnings`, `read` and `valid`.
    """

    def __init__(self, source, bands, axis):
        super().__init__(source.description.source, source.description, axis)
        self.source, self.bands, self._ranges = source, tuple(bands), None
        self.warnings = tuple(source.warnings)

    def close(self):
        self.source.close()

    def read(self, window, check=None):
        if check is not None:
            check()
        samples = self.source.read(self.bands, *window)
        cube = samples.astype(np.float32)
        cube[~self.source.valid(samples, *window[:2])] = np.nan
        return cube

    def ranges(self, progress=None):
        """As of any image; the raster is read for them once, however many trainings ask."""
        if self._ranges is None:
            self._ranges = super().ranges(progress)
        return self._ranges

    def only(self, kept):
        return RasterImage(self.source, [self.bands[k] for k in kept], self.axis.only(kept))


def open_image(path, axis=None):
    """Open a `.hnr` file or any raster as an Image.

    axis: the BandAxis of a model, whose bands are then sought by wavelength, or by number where neither
    has wavelengths; None takes all bands that are not marked bad.
    Raises what opening either raises, and WavelengthError where the image lacks the model's bands.
    """
    if is_hnr(path):
        return hnr_image(HnrFile(path), axis)
    # Only plain rasters need GDAL.
    from ...raster.gdal_raster import open_raster

    return raster_image(open_raster(path), axis)


def hnr_image(hnr, axis=None, place=None):
    """An HnrFile as an Image, for the arguments of `open_image`; place: as of HnrImage."""
    if axis is not None:
        return HnrImage(hnr, match_hnr(axis, hnr.grid, hnr.path), axis, place)
    bands = np.flatnonzero(hnr.grid.usable)
    own = BandAxis.of_grid(hnr.grid).only(bands)
    return HnrImage(hnr, [hnr.grid.band_point(band) for band in bands], own, place)


def raster_image(source, axis=None):
    """An open raster as an Image, for the arguments of `open_image`."""
    whole = BandAxis.of_description(source.description)
    bands = [n for n, band in enumerate(source.description.bands) if band.good]
    if axis is not None:
        bands = match_raster(axis, whole, bands, source.description.source)
        return RasterImage(source, bands, axis)
    if not bands:
        raise SceneError(f"{source.description.source}: all bands are marked bad.")
    return RasterImage(source, bands, whole.only(bands))


def varying_bands(image, progress=None):
    """The image without empty and constant bands, and the rest's ranges: (image, low, high).

    Raises SceneError where nothing is left to tell classes by.
    """
    low, high = image.ranges(progress)
    kept = np.flatnonzero(high > low)
    if kept.size < 2:
        raise SceneError(
            f"{image.path}: {kept.size} of its bands vary; a classifier needs two at least."
        )
    return image.only(kept.tolist()), low[kept], high[kept]
