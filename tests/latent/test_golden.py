"""Files of every version of the method stay readable, and give the same pixels."""

from pathlib import Path

import numpy as np
import pytest

from hiner.core.hnr_file import HnrFile

FILES = sorted((Path(__file__).parent / "golden").glob("*.hnr"))


def test_there_are_golden_files():
    assert len(FILES) >= 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_golden_file_decodes_to_its_pixels(path):
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as arrays:
        expected = arrays["bands"]
    decoded = HnrFile(path).read_bands(range(len(expected)))
    assert decoded.dtype == expected.dtype
    # Planes and loadings are floats: the last digit may differ between processors.
    tolerance = 1 if decoded.dtype.kind != "f" else 1e-4 * np.ptp(expected)
    assert np.abs(decoded.astype("f8") - expected.astype("f8")).max() <= tolerance
