"""A file whose checks are right but whose contents are not ends in FormatError or wrong pixels."""

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from rewritten import validity_to_write

from hiner.core.container.reader import HnrContainer
from hiner.core.container.writer import write_hnr
from hiner.core.errors import FormatError
from hiner.core.hnr_file import HnrFile


def parts(path):
    container = HnrContainer(path)
    sections = {n: container.section(n) for n in container.section_names if n not in ("MASK", "HOLE")}
    return container.header, sections, validity_to_write(container.validity())


def test_altered_sections_with_right_checks(holed_file, tmp_path):
    header, sections, validity = parts(holed_file[0])
    random = np.random.default_rng(0)
    refused = 0
    tracemalloc.start()
    started = time.monotonic()
    for _ in range(150):
        name = random.choice(list(sections))
        spoilt = bytearray(sections[name])
        for _ in range(random.integers(1, 4)):
            spoilt[random.integers(len(spoilt))] = random.integers(256)
        if random.random() < 0.3:
            spoilt = spoilt[: random.integers(len(spoilt))]
        write_hnr(tmp_path / "a.hnr", header, {**sections, name: bytes(spoilt)}, validity)
        try:
            pixels = HnrFile(tmp_path / "a.hnr").read_bands([0], (0, 0, 4, 4))
        except FormatError:
            refused += 1
        else:
            assert pixels.shape == (1, 4, 4)
    assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    tracemalloc.stop()
    assert refused > 20
    assert time.monotonic() - started < 120


@pytest.mark.parametrize(
    "change",
    [
        {"width": 10**9}, {"width": -1}, {"width": "12"}, {"width": 12.5}, {"bits": 40}, {"bits": None},
        {"strides": []}, {"strides": [[10**6, 10**6]]}, {"strides": 3}, {"strides": [[2]]},
        {"frame": [10**9, 10**9]}, {"frame": [1, 1]}, {"frame": None}, {"frame": [40.5, 48]},
    ],
)
def test_absurd_networks_are_refused_before_anything_is_allocated(holed_file, tmp_path, change):
    header, sections, validity = parts(holed_file[0])
    absurd = replace(header, parameters={**header.parameters, **change})
    write_hnr(tmp_path / "a.hnr", absurd, sections, validity)
    tracemalloc.start()
    with pytest.raises(FormatError):
        HnrFile(tmp_path / "a.hnr").read_bands([0], (0, 0, 4, 4))
    assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("missing", ["SYMB", "QPAR"])
def test_a_missing_section_is_refused(holed_file, tmp_path, missing):
    header, sections, validity = parts(holed_file[0])
    sections.pop(missing)
    write_hnr(tmp_path / "a.hnr", header, sections, validity)
    with pytest.raises(FormatError, match=missing):
        HnrFile(tmp_path / "a.hnr").read_bands([0])
