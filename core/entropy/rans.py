"""Interleaved rANS with many static tables, one of which is chosen for each symbol.

J. Duda, "Asymmetric numeral systems" (arXiv 1311.2540); interleaving: F. Giesen, "Interleaved
entropy coders" (arXiv 1402.3392). With table frequencies f that sum up to 2**k and cumulative
frequencies c, a symbol s takes a state x to

    C(s, x) = floor(x / f_s) * 2**k + c_s + x mod f_s

and the decoder goes back from y = C(s, x), whose slot y mod 2**k lies in s's interval:

    x = f_s * floor(y / 2**k) + y mod 2**k - c_s.

Symbol i belongs to lane i modulo the number of lanes. Each lane has a state from 2**(k + 4) to
below 2**(k + 20) that gives and takes words of 16 bits; all lanes share one string of words, in
the order of the symbols, so that the decoder may be asked for any number of symbols at a time.
Layout: the high k + 4 bits of the lanes' states, in whole bytes (`bits`); their low 16 bits and
the words, two bytes each, the low one first.
"""

from bisect import bisect_right
from functools import cached_property

import numpy as np

from ..errors import FormatError, ParameterError
from .bits import pack_fixed, unpack_fixed

MIN_PRECISION, MAX_PRECISION = 8, 16
_WORD_BITS = 16
_ROWS = 256
# With states of as few bits as the precision has, rounding them costs 0.1 %; these make it 0.01 %.
_SPARE_BITS = 4
# Up to this many slots over all tables, a table of slots is faster than a search.
_SLOTS_LOOKED_UP = 1 << 20
_CELL_BITS = 6
# Up to this many lanes, one symbol after the other is faster than a row of them.
_FEW_LANES = 8
_TOO_EARLY = "the rANS words end too early"


class RansTables:
    """Frequencies of the symbols 0, 1, ... in each of several tables.

    frequencies: (tables, symbols) integers of which each row sums up to 2**precision; symbols of
        frequency 0 cannot be coded.

    Raises ParameterError where the rows do not.
    """

    def __init__(self, frequencies, precision=MAX_PRECISION):
        frequencies = np.atleast_2d(np.asarray(frequencies, np.int64))
        n_tables, self.n_symbols = frequencies.shape
        if not MIN_PRECISION <= precision <= MAX_PRECISION:
            raise ParameterError(f"A precision of {precision} bits is not 8 to 16.")
        if frequencies.min(initial=0) < 0 or (frequencies.sum(1) != 1 << precision).any():
            raise ParameterError(f"A table's frequencies do not sum up to 2**{precision}.")
        self.precision, self.lowest_state = precision, 1 << (precision + _SPARE_BITS)
        self.last_slot = (1 << precision) - 1
        # The entries of all tables in one row, and each one's first slot among all tables' slots.
        self.frequency = frequencies.ravel()
        self.start = np.cumsum(self.frequency) - self.frequency
        self._has_zeros = not self.frequency.all()
        self.find = self._finder(n_tables << precision)

    def _finder(self, n_slots):
        """A function from slots among all tables' to entries."""
        if n_slots <= _SLOTS_LOOKED_UP:
            return np.repeat(np.arange(len(self.start)), self.frequency).take
        self._of_cell = self._cells(n_slots)
        return self._find_by_cell

    def _cells(self, n_slots):
        """The entry that a cell of slots lies in, -1 where it lies in several."""
        edges = -(-np.append(self.start, n_slots) >> _CELL_BITS)  # the first cell that begins within each entry
        of_cell = np.repeat(np.arange(len(self.start), dtype=np.int32), np.diff(edges))
        begins_inside = self.start & ((1 << _CELL_BITS) - 1) > 0
        of_cell[self.start[begins_inside] >> _CELL_BITS] = -1
        return of_cell

    def _find_by_cell(self, slots):
        """A search costs several times more, and hardly a cell in a hundred needs one."""
        entries = self._of_cell.take(slots >> _CELL_BITS)
        several = (entries < 0).nonzero()[0]
        if len(several):
            entries[several] = self._search(slots[several])
        return entries

    def _search(self, slots):
        return self.start.searchsorted(slots, side="right") - 1

    @cached_property
    def as_lists(self):
        """(first slots, frequencies) of the entries."""
        return self.start.tolist(), self.frequency.tolist()

    def entries(self, symbols, table_indices):
        """Entries of (n,) symbols in their tables, (n,) int32.

        Raises ParameterError for symbols of frequency 0 and beyond the tables.
        """
        if np.asarray(symbols).max(initial=0) >= self.n_symbols:
            raise ParameterError(f"A symbol is none of the {self.n_symbols}; it cannot be coded.")
        entries = np.asarray(table_indices, np.int32) * np.int32(self.n_symbols)
        entries = entries + np.asarray(symbols).astype(np.int32, copy=False)
        if self._has_zeros and not self.frequency[entries].all():
            raise ParameterError("A symbol has the frequency 0 in its table; it cannot be coded.")
        return entries


def encode(symbols, table_indices, tables, n_lanes):
    """Code symbols[i] with the table table_indices[i] of `tables` (RansTables) into bytes.

    symbols: (n,) integers; table_indices: (n,) integers, or one for all.
    """
    precision, slots = tables.precision, (1 << tables.precision) - 1
    states, words = np.full(n_lanes, tables.lowest_state, np.int64), []
    for row in _rows_from_the_end(symbols, table_indices, tables, n_lanes):
        frequency = tables.frequency.take(row)
        state = states[: len(row)]
        full = np.flatnonzero(state >= frequency << (_WORD_BITS + _SPARE_BITS))
        words.append(state[full].astype("<u2"))
        state[full] >>= _WORD_BITS
        quotient = state // frequency
        state += quotient * ((1 << precision) - frequency)
        state += tables.start.take(row) & slots
    high = pack_fixed(states >> _WORD_BITS, precision + _SPARE_BITS)
    words.append(states.astype("<u2"))
    return high + b"".join(piece.tobytes() for piece in reversed(words))


def _rows_from_the_end(symbols, table_indices, tables, n_lanes):
    """Entries of one symbol a lane; some rows are looked up at a time, so that they take little memory."""
    symbols, table_indices = np.asarray(symbols), np.asarray(table_indices)
    portion = n_lanes * _ROWS
    for start in reversed(range(0, len(symbols), portion)):
        part = slice(start, start + portion)
        entries = tables.entries(symbols[part], table_indices if table_indices.ndim == 0 else table_indices[part])
        for first in reversed(range(0, len(entries), n_lanes)):
            yield entries[first : first + n_lanes]


class RansDecoder:
    """Takes symbols from what `encode` wrote, in the same order, as many at a time as wanted.

    data: bytes; tables and n_lanes as the encoder had them.

    Raises FormatError for data that no encoder writes.
    """

    def __init__(self, data, tables, n_lanes):
        width = tables.precision + _SPARE_BITS
        n_high_bytes = -(-n_lanes * width // 8)
        if len(data) < n_high_bytes + 2 * n_lanes or (len(data) - n_high_bytes) % 2:
            raise FormatError(f"{n_lanes} rANS lanes are not in {len(data)} bytes")
        self._tables, self._lane = tables, 0
        self._words = np.frombuffer(data, "<u2", offset=n_high_bytes)
        self._states = unpack_fixed(data[:n_high_bytes], n_lanes, width) << _WORD_BITS
        self._states |= self._words[:n_lanes]
        self._position = n_lanes
        if self._states.min() < tables.lowest_state:
            raise FormatError("a rANS lane starts in an impossible state")

    def decode(self, table_indices):
        """The next symbols, each coded with the table of that index: (n,) integers to (n,) int64.

        Raises FormatError where the data end too early.
        """
        tables = self._tables
        table_indices = np.asarray(table_indices, np.int64)
        first_slots = table_indices << tables.precision
        if len(self._states) <= _FEW_LANES:
            entries = self._decode_singly(first_slots)
        else:
            entries = np.empty(len(table_indices), np.int64)
            done = 0
            while done < len(entries):
                stop = min(done + len(self._states) - self._lane, len(entries))
                self._decode_row(first_slots[done:stop], entries[done:stop])
                done = stop
        entries -= table_indices * tables.n_symbols
        return entries

    def _decode_row(self, first_slots, entries):
        """Fill in the entries of the next symbols, of which each belongs to another lane."""
        tables, stop = self._tables, self._lane + len(first_slots)
        state = self._states[self._lane : stop]
        self._lane = stop % len(self._states)
        slots = state & tables.last_slot
        slots += first_slots
        entries[...] = tables.find(slots)
        state >>= tables.precision
        state *= tables.frequency.take(entries)
        slots -= tables.start.take(entries)
        state += slots
        low = (state < tables.lowest_state).nonzero()[0]
        words = self._words[self._position : self._position + len(low)]
        if len(words) < len(low):
            raise FormatError(_TOO_EARLY)
        self._position += len(low)
        state[low] = state[low] << _WORD_BITS | words

    def _decode_singly(self, first_slots):
        """Entries of the next symbols, one after the other: for a few lanes, NumPy's calls cost more."""
        tables, states, lane = self._tables, self._states.tolist(), self._lane
        starts, frequencies = tables.as_lists
        last, precision, lowest = tables.last_slot, tables.precision, tables.lowest_state
        entries, n_lanes = [], len(states)
        for first in first_slots.tolist():
            state = states[lane]
            slot = first + (state & last)
            entry = bisect_right(starts, slot) - 1
            entries.append(entry)
            state = frequencies[entry] * (state >> precision) + slot - starts[entry]
            if state < lowest:
                if self._position == len(self._words):
                    raise FormatError(_TOO_EARLY)
                state = state << _WORD_BITS | int(self._words[self._position])
                self._position += 1
            states[lane] = state
            lane = (lane + 1) % n_lanes
        self._states[:], self._lane = states, lane
        return np.array(entries, np.int64)

    def finish(self):
        """Raise FormatError unless all words are used and all lanes are where the encoder began."""
        has_ended = (self._states == self._tables.lowest_state).all()
        if self._position < len(self._words) or not has_ended:
            raise FormatError("the rANS lanes do not end where they should")
