"""The tables of docs/benchmarks.md are those of the results that lie beside the benchmarks."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def tables(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    import tables

    yield tables
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and Path(sys.modules[name].__file__).parent == BENCHMARKS:
            del sys.modules[name]


def test_every_table_tells_what_was_measured(tables):
    page = tables.PAGE.read_text(encoding="utf-8")
    assert tables.fill(page) == page
    assert page.count("<!-- table:") == len(tables.TABLES) > 10
