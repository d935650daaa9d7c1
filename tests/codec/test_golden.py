"""Files of every format version decode for ever to what they decoded to when they were made."""

from pathlib import Path

import numpy as np
import pytest

from hiner.core.container.reader import HnrContainer
from hiner.core.entropy.coder import coder_name
from hiner.core.hnr_file import HnrFile

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.hnr"))


def test_there_are_golden_files_of_both_coders():
    coders = {coder_name(HnrContainer(p).section("SYMB")) for p in GOLDEN if p.name.startswith("hiner_v1")}
    assert len(GOLDEN) >= 4
    assert len(coders) == 2


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_file_decodes_to_what_it_did(path):
    hnr, expected = HnrFile(path), np.load(path.with_suffix(".npz"))
    points = [hnr.grid.band_point(band) for band in range(hnr.description.n_bands)]
    span = np.nan_to_num(hnr.header.statistics.maximum - hnr.header.statistics.minimum)
    bands = hnr.read_points(points)
    for band, (now, then) in enumerate(zip(bands, expected["bands"])):
        invalid = ~hnr.validity.of_band(band)
        assert np.array_equal(now[invalid], then[invalid], equal_nan=True)
        assert np.abs(now - then)[~invalid].max(initial=0) <= 1e-4 * span[band]
    between = hnr.read_wavelengths(expected["positions"])
    assert np.abs(between - expected["between"]).max() <= 1e-4 * span.max()
