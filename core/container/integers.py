"""A column of integers in few bits: predicted from those before, the rest in Rice codes.

Columns of band metadata are smooth where one detector reaches and jump where another begins.
A jump is written whole and leaves the slope as it was. Blocks of 8 values share one Rice
parameter (R. F. Rice, "Some practical universal noiseless coding techniques", JPL 79-22, 1979).
"""

from ..errors import FormatError
from .bits import binary

BLOCK = 8
ORDERS = (0, 1, 2, 3)
LARGEST = 2**63

_MAX_RICE = 63
_ESCAPE = 10
_LENGTH_BITS = 7


class _Predictor:
    """Predicts the next value as a polynomial of degree `order` - 1 through the last ones.

    With `significant` digits (0: no such rule) a value counts in units of the place that its
    predecessor's last significant digit has, as numbers printed by "%.6g" do.
    """

    __slots__ = ("order", "significant", "count", "last", "slope", "bend")

    def __init__(self, order, significant):
        self.order, self.significant = order, significant
        self.count = self.last = self.slope = self.bend = 0

    def copy(self):
        twin = _Predictor(self.order, self.significant)
        twin.count, twin.last = self.count, self.last
        twin.slope, twin.bend = self.slope, self.bend
        return twin

    def predict(self):
        """Return (prediction, unit); the prediction is a multiple of the unit."""
        order = self.order
        prediction = self.last if order else 0
        if order > 1:
            prediction += self.slope
            if order > 2:
                prediction += self.bend
        if not self.significant or not self.count:
            return prediction, 1
        unit = 10 ** max(0, len(str(abs(self.last))) - self.significant)
        return (2 * prediction + unit) // (2 * unit) * unit, unit

    def learn(self, value, is_jump):
        count = self.count
        if count and (not is_jump or count < self.order):
            slope = value - self.last
            self.bend = slope - self.slope if count > 1 else 0
            self.slope = slope
        self.last = value
        self.count = count + 1


def encode_integers(values, order, significant):
    """Return the bits of `values` (Python integers below 2**63 in size) as a string."""
    predictor = _Predictor(order, significant)
    pieces, rice = [], None
    for start in range(0, len(values), BLOCK):
        rice, piece, predictor = _best_block(values[start : start + BLOCK], predictor, rice)
        pieces.append(piece)
    return "".join(pieces)


def _best_block(block, predictor, previous_rice):
    """Return (rice, bits, predictor after the block) with the fewest bits."""
    largest = max(abs(value - predictor.last) for value in block).bit_length() + 1
    best = None
    for rice in range(min(largest, _MAX_RICE) + 1):
        limit = len(best[1]) if best else None
        coded = _code_block(block, predictor, rice, previous_rice, limit)
        if coded is not None:
            best = coded
    return best


def _code_block(block, predictor, rice, previous_rice, limit):
    """Return (rice, bits, predictor after the block), or None once there are `limit` bits."""
    predictor = predictor.copy()
    if previous_rice is None:
        bits = binary(rice, 6)
    else:
        bits = "1" * _folded(rice - previous_rice) + "0"
    for value in block:
        prediction, unit = predictor.predict()
        difference = value - prediction
        steps, rest = divmod(difference, unit)
        number = _folded(steps)
        is_jump = bool(rest) or number >> rice >= _ESCAPE
        if is_jump:
            whole = _folded(difference)
            size = whole.bit_length() - 1
            bits += "1" * _ESCAPE + binary(size, _LENGTH_BITS) + binary(whole - (1 << size), size)
        else:
            bits += "1" * (number >> rice) + "0" + binary(number & ((1 << rice) - 1), rice)
        if limit is not None and len(bits) >= limit:
            return None
        predictor.learn(value, is_jump)
    return rice, bits, predictor


def decode_integers(reader, count, order, significant):
    """Read `count` integers that `encode_integers` wrote from a `BitReader`."""
    if count > reader.n_left:
        raise FormatError("the band table is shorter than the bands claimed; the file is damaged.")
    predictor = _Predictor(order, significant)
    values, rice = [], 0
    for index in range(count):
        if index == 0:
            rice = reader.number(6)
        elif index % BLOCK == 0:
            rice += _unfolded(reader.ones(2 * _MAX_RICE + 1))
            if not 0 <= rice <= _MAX_RICE:
                raise FormatError("the band table holds an impossible code; the file is damaged.")
        prediction, unit = predictor.predict()
        high = reader.ones(_ESCAPE)
        if high == _ESCAPE:
            size = reader.number(_LENGTH_BITS)
            value = prediction + _unfolded((1 << size) + reader.number(size))
        else:
            value = prediction + unit * _unfolded(high << rice | reader.number(rice))
        if not -LARGEST <= value < LARGEST:
            raise FormatError("the band table holds an impossible number; the file is damaged.")
        predictor.learn(value, high == _ESCAPE)
        values.append(value)
    return values


def _folded(signed):
    """0, -1, 1, -2, 2... to 0, 1, 2, 3, 4..."""
    return 2 * signed if signed >= 0 else -2 * signed - 1


def _unfolded(number):
    return -((number + 1) // 2) if number & 1 else number // 2
