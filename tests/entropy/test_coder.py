"""What the coder writes comes back, is small, and stays readable; all else is a FormatError."""

import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest

from hiner.core.entropy import coder, huffman, static_rans
from hiner.core.entropy.lanes import SYMBOLS_A_LANE
from hiner.core.errors import FormatError, ParameterError

GOLDEN = Path(__file__).parent / "golden"


def bell(count, alphabet_size=256, deviation=20, seed=0):
    values = np.random.default_rng(seed).normal(alphabet_size / 2, deviation, count)
    return np.clip(np.rint(values), 0, alphabet_size - 1).astype(int)


def entropy_bytes(symbols):
    counts = np.unique(symbols, return_counts=True)[1]
    return -(counts * np.log2(counts / len(symbols))).sum() / 8


EDGE_CASES = {
    "none": (np.zeros(0, int), 256),
    "one symbol": (np.array([7]), 16),
    "the last of the largest alphabet": (np.array([65535]), 65536),
    "an alphabet of one": (np.zeros(100, int), 1),
    "constant": (np.full(20_000, 3), 256),
    "all of the largest alphabet": (np.random.default_rng(0).permutation(65536), 65536),
    "the ends of the largest alphabet": (np.arange(1000) % 2 * 65535, 65536),
    "one rare symbol": (np.r_[np.zeros(9999, int), 255], 256),
    "odd alphabet": (bell(3000, 37, 5), 37),
    "uneven lanes": (bell(2 * SYMBOLS_A_LANE + 5), 256),
    **{f"{bits} bits": (bell(3000, 2**bits, 2**bits / 9), 2**bits) for bits in range(4, 17)},
}


@pytest.mark.parametrize("name", EDGE_CASES)
def test_round_trip(name):
    symbols, alphabet_size = EDGE_CASES[name]
    data = coder.encode(symbols, alphabet_size)
    decoded = coder.decode(data, len(symbols), alphabet_size)
    assert decoded.tolist() == symbols.tolist()
    assert decoded.dtype == (np.uint8 if alphabet_size <= 256 else np.uint16)


@pytest.mark.parametrize("name", EDGE_CASES)
def test_both_coders_round_trip(name):
    symbols, alphabet_size = EDGE_CASES[name]
    sizes = [len(symbols) // 2, 0, len(symbols) - len(symbols) // 2]
    if len(symbols):
        data = huffman.encode(symbols, alphabet_size)
        assert (huffman.decode(data, len(symbols), alphabet_size) == symbols).all()
        data = static_rans.encode(symbols, alphabet_size, sizes)
        assert (static_rans.decode(data, len(symbols), alphabet_size, sizes) == symbols).all()


@pytest.mark.parametrize("name", EDGE_CASES)
def test_the_smaller_coder_is_taken_and_named(name):
    symbols, alphabet_size = EDGE_CASES[name]
    if not len(symbols):
        assert coder.coder_name(coder.encode(symbols, alphabet_size)) == "none"
        return
    sizes = {
        "huffman": len(huffman.encode(symbols, alphabet_size)),
        "rans": len(static_rans.encode(symbols, alphabet_size, [len(symbols)])),
    }
    data = coder.encode(symbols, alphabet_size)
    assert len(data) == 1 + min(sizes.values())
    assert len(data) == 1 + sizes[coder.coder_name(data)]


def test_both_coders_have_their_place():
    ends = EDGE_CASES["the ends of the largest alphabet"]
    assert coder.coder_name(coder.encode(*ends)) == "huffman"
    assert coder.coder_name(coder.encode(bell(20_000), 256)) == "rans"


def test_size_is_the_entropy_with_table_and_lanes_within_a_fifth_of_a_percent():
    symbols = bell(200_000)
    assert len(coder.encode(symbols, 256)) < 1.002 * entropy_bytes(symbols)


def test_groups_with_other_frequencies_get_smaller():
    groups = [bell(30_000, deviation=8), bell(30_000, deviation=60), bell(100, deviation=8)]
    symbols, sizes = np.concatenate(groups), [len(group) for group in groups]
    grouped = coder.encode(symbols, 256, sizes)
    assert (coder.decode(grouped, len(symbols), 256, sizes) == symbols).all()
    apart = sum(entropy_bytes(group) for group in groups)
    assert len(grouped) < 1.003 * apart < 0.97 * len(coder.encode(symbols, 256))


def test_the_same_symbols_give_the_same_bytes():
    symbols = bell(20_000)
    data = coder.encode(symbols, 256)
    assert data == coder.encode(symbols.astype(np.uint8), 256)
    assert data == coder.encode(symbols.reshape(100, 200).astype(np.int32), 256)
    assert data == coder.encode(symbols[::-1][::-1], 256)


def golden_examples():
    """{file name: (symbols, alphabet_size, group_sizes)} by formulas that never change."""
    index = np.arange(20_000, dtype=np.int64)
    mixed = index * index * 31 + index * 17 >> 3
    bell_like = ((mixed & 63) + (mixed >> 6 & 63) + (mixed >> 12 & 63)) % 256
    return {
        "huffman-sparse.bin": (np.where(index % 3, 0, 65535)[:500], 65536, None),
        "huffman-dense.bin": (bell_like, 256, None),
        "rans.bin": (bell_like, 256, None),
        "rans-groups-raw-bits.bin": (
            np.r_[bell_like[:9000] * 200 + (mixed[:9000] >> 5 & 255), 40_000 + bell_like[9000:]],
            65536,
            [9000, 11_000],
        ),
    }


@pytest.mark.parametrize("name", golden_examples())
def test_golden_files_are_read_for_ever(name):
    symbols, alphabet_size, group_sizes = golden_examples()[name]
    data = (GOLDEN / name).read_bytes()
    assert coder.coder_name(data) == name.split(".")[0].split("-")[0]
    assert (coder.decode(data, len(symbols), alphabet_size, group_sizes) == symbols).all()


@pytest.mark.parametrize(
    ("symbols", "alphabet_size", "group_sizes"),
    [
        ([256], 256, None),
        ([-1], 256, None),
        ([0.5], 256, None),
        ([0], 65537, None),
        ([0], 0, None),
        ([0, 1], 4, [1, 2]),
        ([0, 1], 4, [3, -1]),
        ([0, 1], 4, [1] * 300),
    ],
)
def test_what_cannot_be_coded_is_a_parameter_error(symbols, alphabet_size, group_sizes):
    with pytest.raises(ParameterError):
        coder.encode(symbols, alphabet_size, group_sizes)


def fuzz_cases():
    """(data, count, alphabet_size, group_sizes) of small streams of both coders."""
    cases = []
    for symbols, alphabet_size, sizes in (
        (bell(60), 256, [60]),
        (np.r_[bell(40, deviation=1), bell(40, deviation=50)], 256, [40, 0, 40]),
        (bell(50, 4096, 300), 4096, [50]),
        (np.arange(30) % 2 * 65535, 65536, [30]),
        (np.zeros(40, int), 16, [40]),
    ):
        huffman_coded = bytes([coder.HUFFMAN]) + huffman.encode(symbols, alphabet_size)
        rans_coded = bytes([coder.RANS]) + static_rans.encode(symbols, alphabet_size, sizes)
        cases += [(d, len(symbols), alphabet_size, sizes) for d in (huffman_coded, rans_coded)]
    return cases


def check_decodes_or_refuses(data, count, alphabet_size, group_sizes):
    """Either `count` symbols of the alphabet, or a FormatError."""
    try:
        decoded = coder.decode(data, count, alphabet_size, group_sizes)
    except FormatError:
        return False
    assert decoded.shape == (count,)
    assert not count or decoded.max() < alphabet_size
    return True


def altered(data, random):
    data = bytearray(data)
    for _ in range(random.integers(1, 4)):
        place = int(random.integers(0, len(data)))
        kind = random.integers(0, 4)
        if kind == 0:
            data[place] ^= 1 << int(random.integers(0, 8))
        elif kind == 1:
            data[place] = int(random.integers(0, 256))
        elif kind == 2:
            del data[place : place + int(random.integers(1, 4))]
            data = data or bytearray(1)
        else:
            data[place:place] = random.bytes(2)
    return bytes(data)


def test_altered_data_decode_or_are_refused():
    random, cases, refused = np.random.default_rng(0), fuzz_cases(), 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(6000):
            data, *claims = cases[i % len(cases)]
            refused += not check_decodes_or_refuses(altered(data, random), *claims)
    assert refused > 3000


def test_random_bytes_decode_or_are_refused():
    random = np.random.default_rng(1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for i in range(3000):
            data = bytes([i % 3]) + random.bytes(int(random.integers(0, 60)))
            count, bits = int(random.integers(0, 100)), int(random.integers(0, 17))
            check_decodes_or_refuses(data, count, 2**bits, [count])


@pytest.mark.parametrize("case", range(len(fuzz_cases())))
def test_truncated_or_lengthened_data_and_other_counts_are_refused(case):
    data, count, alphabet_size, sizes = fuzz_cases()[case]
    for length in range(len(data)):
        with pytest.raises(FormatError, match="damaged"):
            coder.decode(data[:length], count, alphabet_size, sizes)
    with pytest.raises(FormatError):
        coder.decode(data + b"\0", count, alphabet_size, sizes)
    with pytest.raises(FormatError):
        coder.decode(data, 0, alphabet_size)


def test_large_altered_data_decode_or_are_refused():
    symbols, random = bell(5 * SYMBOLS_A_LANE), np.random.default_rng(2)
    for coded in (
        bytes([coder.HUFFMAN]) + huffman.encode(symbols, 256),
        bytes([coder.RANS]) + static_rans.encode(symbols, 256, [len(symbols)]),
    ):
        for _ in range(6):
            check_decodes_or_refuses(altered(coded, random), len(symbols), 256, None)


@pytest.mark.parametrize("count", [10**9, 10**15, 10**30])
def test_absurd_counts_are_refused_before_room_is_made(count):
    tracemalloc.start()
    for data, _, alphabet_size, _ in fuzz_cases():
        with pytest.raises(FormatError):
            coder.decode(data, count, alphabet_size)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_memory_follows_the_symbols_that_the_data_can_hold():
    symbols = np.full(1_000_000, 9)
    data = coder.encode(symbols, 256)
    tracemalloc.start()
    coder.decode(data, len(symbols), 256)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(symbols)
