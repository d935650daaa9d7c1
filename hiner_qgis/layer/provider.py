"""The raster data provider `hiner`: `.hnr` files as layers, decoded as they are looked at."""

import math

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsError,
    QgsRasterBandStats,
    QgsRasterBlock,
    QgsRasterDataProvider,
    QgsRectangle,
)
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QRect

from ...core.errors import Cancelled, HinerError
from . import bands as of_bands
from . import part, refining, source, versions
from .guard import guarded, report
from .html_metadata import html_table
from .shown import Shown
from .tiles import TILE

# QGIS draws in steps of this many pixels; between two it looks whether to stop.
STEP = 2 * TILE


class HinerDataProvider(QgsRasterDataProvider):
    """A layer of a `.hnr` file. What QGIS asks of it is said in QgsRasterDataProvider.

    Made by `make_provider`, which hands the object to QGIS. `shown` is None for a source that
    cannot be shown; `error()` says why.
    """

    def __init__(self, uri, options, flags, shown=None):
        super().__init__(uri, options, flags)
        self._options, self._flags, self._message = options, flags, ""
        self.shown = shown or self._open(uri)

    def _open(self, uri):
        try:
            shown = Shown(uri)
        except HinerError as error:
            self._fail(str(error))
            return None
        except Exception as error:  # a constructor that raises would end QGIS
            self._fail(f"{uri} could not be opened: {type(error).__name__}: {error}.")
            return None
        self._use_nodata(shown)
        return shown

    def _use_nodata(self, shown):
        for number in range(1, len(shown.bands.bands) + 1):
            self.setUseSourceNoDataValue(number, shown.bands.nodata is not None)

    def _fail(self, message):
        self._message = message
        self.setError(QgsError(message, source.PROVIDER))

    # What it is

    def name(self):
        return source.PROVIDER

    def description(self):
        return "HINER compressed hyperspectral raster"

    def isValid(self):
        return self.shown is not None

    def lastError(self):
        return self._message

    def lastErrorTitle(self):
        return "HINER"

    @guarded(lambda: None)
    def clone(self):
        copy = make_provider(self.dataSourceUri(), self._options, self._flags, self.shown)
        copy.copyBaseSettings(self)
        return copy

    @guarded(lambda: None)
    def reloadData(self):
        """Read the file anew, as after it was replaced; one that the layer cannot show is an error of its blocks."""
        if self.shown is not None:
            before, self.shown = self.shown, self.shown.renewed()
            if before.bands.nodata is None:  # else the user may have chosen not to use it
                self._use_nodata(self.shown)
        super().reloadData()

    @guarded(versions.interface_capabilities)
    def capabilities(self):
        return versions.interface_capabilities()

    # Where it is

    @guarded(QgsCoordinateReferenceSystem)
    def crs(self):
        return QgsCoordinateReferenceSystem(self.shown.crs) if self.shown else QgsCoordinateReferenceSystem()

    @guarded(QgsRectangle)
    def extent(self):
        return self.shown.placement.extent if self.shown else QgsRectangle()

    @guarded(int)
    def xSize(self):
        return self.shown.placement.size[0] if self.shown else 0

    @guarded(int)
    def ySize(self):
        return self.shown.placement.size[1] if self.shown else 0

    def xBlockSize(self):
        return TILE

    def yBlockSize(self):
        return TILE

    def stepWidth(self):
        return STEP

    def stepHeight(self):
        return STEP

    # Its bands

    @guarded(int)
    def bandCount(self):
        return len(self.shown.bands.bands) if self.shown else 0

    @guarded(lambda: versions.data_type("float32"))
    def dataType(self, bandNo):
        return versions.data_type(self.shown.dtype if self.shown else "float32")

    @guarded(lambda: versions.data_type("float32"))
    def sourceDataType(self, bandNo):
        return self.dataType(bandNo)

    @guarded(bool)
    def sourceHasNoDataValue(self, bandNo):
        return self.shown is not None and self.shown.bands.nodata is not None

    @guarded(lambda: math.nan)
    def sourceNoDataValue(self, bandNo):
        nodata = self.shown.bands.nodata if self.shown else None
        return math.nan if nodata is None else float(nodata)

    @guarded(lambda: 1.0)
    def bandScale(self, bandNo):
        return float(self._band(bandNo).scale)

    @guarded(lambda: 0.0)
    def bandOffset(self, bandNo):
        return float(self._band(bandNo).offset)

    @guarded(str)
    def generateBandName(self, bandNumber):
        return f"Band {bandNumber}{self._band(bandNumber).label}"

    @guarded(str)
    def displayBandName(self, bandNumber):
        return self.generateBandName(bandNumber)

    def wavelength(self, bandNo):
        """Centre of a band in nm, None where unknown. Raises IndexError for no band."""
        return self._band(bandNo).wavelength

    def fwhm(self, bandNo):
        """Width of a band in nm, None where unknown. Raises IndexError for no band."""
        return self._band(bandNo).fwhm

    @guarded(str)
    def htmlMetadata(self):
        return html_table(self.shown) if self.shown else ""

    def _band(self, number):
        if self.shown is None or not 1 <= number <= len(self.shown.bands.bands):
            raise IndexError(f"There is no band {number}.")
        return self.shown.bands.bands[number - 1]

    # Its figures: the whole scene's are the file's header's, for which nothing is decoded

    @guarded(QgsRasterBandStats)
    def bandStatistics(self, bandNo, stats=None, extent=None, sampleSize=0, feedback=None):
        # Not left to QGIS for a part: from 3.40 on, its answer calls this method again.
        extent = self._asked(extent)
        if self._is_of_header(bandNo, extent):
            wants_counts = stats is None or versions.wants_counts(stats)
            return self._figures(bandNo, extent, *self._of_header(bandNo, wants_counts))
        try:
            figures = part.measure(part.samples(self, bandNo, extent, sampleSize, _check_of(feedback)))
        except Exception as error:  # no error may leave; figures of nothing are what QGIS expects
            _tell(error, feedback)
            figures = part.measure(())
        return self._figures(bandNo, extent, *figures)

    @guarded(bool)
    def hasStatistics(self, bandNo, stats=None, extent=None, sampleSize=0):
        return self._is_of_header(bandNo, self._asked(extent))

    @guarded(lambda: (math.nan, math.nan))
    def cumulativeCut(self, bandNo, lowerCount, upperCount, extent=None, sampleSize=0):
        extent = self._asked(extent)
        if self._is_of_header(bandNo, extent):
            hnr, band = self.shown.hnr, self._band(bandNo)
            return of_bands.cut(hnr, band, lowerCount), of_bands.cut(hnr, band, upperCount)
        most = min(sampleSize or part.MOST_SORTED, part.MOST_SORTED)
        values = np.concatenate([np.empty(0), *part.samples(self, bandNo, extent, most, _check_of(None))])
        if not values.size:
            return math.nan, math.nan
        low, high = np.quantile(values, (lowerCount, upperCount))
        return float(low), float(high)

    def _asked(self, extent):
        """The extent that figures are asked for: the whole scene's where QGIS names none."""
        whole = self.extent()
        return whole if extent is None or extent.isEmpty() or extent.contains(whole) else extent

    def _is_of_header(self, number, extent):
        """Whether the file's header knows the figures: it counts what the user calls nodata."""
        return extent == self.extent() and not self.userNoDataValues(number)

    def _of_header(self, number, wants_counts):
        hnr, band = self.shown.hnr, self._band(number)
        count = of_bands.valid_count(hnr, band) if wants_counts else 0
        names = ("minimum", "maximum", "mean", "deviation")
        return (count, *(of_bands.statistics(hnr, band, name) for name in names))

    def _figures(self, number, extent, count, minimum, maximum, mean, deviation):
        figures = QgsRasterBandStats()
        figures.bandNumber, figures.extent = number, extent
        figures.width, figures.height = self.xSize(), self.ySize()
        figures.minimumValue, figures.maximumValue = minimum, maximum
        figures.range, figures.mean, figures.stdDev = maximum - minimum, mean, deviation
        figures.elementCount, figures.sum = count, mean * count
        figures.sumOfSquares = deviation**2 * count
        figures.statsGathered = versions.all_statistics()
        return figures

    # Its values

    @guarded(QgsRasterBlock)
    def block(self, bandNo, extent, width, height, feedback=None):
        if self.shown is None or width < 1 or height < 1:
            return QgsRasterBlock()
        block = QgsRasterBlock(self.dataType(bandNo), width, height)
        if self.shown.bands.nodata is not None and self.useSourceNoDataValue(bandNo):
            block.setNoDataValue(self.shown.bands.nodata)
        try:
            self._band(bandNo)
            values, scene_part = self.shown.read(
                bandNo - 1, extent, width, height, _check_of(feedback), _refiner_for(feedback)
            )
        except Exception as error:  # no error may leave; an empty block is what QGIS expects
            _tell(error, feedback)
            values, scene_part = self._empty(width, height), (0, 0, 0, 0)
        if not block.hasNoDataValue():
            _mark_outside(block, scene_part)
        # The values come last: marking pixels of a block as nodata makes all its values 0.
        block.setData(np.ascontiguousarray(values, dtype=self.shown.dtype).tobytes())
        user_nodata = self.userNoDataValues(bandNo)
        if user_nodata:
            block.applyNoDataValues(user_nodata)
        return block

    def _empty(self, width, height):
        nodata = self.shown.bands.nodata
        return np.full((height, width), 0 if nodata is None else nodata, dtype=self.shown.dtype)

    @guarded(lambda: (math.nan, False))
    def sample(self, point, band, boundingBox=None, width=0, height=0, dpi=96):
        """The value of one band under a point; only its pixel is decoded."""
        cell = self.shown.placement.pixel_size
        x, y = point.x(), point.y()
        around = QgsRectangle(x - cell[0] / 2, y - cell[1] / 2, x + cell[0] / 2, y + cell[1] / 2)
        block = self.block(band, around, 1, 1)
        if not block.isValid() or block.isNoData(0, 0):
            return math.nan, False
        return block.value(0, 0), True


def make_provider(uri, options, flags, shown=None):
    """A provider that belongs to QGIS: without an owner, Python would collect its half."""
    provider = HinerDataProvider(uri, options, flags, shown)
    sip.transferto(provider, provider)
    return provider


def _mark_outside(block, scene_part):
    """Mark the pixels of a block without a nodata value that lie outside a part of it.

    scene_part: (row, col, n_rows, n_cols), as `LayerValues.read` gives it.
    """
    row, col, n_rows, n_cols = scene_part
    if not n_rows or not n_cols:
        block.setIsNoData()  # QGIS takes an empty QRect for the first pixel
    elif scene_part != (0, 0, block.height(), block.width()):
        block.setIsNoDataExcept(QRect(col, row, n_cols, n_rows))


def _refiner_for(feedback):
    """Who refines a sketch: only a map that fills while it is drawn will be drawn again."""
    return refining.current() if feedback is not None and feedback.renderPartialOutput() else None


def _check_of(feedback):
    """A function that raises `Cancelled` once QGIS does not want the block any more."""

    def check():
        if feedback is not None and feedback.isCanceled():
            raise Cancelled("The drawing was cancelled.")

    return check


def _tell(error, feedback):
    """Say why a block stays empty: where QGIS shows the errors of a layer, else in the log."""
    if isinstance(error, Cancelled):
        return
    message = str(error) if isinstance(error, HinerError) else f"{type(error).__name__}: {error}"
    if feedback is not None:
        feedback.appendError(message)
    else:
        report(message)
