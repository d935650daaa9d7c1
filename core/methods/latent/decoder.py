"""Decoding bands and wavelengths between them from a latent file, in NumPy."""

import threading

import numpy as np

from ...errors import FormatError
from ..contract import BandDecoder
from . import correction_streams, loadings, pchip, residues, scene_stream, tiling, units
from .geometry import levels_for, tile_edges
from .planes import ScenePlanes
from .reconstruction import LARGEST_SHIFT
from .scene_encoder import step_of
from .shipped import context_model

FINEST_STEP, COARSEST_STEP = 64 * 24, -64 * 2
CORRECTION_STEP, RESIDUE_BITS = "correction_step", "residue_bits"
NEAR = 8
"""Pixels around a window whose finest coefficients reach into it, about."""


class LatentDecoder(BandDecoder):
    """Sums of planes times the loadings of a wavelength."""

    first_reduction = 2

    def __init__(self, header, section):
        description = header.description
        self._float = np.float64 if description.dtype in ("int32", "uint32", "float64") else np.float32
        self._minimum = header.statistics.minimum.astype(np.float64)
        self._bands = units.coded_bands(header.usable, header.statistics)
        self._shape = description.n_rows, description.n_cols
        self.edges = tile_edges(description.n_rows), tile_edges(description.n_cols)
        self._grid, self._units = header.grid, header.units
        self._lock = threading.Lock()
        if len(self._bands):
            self._offset, self._scale = units.offset_and_scale(header.statistics, self._bands)
            self._read(header.parameters, section(scene_stream.SECTION))
            self.bytes_per_pixel = 12 * self._planes.n_planes
            self._read_corrections(header.parameters, section)

    def _read(self, parameters, data):
        n_planes, step, shifts, number = _checked(parameters, len(self._bands))
        model, levels = context_model(number), levels_for(*self._shape)
        side, filled, streams = scene_stream.unpack(data, n_planes, levels, *self._shape)
        matrix = loadings.decode(side, len(self._bands), 1 + n_planes, model)
        # A constant band has its value for a mean, and no loadings.
        self._matrix = np.zeros((len(self._minimum), 1 + n_planes))
        self._matrix[:, 0] = np.nan_to_num((self._minimum - self._offset) / self._scale)
        self._matrix[self._bands] = matrix
        self._planes = ScenePlanes(streams, n_planes, filled, self._shape, step_of(step), shifts, model)
        self._places = [tile for tile, _ in streams]

    def _read_corrections(self, parameters, section):
        self._corrections, self._correction_step = None, _correction_step(parameters, self._float)
        if self._correction_step is not None:
            data, model = section(correction_streams.SECTION), context_model(parameters["model"])
            self._corrections = correction_streams.Corrections(data, len(self._bands), self._shape, model)
        self._residues, bits = None, _residue_bits(parameters)
        if bits is not None:
            data = section(residues.SECTION)
            self._residues = residues.Residues(data, bits, len(self._bands), self._shape)

    def decode(self, point, rows, cols, check=None):
        """See `BandDecoder.decode`; loadings between two bands by `pchip` within their detector's run, in one unit."""
        return self.decode_many([point], rows, cols, check)[0]

    def decode_many(self, points, rows, cols, check=None, coarse=False):
        """See `BandDecoder.decode_many`; `coarse`: means over 2^n x 2^n pixels, without the finest n levels."""
        rows, cols = np.asarray(rows), np.asarray(cols)
        out = np.empty((len(points), len(rows), len(cols)), self._float)
        constant = np.array([self._is_constant(point) for point in points], bool)
        for place in np.flatnonzero(constant):
            low, high = self._constants(points[place])
            out[place] = low + points[place].fraction * (high - low)
        coded = np.flatnonzero(~constant)
        if len(coded):
            level = self._level(rows, cols) if coarse else 0
            self._decode([points[i] for i in coded], rows, cols, level, out, coded, check)
        return out

    def keep(self, n_bytes, whole_rows=False):
        """See `BandDecoder.keep`."""
        if not len(self._bands):
            return len(self.edges[1]) - 1
        if self._corrections is not None:
            self._corrections.keep(n_bytes // 8)
        return self._planes.keep(n_bytes, whole_rows)

    def is_at_hand(self, window, step=1):
        """See `BandDecoder.is_at_hand`: once a tile is decoded, every band of it is a sum of its planes."""
        if not len(self._bands):
            return True
        (row, col, n_rows, n_cols), near = window, NEAR * step
        level = min(step.bit_length() - 1, levels_for(*self._shape))
        return all(
            self._planes.has(number, level) for number, (a, b, c, d) in enumerate(self._places)
            if a < row + n_rows + near and row - near < b and c < col + n_cols + near and col - near < d
        )

    def _is_constant(self, point):
        return not len(self._bands) or not np.isin([point.lower_band, point.upper_band], self._bands).any()

    def _constants(self, point):
        """The two bands' values where both are constant, in the units of the nearer."""
        factors, shifts = self._units.into(*self._units.of_point(point))
        ends = [point.lower_band, point.upper_band]
        return self._minimum[ends] * factors[ends] + shifts[ends]

    def _level(self, rows, cols):
        """How many of the finest levels a picture of these rows and columns does without."""
        spacing = min((int(np.diff(line).min()) for line in (rows, cols) if len(line) > 1), default=1)
        return min(spacing.bit_length() - 1, levels_for(*self._shape))

    def _decode(self, points, rows, cols, level, out, into, check):
        """Decode coded points into out[into], tile by tile: the planes of a tile serve all of them."""
        weights = np.stack([self._loadings(point) for point in points]).astype(np.float32)
        # Without n levels the sample i stands for the pixels around 2^n i.
        ends = tiling.at_level((0, self._shape[0], 0, self._shape[1]), level)[1::2]
        rows, cols = (np.minimum((line + (1 << level >> 1)) >> level, end - 1) for line, end in zip((rows, cols), ends))
        reached, n_prepared = self._reached(rows, cols, level), 0
        for turn, (number, down, across) in enumerate(reached):
            if turn >= n_prepared:
                n_prepared += self._planes.prepare([number for number, _, _ in reached[turn:]], level, check)
            a, _, c, _ = tiling.at_level(self._places[number], level)
            planes = self._planes.tile(number, level, check)
            part = planes[:, _places(rows[down] - a)][:, :, _places(cols[across] - c)]
            for place, point, row in zip(into, points, weights):
                stored = _sum(row, part).astype(self._float) * self._float(self._scale) + self._float(self._offset)
                if level == 0 and self._has_corrections(point):
                    stored = self._corrected(stored, number, point, rows[down] - a, cols[across] - c)
                out[place, down, across] = stored

    def _reached(self, rows, cols, level):
        """[(number, slice of the rows, slice of the columns)] of the tiles that hold some of them."""
        found = []
        for number, tile in enumerate(self._places):
            a, b, c, d = tiling.at_level(tile, level)
            down, across = slice(*np.searchsorted(rows, (a, b))), slice(*np.searchsorted(cols, (c, d)))
            if down.start < down.stop and across.start < across.stop:
                found.append((number, down, across))
        return found

    def _has_corrections(self, point):
        """Bands have them; wavelengths between bands have not."""
        return self._corrections is not None and point.fraction == 0 and point.lower_band in self._bands

    def _corrected(self, stored, number, point, rows, cols):
        """Samples of a tile of a band with its corrections and residues, in stored units."""
        band = int(np.searchsorted(self._bands, point.lower_band))
        with self._lock:
            whole = self._corrections.tile(number, band)
        stored += whole[rows][:, cols] * self._float(self._correction_step)
        return stored if self._residues is None else self._residues.exact(stored, number, band, rows, cols)

    def _loadings(self, point):
        if point.fraction == 0:
            return self._matrix[point.lower_band]
        for stretch in self._grid.stretches:
            bands = list(stretch)
            if point.lower_band in bands:
                place = bands.index(point.lower_band)
                x = np.asarray(self._grid.wavelengths, np.float64)[bands]
                return pchip.between(x, self._in_units_of(point, bands), place, point.fraction)
        raise FormatError("The file's bands and its wavelengths do not fit together.")

    def _in_units_of(self, point, bands):
        """Loadings of some bands, (len(bands), 1 + planes), as if their numbers had the scale and offset at a point."""
        if self._units.agree:
            return self._matrix[bands]
        factors, shifts = (part[bands] for part in self._units.into(*self._units.of_point(point)))
        matrix = self._matrix[bands] * factors[:, None]
        # The factor is for offset + scale x sum: the mean makes up for the offset, which no loading holds.
        matrix[:, 0] += ((factors - 1) * self._offset + shifts) / self._scale
        return matrix


def _sum(row, planes):
    """row[0] + row[1] planes[0] + row[2] planes[1] ..., float32, in this order.

    Not by BLAS: it rounds in an order that follows the size of the window, and a sample would follow it, too.
    """
    total, term = np.full(planes.shape[1:], row[0]), np.empty(planes.shape[1:], np.float32)
    for weight, plane in zip(row[1:], planes):
        np.multiply(plane, weight, out=term)
        total += term
    return total


def _places(indices):
    """Growing indices as a slice where they are evenly spaced: a view where an index would copy."""
    step = int(indices[1] - indices[0]) if len(indices) > 1 else 1
    if step > 0 and (np.diff(indices) == step).all():
        return slice(int(indices[0]), int(indices[-1]) + 1, step)
    return indices


def _correction_step(parameters, kind):
    """Step of the corrections in stored units, which `kind` can hold, None where there are none; raises FormatError."""
    step = parameters.get(CORRECTION_STEP)
    if step is not None and (type(step) not in (int, float) or not 0 < step <= float(np.finfo(kind).max)):
        raise FormatError("The file's corrections have no step. It is damaged.")
    return step


def _residue_bits(parameters):
    """Bits of each residue, None where there are none; raises FormatError."""
    bits = parameters.get(RESIDUE_BITS)
    if bits is None or CORRECTION_STEP not in parameters:
        return None
    if type(bits) is not int or not 0 < bits <= residues.MOST_BITS:
        raise FormatError(f"The file claims residues of {bits!r} bits. It is damaged.")
    return bits


def _checked(parameters, n_bands):
    """(planes, step, shifts, model) of the file's parameters; raises FormatError."""
    try:
        values = [parameters["planes"], parameters["step"], *parameters["shifts"], parameters["model"]]
    except (KeyError, TypeError) as error:
        raise FormatError(f"The file's parameters lack {error}.") from error
    if len(values) != 7 or not all(type(value) is int for value in values):
        raise FormatError("The file's parameters are not whole numbers.")
    n_planes, step, *shifts, model = values
    if not 0 <= n_planes <= n_bands or not COARSEST_STEP <= step <= FINEST_STEP:
        raise FormatError(f"The file claims {n_planes} planes of {n_bands} bands at step {step}. It is damaged.")
    if max(abs(shift) for shift in shifts) > LARGEST_SHIFT:
        raise FormatError("The file claims points that are no quantiser's. It is damaged.")
    return n_planes, step, shifts, model
