"""Whatever a model file's header says, with a right check value: an error of ours or a model, made in little memory."""

import copy
import json
import struct
import tracemalloc
import zlib

import numpy as np
import pytest

from hiner.core.classification.imagery.band_match import BandAxis
from hiner.core.classification.labels.samples import LandCover
from hiner.core.classification.mapping.prediction import scorer
from hiner.core.classification.model.model import ClassifierModel, n_views
from hiner.core.classification.model.model_file import read_model, write_model
from hiner.core.classification.model.settings import settings_for
from hiner.core.errors import FormatError, HinerError

WRONG = [None, True, "7", [], [1], {"a": 1}, -3, 2, 2**70, 0.5, 1e300, "i8", "f8"]


def machine():
    """A support vector machine of three bands and two classes."""
    arrays = {
        "mean": np.zeros(3), "scale": np.ones(3), "vectors": np.eye(4, 3), "weights": np.ones((1, 4)),
        "offsets": np.zeros(1), "counts": np.array([2, 2]), "classes": np.array([0, 1]), "gamma": np.array(0.5),
    }
    return settings_for("svm", patch=3, band_group=3), arrays


def network():
    """An untrained transformer for the same."""
    pytest.importorskip("torch")
    from hiner.core.classification.network.network import build_network, state_arrays

    settings = settings_for("best", patch=3, band_group=3, band_step=1, hidden=4)
    return settings, state_arrays(build_network(settings, 3, 2))


@pytest.fixture(params=[machine, network])
def path(request, tmp_path):
    settings, arrays = request.param()
    table = (LandCover(2, "Wiesen, nass", "#00ff00"), LandCover(9, "Wasser", "#0000ff"))
    axis = BandAxis((400.5, 500.0, 600.25), True, 4)
    write_model(tmp_path / "model.hncls", ClassifierModel(settings, table, axis, np.zeros(3), np.ones(3), arrays))
    return tmp_path / "model.hncls"


def parted(data):
    """(header, the arrays' bytes) of a file's."""
    stop = 16 + struct.unpack_from("<I", data, 8)[0]
    return json.loads(data[16:stop]), data[stop:]


def joined(header, rest):
    packed = json.dumps(header).encode()
    return b"HNRCLS\r\n" + struct.pack("<II", len(packed), zlib.crc32(packed)) + packed + rest


def entries(document, above=()):
    """The keys that lead to each entry of a document."""
    for key in document if isinstance(document, dict) else range(len(document)):
        # A machine has ten arrays with its bands' ranges; of a network's many as many are enough.
        if above == ("arrays",) and key > 9:
            continue
        yield (*above, key)
        if isinstance(document[key], (dict, list)):
            yield from entries(document[key], (*above, key))


def applied(path):
    """What a model gives for two pixels, None where it is refused."""
    try:
        model = read_model(path)
        return scorer(model)(np.zeros((2, n_views(model.settings), len(model.axis)), "f4"))
    except HinerError:
        return None


def test_it_is_read_as_it_was_written(path):
    assert applied(path).shape == (2, 2)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_any_entry_of_any_type_is_an_error_of_ours_or_a_model(path):
    header, rest = parted(path.read_bytes())
    refused = 0
    for keys in entries(header):
        for value in WRONG:
            changed = copy.deepcopy(header)
            holder = changed
            for key in keys[:-1]:
                holder = holder[key]
            holder[keys[-1]] = value
            path.write_bytes(joined(changed, rest))
            refused += applied(path) is None
    assert refused > 500


@pytest.mark.parametrize("settings", [{"whitening": 0.1}, {"cross_layer": True}, {"patch": 31, "scales": []}])
def test_a_network_is_not_made_larger_than_its_arrays(tmp_path, settings):
    """Of 60,000 bands each of these would take gigabytes."""
    arrays, n_bands = network()[1], 60_000
    table = (LandCover(0, "a", "#00ff00"), LandCover(1, "b", "#0000ff"))
    plain = {"whitening": 0.0, "cross_layer": False, "band_group": 3, "band_step": 1}
    if "patch" in settings:
        plain["band_group"] = n_bands
    given = settings_for("best", **{**plain, **settings, "scales": tuple(settings.get("scales", (1,)))})
    axis = BandAxis(tuple(float(n) for n in range(n_bands)), True, n_bands)
    path = tmp_path / "model.hncls"
    write_model(path, ClassifierModel(given, table, axis, np.zeros(n_bands), np.ones(n_bands), arrays))
    with pytest.raises(FormatError, match="smaller than"):
        scorer(read_model(path))


def test_no_more_is_read_of_a_file_that_is_none(tmp_path):
    path = tmp_path / "large.tif"
    with open(path, "wb") as file:
        file.truncate(2**33)
    tracemalloc.start()
    with pytest.raises(FormatError, match="not a classifier"):
        read_model(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2**20
