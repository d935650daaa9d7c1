"""Huffman codes are as short as the textbook's, and complete; what they write comes back."""

import heapq
import itertools

import numpy as np
import pytest

from hiner.core.entropy import code_lengths, huffman
from hiner.core.entropy.byte_reader import ByteReader
from hiner.core.entropy.code_lengths import (
    LONGEST,
    decode_lengths,
    encode_lengths,
    optimal_lengths,
)
from hiner.core.entropy.lanes import SYMBOLS_A_LANE
from hiner.core.errors import FormatError


def textbook_bits(counts):
    """Coded size by Huffman's own algorithm: what the joins of the two rarest nodes sum up to."""
    heap = [int(count) for count in counts if count]
    heapq.heapify(heap)
    total = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        total += joined
        heapq.heappush(heap, joined)
    return total


HISTOGRAMS = {
    "bell": np.bincount(np.random.default_rng(0).normal(128, 20, 100_000).astype(int), minlength=256),
    "uniform": np.full(256, 7),
    "not a power of two": np.full(100, 3),
    "geometric": 2 ** np.arange(15),
    "gaps": np.where(np.arange(300) % 7, 0, np.arange(300) ** 2),
    "two": np.array([0, 5, 0, 1]),
    "large": np.random.default_rng(1).integers(10, 50, 65536),
}


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_as_short_as_textbook_huffman(name):
    counts = HISTOGRAMS[name]
    lengths = optimal_lengths(counts)
    assert (lengths * counts).sum() == textbook_bits(counts)
    assert (lengths > 0).tolist() == (counts > 0).tolist()


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_kraft_sum_is_one(name):
    lengths = optimal_lengths(HISTOGRAMS[name])
    used = lengths[lengths > 0]
    assert sum(2 ** (LONGEST - int(length)) for length in used) == 2**LONGEST


def test_best_of_all_codes_with_limited_lengths(monkeypatch):
    monkeypatch.setattr(code_lengths, "LONGEST", 4)
    random = np.random.default_rng(2)
    for n_symbols in (2, 5, 8, 10):
        counts = np.sort(np.rint(2 ** random.uniform(0, 12, n_symbols)).astype(int))[::-1]
        best = min(
            int(np.dot(lengths, counts))
            for lengths in itertools.combinations_with_replacement(range(1, 5), n_symbols)
            if sum(2.0**-length for length in lengths) <= 1
        )
        lengths = optimal_lengths(counts)
        assert lengths.max() <= 4
        assert np.dot(lengths, counts) == best


def test_lengths_stay_within_the_table_for_the_steepest_counts():
    fibonacci = [1, 1]
    while len(fibonacci) < 40:
        fibonacci.append(fibonacci[-1] + fibonacci[-2])
    lengths = optimal_lengths(np.array(fibonacci))
    assert lengths.max() == LONGEST
    assert np.sum(0.5**lengths) == 1


def test_words_are_prefix_free_and_canonical():
    lengths = optimal_lengths(HISTOGRAMS["bell"])
    words = huffman._words(lengths)
    used = np.flatnonzero(lengths)
    text = [format(words[s], f"0{lengths[s]}b") for s in used]
    for one, other in itertools.permutations(text, 2):
        assert not other.startswith(one)
    by_length = sorted(used, key=lambda s: (lengths[s], s))
    assert [text[list(used).index(s)] for s in by_length] == sorted(text)


@pytest.mark.parametrize("name", HISTOGRAMS)
def test_lengths_come_back(name):
    lengths = optimal_lengths(HISTOGRAMS[name])
    reader = ByteReader(encode_lengths(lengths))
    assert decode_lengths(reader, len(lengths)).tolist() == lengths.tolist()
    reader.finish()


def test_few_symbols_far_apart_take_few_bytes():
    lengths = np.zeros(65536, np.int64)
    lengths[[0, 30_000, 65_535]] = 2, 1, 2
    assert len(encode_lengths(lengths)) < 20


@pytest.mark.parametrize("lengths", [[1, 1, 1], [1, 2], [2, 2, 2], [0, 2, 0]])
def test_incomplete_and_oversubscribed_codes_are_refused(lengths):
    with pytest.raises(FormatError, match="complete"):
        decode_lengths(ByteReader(encode_lengths(np.array(lengths))), len(lengths))


@pytest.mark.parametrize(
    "count", [1, 2, 100, SYMBOLS_A_LANE, SYMBOLS_A_LANE + 1, 3 * SYMBOLS_A_LANE - 1, 50_000]
)
def test_round_trip_and_size(count):
    symbols = np.random.default_rng(count).binomial(255, 0.4, count)
    data = huffman.encode(symbols, 256)
    assert (huffman.decode(data, count, 256) == symbols).all()
    lengths = optimal_lengths(np.bincount(symbols, minlength=256))
    lanes = -(-count // SYMBOLS_A_LANE)
    assert len(data) <= lengths[symbols].sum() / 8 + len(encode_lengths(lengths)) + 8 + 3 * lanes


def test_long_words_round_trip():
    counts = np.array([1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584,
                       4181, 6765, 10946, 17711, 28657])  # fmt: skip
    symbols = np.random.default_rng(3).permutation(np.repeat(np.arange(len(counts)), counts))
    assert optimal_lengths(counts).max() == LONGEST
    data = huffman.encode(symbols, len(counts))
    assert (huffman.decode(data, len(symbols), len(counts)) == symbols).all()
