"""Tables of frequencies are close to what they stand for, and small; alike groups share one."""

import numpy as np
import pytest

from hiner.core.entropy import frequencies
from hiner.core.entropy.byte_reader import ByteReader
from hiner.core.entropy.frequencies import Curve, decode_curve, encode_curve
from hiner.core.entropy.frequency_fit import best_fit
from hiner.core.entropy.grouping import shared_tables
from hiner.core.errors import FormatError


def entropy_bits(counts):
    used = counts[counts > 0]
    return -(used * np.log2(used / used.sum())).sum()


def histogram(count, deviation, n_symbols, seed=0):
    values = np.random.default_rng(seed).normal(n_symbols / 2, deviation, count)
    return np.bincount(np.clip(np.rint(values), 0, n_symbols - 1).astype(int), minlength=n_symbols)


def test_powers_are_the_exact_ones_rounded_down():
    assert frequencies._power_table().tolist() == [int(2 ** (14 + i / 64)) for i in range(64)]


@pytest.mark.parametrize("spacing", [0, 1, 3])
def test_frequencies_follow_the_exponential_of_interpolated_levels(spacing):
    random = np.random.default_rng(spacing)
    levels = random.integers(1, 60, frequencies.n_levels(50, spacing))
    curve = Curve(0, 50, spacing, 8, levels)
    octaves = np.interp(np.arange(50) / 2**spacing, np.arange(len(levels)), levels) / 8
    wanted = 2**octaves / (2**octaves).sum()
    assert curve.frequencies.sum() == 2**16
    assert np.abs(curve.frequencies / 2**16 - wanted).max() < 0.002


def test_level_zero_means_that_a_symbol_does_not_occur():
    curve = Curve(3, 4, 0, 2, np.array([5, 0, 0, 5]))
    assert curve.frequencies.tolist() == [32768, 0, 0, 32768]


@pytest.mark.parametrize("count", [1, 40, 2000, 500_000])
@pytest.mark.parametrize(("deviation", "n_symbols"), [(1, 16), (22, 256), (9000, 65536)])
def test_table_and_symbols_are_close_to_the_entropy(count, deviation, n_symbols):
    counts = histogram(count, deviation, n_symbols)
    fit = best_fit(counts)
    reader = ByteReader(encode_curve(fit.curve))
    again = decode_curve(reader)
    reader.finish()
    assert again.frequencies.tolist() == fit.curve.frequencies.tolist()
    raw = 2**fit.n_raw
    high = np.pad(counts, (0, -len(counts) % raw)).reshape(-1, raw).sum(1)
    high = high[fit.curve.first : fit.curve.first + fit.curve.span]
    assert high.sum() == count
    used = high > 0
    coded = count * fit.n_raw + (high[used] * (16 - np.log2(fit.curve.frequencies[used]))).sum()
    assert coded + 8 * len(encode_curve(fit.curve)) == pytest.approx(fit.n_bits)
    # Counts of few symbols say little of the curve they were drawn from: its own entropy counts.
    drawn_from = count * np.log2(deviation * np.sqrt(2 * np.pi * np.e))
    assert fit.n_bits < 1.002 * max(entropy_bits(counts), drawn_from) + 30 * 8


def test_smooth_tables_take_less_than_a_number_a_symbol():
    fit = best_fit(histogram(100_000, 22, 256))
    assert len(encode_curve(fit.curve)) < 40


@pytest.mark.parametrize(
    "curve",
    [
        Curve(0, 3, 0, 2, np.array([0, 0, 0])),
        Curve(0, 3, 0, 2, np.array([1, 41, 1])),
        Curve(0, 5, 1, 2, np.array([1, 0, 1])),
        Curve(0, 4097, 7, 2, np.ones(33, int)),
        Curve(0, 3, 8, 2, np.array([1, 1])),
    ],
)
def test_impossible_tables_are_refused(curve):
    with pytest.raises(FormatError):
        _ = decode_curve(ByteReader(encode_curve(curve))).frequencies


def test_alike_groups_share_a_table_and_others_do_not():
    narrow = [histogram(5000, 5, 256, seed) for seed in range(3)]
    wide = [histogram(5000, 60, 256, seed) for seed in range(3)]
    few = histogram(3, 5, 256)
    groups = np.array([narrow[0], wide[0], few, narrow[1], wide[1], wide[2], narrow[2]])
    tables = shared_tables(groups)
    assert tables[[0, 1, 3, 4, 5, 6]].tolist() == [0, 1, 0, 1, 1, 0]


def test_sharing_is_what_trying_all_partitions_of_three_groups_says():
    groups = np.array([histogram(n, d, 64, n) for n, d in ((900, 4), (700, 5), (800, 15))])
    partitions = ([0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [0, 1, 2])

    def n_bits(partition):
        sums = [groups[np.array(partition) == table].sum(0) for table in set(partition)]
        return sum(best_fit(counts).n_bits for counts in sums)

    assert shared_tables(groups).tolist() == min(partitions, key=n_bits)


def test_empty_groups_join_the_first_table():
    groups = np.array([np.zeros(8, int), histogram(500, 1, 8), np.zeros(8, int)])
    assert shared_tables(groups).tolist() == [0, 0, 0]
