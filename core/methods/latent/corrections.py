"""Corrections of decoded bands, so that no sample is off by more than a bound: multiples of one step.

Near-lossless coding as in JPEG-LS (ITU-T T.87, A.4: residuals in steps of twice the bound and one), here
of what the planes leave. Some bands of a tile make a stream of their own:

    2 bits for each lane's power of two less 2 (4 to 512 lanes: 3 bits), then plain bits and symbols:
    7 bits for each of the tables: of the blocks; for each pass, of each class of neighbours (the
    geometric tables of the context model, then those of `normal_laws`)
    for each band: a batch of flags (blocks of 16 x 16 pixels that hold anything), then a batch for each of
    two passes over those blocks' pixels: row + column even, then odd.

A pixel's class is the length in bits of a sum of magnitudes around it: in the band before, and for the
second pass of its four neighbours, which the first pass coded.
"""

from functools import lru_cache

import numpy as np

from ...entropy.rans import RansTables
from ...errors import FormatError, ParameterError
from . import normal_laws, symbols

BLOCK = 16
CLASSES = 12
PASSES = 2
TABLE_BITS = 7
LANE_BITS, FEWEST_LANES, BYTES_A_LANE = 3, 4, 200
LARGEST = 1 << 20
CLIP = 255


def encode(corrections, model):
    """Bytes of (bands, rows, cols) integers, none where all are zero; raises ParameterError beyond LARGEST."""
    if not corrections.any():
        return b""
    if np.abs(corrections).max() > LARGEST:
        raise ParameterError("A largest error is wished that is too fine for the range of the values. Give a larger one.")
    batches = list(_batches(corrections))
    tables, n_bits = _best_tables(batches, model)
    lanes = int(np.clip(np.log2(max(n_bits / 8 / BYTES_A_LANE, 1)) - 2, 0, (1 << LANE_BITS) - 1))
    writer = symbols.SymbolWriter(sum(len(values) for _, values in batches))
    writer.bits.put(tables, np.full(len(tables), TABLE_BITS))
    for kinds, values in batches:
        writer.put(tables[kinds], values)
    return bytes([lanes]) + writer.finish(_tables(model), FEWEST_LANES << lanes)


def estimated_bits(corrections, model):
    """About how many bits `encode` would take."""
    return _best_tables(list(_batches(corrections)), model)[1] if corrections.any() else 0.0


def decode(data, shape, model):
    """The inverse of `encode`, (bands, rows, cols) int32; raises FormatError."""
    out = np.zeros(shape, np.int32)
    if not data:
        return out
    if data[0] >= 1 << LANE_BITS:
        raise FormatError("corrections of a latent file claim lanes that none are")
    laws = _tables(model)
    reader = symbols.SymbolReader(data[1:], laws, FEWEST_LANES << data[0])
    tables = reader.bits.get(np.full(1 + PASSES * CLASSES, TABLE_BITS))
    tables = np.minimum(tables, len(laws.start) // laws.n_symbols - 1)
    band = _Band(shape[1:])
    for place in out:
        flags = reader.get(np.full(band.n_blocks, tables[0]))
        band.begin(flags != 0)
        for number in range(PASSES):
            band.put(number, reader.get(tables[band.kinds(number)]))
        place[...] = band.finish()
    reader.finish()
    return out


def _batches(corrections):
    """(kinds, values) of all batches, in coding order; kind 0 are flags of blocks."""
    band = _Band(corrections.shape[1:])
    for values in corrections:
        flags = band.blocks_of(values)
        yield np.zeros(band.n_blocks, np.int64), flags.astype(np.int64)
        band.begin(flags)
        for number in range(PASSES):
            kinds, own = band.kinds(number), band.values_at(number, values)
            band.put(number, own)
            yield kinds, own
        band.finish()


def _best_tables(batches, model):
    """The cheapest table of each kind, (kinds,), and the bits that all take with them."""
    n_kinds = 1 + PASSES * CLASSES
    prices = -np.log2(_frequencies(model) / (1 << normal_laws.PRECISION))
    counts, extra = np.zeros((n_kinds, symbols.ALPHABET)), 0
    for kinds, values in batches:
        of_value, _, raw = symbols.split(np.abs(values))
        flat = np.bincount(kinds * symbols.ALPHABET + of_value, minlength=counts.size)
        counts += flat.reshape(counts.shape)
        extra += int(raw.sum()) + np.count_nonzero(values)
    cost = counts @ prices.T
    return cost.argmin(1), cost.min(1).sum() + extra


def _frequencies(model):
    return np.concatenate([model.geometric, normal_laws.frequencies()])


@lru_cache(maxsize=2)
def _tables(model):
    return RansTables(_frequencies(model), normal_laws.PRECISION)


class _Band:
    """The bands of a stream, one after the other: what is coded of each pass, in what company."""

    def __init__(self, shape):
        self._shape = shape
        rows, cols = (-(-n // BLOCK) for n in shape)
        self.n_blocks, self._grid = rows * cols, (rows, cols)
        self._before = np.zeros((shape[0] + 2, shape[1] + 2), np.int32)
        down, across = np.indices(shape)
        self._odd = (down + across) % 2 == 1

    def blocks_of(self, values):
        """Which blocks hold anything, (n_blocks,) bool."""
        rows, cols = self._grid
        even = np.zeros((rows * BLOCK, cols * BLOCK), bool)
        even[: self._shape[0], : self._shape[1]] = values != 0
        return even.reshape(rows, BLOCK, cols, BLOCK).any((1, 3)).reshape(-1)

    def begin(self, flags):
        """A band of which those blocks hold anything."""
        rows, cols = self._shape
        live = flags.reshape(self._grid).repeat(BLOCK, 0).repeat(BLOCK, 1)[:rows, :cols]
        self._places = [np.nonzero(live & ~self._odd), np.nonzero(live & self._odd)]
        self._own = np.zeros_like(self._before)
        self._values = np.zeros(self._shape, np.int32)

    def values_at(self, number, values):
        """What the pass codes of the band."""
        return values[self._places[number]].astype(np.int64)

    def kinds(self, number):
        """Kind of each pixel of the pass."""
        before = self._before
        if number == 0:
            total = 2 * before[1:-1, 1:-1] + _cross(before)
        else:
            total = 2 * _cross(self._own) + before[1:-1, 1:-1]
        length = np.frexp(total[self._places[number]].astype(np.float32))[1]
        return 1 + number * CLASSES + np.minimum(length, CLASSES - 1).astype(np.int64)

    def put(self, number, values):
        """Take the values of a pass, coded or decoded; raises FormatError for such as none codes."""
        if len(values) and np.abs(values).max() > LARGEST:
            raise FormatError("a correction of a latent file is larger than any can be")
        self._values[self._places[number]] = values
        self._own[1:-1, 1:-1][self._places[number]] = np.minimum(np.abs(values), CLIP)

    def finish(self):
        """The band, (rows, cols) int32."""
        self._before = self._own
        return self._values


def _cross(padded):
    return padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
