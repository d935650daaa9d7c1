"""Integers as symbols and plain bits."""

import numpy as np
import pytest

from hiner.core.errors import FormatError
from hiner.core.methods.latent import symbols
from hiner.core.methods.latent.plain_bits import BitReader, BitWriter


def test_symbols_and_raw_bits_make_up_every_magnitude():
    magnitudes = np.r_[np.arange(5000), symbols.LARGEST]
    symbol, raw, count = symbols.split(magnitudes)
    direct = magnitudes < 10
    assert (symbol[direct] == magnitudes[direct]).all()
    rest = symbols.OFFSET + (1 << count[~direct]) + raw[~direct]
    assert (rest == magnitudes[~direct]).all()
    assert symbol.max() == symbols.ALPHABET - 1
    assert (raw < 1 << count).all()


def test_bits_come_back():
    random = np.random.default_rng(0)
    counts = random.integers(0, 22, 300)
    values = random.integers(0, 1 << 22, 300) & ((1 << counts) - 1)
    flags = random.random(77) < 0.5
    writer = BitWriter()
    writer.put(values, counts)
    writer.put_flags(flags)
    data = writer.finish()
    assert len(data) == -(-(counts.sum() + 77) // 8)
    reader = BitReader(data)
    assert (reader.get(counts) == values).all()
    assert (reader.get_flags(77).astype(bool) == flags).all()
    reader.finish()
    with pytest.raises(FormatError):
        reader.get_flags(9)


def test_batches_come_back(model):
    random = np.random.default_rng(1)
    batches = [np.rint(random.laplace(0, s, n)).astype(np.int64) for s, n in ((0.2, 50), (900, 7), (4, 1000))]
    tables = [random.integers(0, 140, len(batch)) for batch in batches]
    writer = symbols.SymbolWriter(sum(map(len, batches)))
    for index, batch in zip(tables, batches):
        writer.put(index, batch)
    reader = symbols.SymbolReader(writer.finish(model.tables, 4), model.tables, 4)
    for index, batch in zip(tables, batches):
        assert (reader.get(index) == batch).all()
    reader.finish()
