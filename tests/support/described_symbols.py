"""The section SYMB decoded by docs/hnr-format.md alone, one symbol after another."""

import math

import numpy as np


def unfolded(number):
    return number // 2 if number % 2 == 0 else -(number + 1) // 2


class Bytes:
    """Bytes taken from the front."""

    def __init__(self, data):
        self.data = bytes(data)

    def take(self, n):
        assert n <= len(self.data)
        taken, self.data = self.data[:n], self.data[n:]
        return taken

    def number(self, n):
        return int.from_bytes(self.take(n), "little")

    def bits(self, widths):
        """Numbers of those many bits, filled up to a whole byte."""
        n_bits = sum(widths)
        text = "".join(f"{byte:08b}" for byte in self.take(-(-n_bits // 8)))
        assert "1" not in text[n_bits:]
        ends = np.cumsum([0, *widths])
        return [int(text[a:b] or "0", 2) for a, b in zip(ends, ends[1:])]

    def list(self, n):
        """n Rice codes."""
        if not n:
            return []
        k, quotients, unary = self.number(1), [0], ""
        while len(quotients) <= n:
            unary = unary or f"{self.number(1):08b}"
            if unary[0] == "1":
                quotients.append(0)
            else:
                quotients[-1] += 1
            unary = unary[1:]
        assert "1" not in unary
        assert sum(quotients[:n]) <= 2 * n
        return [(q << k) + r for q, r in zip(quotients, self.bits([k] * n))]

    def folded(self, n):
        return [unfolded(value) for value in self.list(n)]


def symbols_of(data, sizes, bits):
    """The section SYMB for groups of those sizes."""
    payload, n = Bytes(data), sum(sizes)
    assert n <= 8192 * len(data)
    n_lanes = -(-n // 8192)
    symbols = [by_huffman, by_rans][payload.number(1)](payload, n, n_lanes, sizes)
    assert max(symbols) < 1 << bits
    return symbols


def by_huffman(payload, n, n_lanes, _):
    kind, first, count = payload.number(1), payload.number(2), payload.number(2) + 1
    gaps = payload.list(count - 1) if kind == 1 else [0] * (count - 1)
    coded = first + np.cumsum([0, *(gap + 1 for gap in gaps)])
    lengths = np.cumsum(payload.folded(count))
    words, word, before = {}, -1, 0
    for length, symbol in sorted((size, s) for size, s in zip(lengths, coded) if size):
        word = word + 1 << length - before
        words[f"{word:0{length}b}"], before = int(symbol), length
    assert sum(0.5 ** len(word) for word in words) == 1
    fewest = payload.number(4)
    lanes = [fewest + more for more in payload.list(n_lanes)]
    text = "".join(f"{byte:08b}" for byte in payload.data)
    assert len(text) - sum(lanes) < 8
    symbols, place = [0] * n, 0
    for lane, length in enumerate(lanes):
        end = place + length
        for i in range(lane, n, n_lanes):
            size = next(size for size in range(1, 21) if text[place : place + size] in words)
            symbols[i] = words[text[place : place + size]]
            place += size
        assert place == end
    return symbols


def by_rans(payload, n, n_lanes, sizes):
    tables = [(payload.number(1), *curve_of(payload)) for _ in range(payload.number(1) + 1)]
    of_group = [payload.number(1) for _ in sizes] if len(tables) > 1 else [0] * len(sizes)
    table_of = [table for table, size in zip(of_group, sizes) for _ in range(size)]
    low_bits = payload.bits([tables[table][0] for table in table_of])
    states = [high << 16 for high in payload.bits([20] * n_lanes)]
    states = [high + payload.number(2) for high in states]
    slots = [np.repeat(np.arange(len(frequencies)), frequencies) for _, _, frequencies in tables]
    before = [np.cumsum(frequencies) - frequencies for _, _, frequencies in tables]
    symbols = []
    for i, table in enumerate(table_of):
        n_raw, first, frequencies = tables[table]
        x = states[i % n_lanes]
        assert 1 << 20 <= x < 1 << 36
        t = x & 0xFFFF
        h = int(slots[table][t])
        x = int(frequencies[h]) * (x >> 16) + t - int(before[table][h])
        states[i % n_lanes] = x if x >= 1 << 20 else (x << 16) + payload.number(2)
        symbols.append((first + h << n_raw) + low_bits[i])
    assert states == [1 << 20] * n_lanes
    assert payload.data == b""
    return symbols


def curve_of(payload):
    """The first high part of a curve and its frequencies."""
    head, first, width, level = (payload.number(size) for size in (1, 2, 2, 1))
    per_octave, order, p, width = (2, 4, 8)[head >> 6], head >> 5 & 1, head & 31, width + 1
    steps = payload.folded(math.ceil((width - 1) / 2**p))
    if order:
        steps = np.cumsum(steps).tolist()
    g = [int(value) for value in level + np.cumsum([0, *steps])]
    assert int(p > 0) <= min(g) <= max(g) <= 20 * per_octave
    weights = []
    for i in range(width):
        j, d = divmod(i, 2**p)
        rise = d * (g[j + 1] - g[j]) if d else 0
        u = ((g[j] << p) + rise) * 64 // per_octave >> p
        occurs = p > 0 or g[j] > 0
        weights.append((int(2 ** (14 + u % 64 / 64)) << u // 64) if occurs else 0)
    free, total, sums = 2**16 - sum(w > 0 for w in weights), sum(weights), [0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    frequencies = [
        b * free // total - a * free // total + (w > 0) for a, b, w in zip(sums, sums[1:], weights)
    ]
    assert sum(frequencies) == 2**16
    return first, np.array(frequencies)
