"""Rice codes come back, take what the definition says, and refuse what was not written."""

import numpy as np
import pytest

from hiner.core.entropy import bits, rice
from hiner.core.entropy.byte_reader import ByteReader
from hiner.core.errors import FormatError

CASES = {
    "one": [0],
    "zeros": [0] * 1000,
    "small": [3, 0, 1, 2, 0, 7],
    "one outlier": [0] * 50 + [rice.LIMIT - 1],
    "geometric": np.random.default_rng(0).geometric(0.02, 3000),
    "uniform": np.random.default_rng(1).integers(0, 5000, 777),
}


@pytest.mark.parametrize("name", CASES)
def test_round_trip_and_size(name):
    values = np.array(CASES[name])
    data = rice.encode(values)
    reader = ByteReader(data)
    assert rice.decode(reader, len(values)).tolist() == values.tolist()
    reader.finish()
    sizes = [
        1 + -(-int((values >> k).sum() + len(values)) // 8) + -(-k * len(values) // 8) for k in range(25)
    ]
    assert len(data) <= min(sizes) + 1


def test_nothing_takes_nothing():
    assert rice.encode([]) == b""
    assert len(rice.decode(ByteReader(b""), 0)) == 0


def test_folding_numbers_the_integers():
    assert rice.fold([0, -1, 1, -2, 2]).tolist() == [0, 1, 2, 3, 4]
    assert rice.unfold(np.arange(5)).tolist() == [0, -1, 1, -2, 2]


def test_more_than_there_is_is_refused_before_room_is_made():
    for count in (10**15, 9):
        with pytest.raises(FormatError):
            rice.decode(ByteReader(b"\x00\xff"), count)


@pytest.mark.parametrize("lengths", [[], [0], [0, 0, 3], [32, 1, 31, 0, 32, 5], [17] * 100, [5, 0]])
def test_codes_are_joined_bit_by_bit(lengths):
    random = np.random.default_rng(len(lengths))
    codes = [int(random.integers(0, 2**length)) for length in lengths]
    text = "".join(format(c, f"0{n}b") if n else "" for c, n in zip(codes, lengths))
    wanted = int(text.ljust(-(-len(text) // 8) * 8, "0") or "0", 2).to_bytes(-(-len(text) // 8), "big")
    assert bits.pack_codes(np.array(codes, int), np.array(lengths, int)) == wanted
    if max(lengths, default=0) <= bits.MAX_READ_BITS:
        assert bits.unpack_codes(wanted, np.array(lengths, int)).tolist() == codes


def test_filling_has_to_be_zero():
    with pytest.raises(FormatError, match="filled"):
        bits.unpack_fixed(b"\xff", 1, 5)
