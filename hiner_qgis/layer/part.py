"""Figures of a part of a layer, which the file's header does not know: measured by decoding it."""

import math

import numpy as np
from qgis.core import Qgis, QgsRasterBlock, QgsRectangle

# Rows of the part that are looked at in one go, and how many samples at most are sorted for a cut.
_STRIP = 512
MOST_SORTED = 4_000_000


def samples(provider, number, extent, most, check):
    """Valid values of a band (1-based) within an extent, a strip at a time, (n,) float64 each.

    What the user of the provider calls nodata is left out, too. most: how many values are wanted at
    most, spread evenly; 0 for all pixels. check: called often, may raise to end it.
    Raises what `Shown.read` raises.
    """
    shown, users_nodata = provider.shown, provider.userNoDataValues(number)
    extent = extent.intersect(shown.placement.extent)
    if extent.isEmpty():
        return
    n_cols = max(1, round(extent.width() / shown.placement.pixel_size[0]))
    n_rows = max(1, round(extent.height() / shown.placement.pixel_size[1]))
    if most and n_cols * n_rows > most:
        shrink = math.sqrt(most / (n_cols * n_rows))
        n_cols, n_rows = max(1, int(n_cols * shrink)), max(1, int(n_rows * shrink))
    row_height = extent.height() / n_rows
    for start in range(0, n_rows, _STRIP):
        count = min(_STRIP, n_rows - start)
        top = extent.yMaximum() - start * row_height
        strip = QgsRectangle(extent.xMinimum(), top - count * row_height, extent.xMaximum(), top)
        check()
        values, part = shown.read(number - 1, strip, n_cols, count, check)
        yield _without(users_nodata, _valid(values, part, shown.bands.nodata))


def measure(strips):
    """(count, minimum, maximum, mean, deviation) of arrays of values; NaN where there is none.

    Means and deviations of strips are joined after Chan, Golub and LeVeque (1979).
    """
    count, low, high, mean, squares = 0, math.inf, -math.inf, 0.0, 0.0
    for values in strips:
        if not values.size:
            continue
        shift = float(values.mean()) - mean
        joined = count + values.size
        squares += float(values.var()) * values.size + shift**2 * count * values.size / joined
        mean += shift * values.size / joined
        count = joined
        low, high = min(low, float(values.min())), max(high, float(values.max()))
    if count == 0:
        return 0, math.nan, math.nan, math.nan, math.nan
    return count, low, high, mean, math.sqrt(squares / count)


def _valid(values, part, nodata):
    row, col, n_rows, n_cols = part
    values = values[row : row + n_rows, col : col + n_cols].astype(np.float64).ravel()
    values = values[np.isfinite(values)]
    return values if nodata is None else values[values != nodata]


def _without(ranges, values):
    """The values, (n,) float64, that lie in none of the QgsRasterRanges."""
    if not ranges or not values.size:
        return values
    block = QgsRasterBlock(Qgis.DataType.Float64, values.size, 1)
    block.setNoDataValue(math.nan)
    block.setData(values.tobytes())
    block.applyNoDataValues(ranges)
    left = np.frombuffer(bytes(block.data()))
    return left[~np.isnan(left)]
