"""rANS is as small as another library's coder and as the model's entropy; any table a symbol."""

import numpy as np
import pytest

from hiner.core.entropy import rans
from hiner.core.entropy.rans import RansDecoder, RansTables
from hiner.core.errors import FormatError, ParameterError


def bells(n_tables, n_symbols, precision):
    """Frequencies of discretised normal curves of several widths, all above 0."""
    width = np.geomspace(n_symbols / 60, n_symbols / 4, n_tables)[:, None]
    curve = np.exp(-0.5 * ((np.arange(n_symbols) - n_symbols / 2) / width) ** 2)
    total = 2**precision
    frequencies = 1 + (curve / curve.sum(1, keepdims=True) * (total - n_symbols)).astype(int)
    frequencies[:, n_symbols // 2] += total - frequencies.sum(1)
    return frequencies


def drawn(frequencies, table_indices, random):
    """A symbol from each one's table."""
    ends = np.cumsum(frequencies, 1)
    slots = random.integers(0, ends[0, -1], len(table_indices))
    return np.array([np.searchsorted(ends[t], s, "right") for t, s in zip(table_indices, slots)])


def example(count, n_tables=5, n_symbols=40, precision=12, seed=0):
    random = np.random.default_rng(seed)
    frequencies = bells(n_tables, n_symbols, precision)
    table_indices = random.integers(0, n_tables, count)
    return frequencies, table_indices, drawn(frequencies, table_indices, random)


def entropy_bytes(frequencies, table_indices, symbols):
    total = frequencies[0].sum()
    return -np.log2(frequencies[table_indices, symbols] / total).sum() / 8


@pytest.mark.parametrize("precision", [8, 12, 16])
@pytest.mark.parametrize("n_lanes", [1, 7, 64])
@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 3000])
def test_round_trip(precision, n_lanes, count):
    frequencies, table_indices, symbols = example(count, precision=precision)
    tables = RansTables(frequencies, precision)
    data = rans.encode(symbols, table_indices, tables, n_lanes)
    decoder = RansDecoder(data, tables, n_lanes)
    assert decoder.decode(table_indices).tolist() == symbols.tolist()
    decoder.finish()


def test_any_steps_give_the_same_symbols():
    frequencies, table_indices, symbols = example(5000)
    tables = RansTables(frequencies, 12)
    data = rans.encode(symbols, table_indices, tables, 32)
    random = np.random.default_rng(1)
    for largest in (3, 40, 2000):
        decoder, decoded = RansDecoder(data, tables, 32), []
        while len(decoded) < 5000:
            step = int(random.integers(0, largest))
            decoded += decoder.decode(table_indices[len(decoded) : len(decoded) + step]).tolist()
        decoder.finish()
        assert decoded == symbols.tolist()


def test_search_and_look_up_agree(monkeypatch):
    frequencies, table_indices, symbols = example(2000)
    frequencies[0, :3] = 0
    frequencies[-1, -3:] = 0
    frequencies[:, 20] += 2**12 - frequencies.sum(1)
    keep = frequencies[table_indices, symbols] > 0
    table_indices, symbols = table_indices[keep], symbols[keep]
    data = rans.encode(symbols, table_indices, RansTables(frequencies, 12), 8)
    monkeypatch.setattr(rans, "_SLOTS_LOOKED_UP", 0)
    tables = RansTables(frequencies, 12)
    assert data == rans.encode(symbols, table_indices, tables, 8)
    assert RansDecoder(data, tables, 8).decode(table_indices).tolist() == symbols.tolist()


@pytest.mark.parametrize("n_lanes", [1, 16, 100])
def test_size_is_the_entropy_and_four_bytes_a_lane(n_lanes):
    frequencies, table_indices, symbols = example(60_000, precision=16)
    data = rans.encode(symbols, table_indices, RansTables(frequencies, 16), n_lanes)
    wanted = entropy_bytes(frequencies, table_indices, symbols)
    assert wanted <= len(data) <= 1.0002 * wanted + 3.8 * n_lanes + 4


def test_as_small_as_constriction_with_one_table():
    constriction = pytest.importorskip("constriction", reason="the oracle is not installed")
    frequencies, table_indices, symbols = example(60_000, n_tables=1, n_symbols=200, precision=16)
    model = constriction.stream.model.Categorical((frequencies[0] / 2**16).astype(np.float64), perfect=False)
    ans, queue = constriction.stream.stack.AnsCoder(), constriction.stream.queue.RangeEncoder()
    ans.encode_reverse(symbols.astype(np.int32), model)
    queue.encode(symbols.astype(np.int32), model)
    theirs = 4 * min(len(ans.get_compressed()), len(queue.get_compressed()))
    ours = len(rans.encode(symbols, table_indices, RansTables(frequencies, 16), 8))
    assert abs(ours - theirs) <= 0.001 * theirs
    assert abs(ours - theirs) <= 3.8 * 8 + 8


def test_as_small_as_constriction_with_a_table_for_each_symbol():
    constriction = pytest.importorskip("constriction", reason="the oracle is not installed")
    frequencies, table_indices, symbols = example(30_000, precision=14)
    family = constriction.stream.model.Categorical(perfect=False)
    coder = constriction.stream.stack.AnsCoder()
    probabilities = (frequencies[table_indices] / 2**14).astype(np.float64)
    coder.encode_reverse(symbols.astype(np.int32), family, probabilities)
    theirs = 4 * len(coder.get_compressed())
    ours = len(rans.encode(symbols, table_indices, RansTables(frequencies, 14), 8))
    assert abs(ours - theirs) <= 0.001 * theirs + 3.8 * 8 + 8


def test_a_certain_symbol_costs_nothing():
    tables = RansTables([[0, 65536, 0]])
    data = rans.encode(np.ones(10_000, int), 0, tables, 2)
    assert len(data) == 9
    assert (RansDecoder(data, tables, 2).decode(np.zeros(10_000, int)) == 1).all()


def test_what_has_no_frequency_cannot_be_coded():
    with pytest.raises(ParameterError, match="frequency 0"):
        rans.encode([0], [0], RansTables([[0, 65536]]), 1)


@pytest.mark.parametrize("frequencies", [[[1, 2]], [[65536, 0], [65535, 0]], [[65537, -1]]])
def test_tables_that_do_not_sum_up_are_refused(frequencies):
    with pytest.raises(ParameterError, match="sum up"):
        RansTables(frequencies)


def test_truncation_and_what_is_left_over_are_found():
    frequencies, table_indices, symbols = example(1000)
    tables = RansTables(frequencies, 12)
    data = rans.encode(symbols, table_indices, tables, 4)
    for damaged in (data[:-2], data + b"\0\0", data[:-1], data[:10], data[:3], b"\0" * len(data)):
        with pytest.raises(FormatError):
            _decode_whole(damaged, tables, table_indices)


def _decode_whole(data, tables, table_indices):
    decoder = RansDecoder(data, tables, 4)
    decoder.decode(table_indices)
    decoder.finish()
