"""How much memory is left is told where the system tells it, and nothing is guessed where it does not."""

import os

import pytest

from hiner.core import available_memory as module
from hiner.core.available_memory import available_memory


def test_it_is_no_more_than_the_machine_has():
    if not module._MEMINFO.exists():
        pytest.skip("this system has no /proc/meminfo")
    swap = next(line for line in module._MEMINFO.read_text().splitlines() if line.startswith("SwapTotal"))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < available_memory() <= memory + 1024 * int(swap.split()[1])


def test_free_memory_and_swap_count(tmp_path, monkeypatch):
    path = tmp_path / "meminfo"
    path.write_text("MemTotal: 900 kB\nMemAvailable:   300 kB\nSwapTotal: 50 kB\nSwapFree: 20 kB\n")
    monkeypatch.setattr(module, "_MEMINFO", path)
    assert available_memory() == 320 * 1024


@pytest.mark.parametrize("text", [None, "", "MemTotal: 5 kB\n", "MemAvailable: many\nSwapFree: 0 kB\n"])
def test_without_an_answer_there_is_none(tmp_path, monkeypatch, text):
    path = tmp_path / "meminfo"
    if text is not None:
        path.write_text(text)
    monkeypatch.setattr(module, "_MEMINFO", path)
    assert available_memory() is None
