"""The context model that comes with the package is the one that was trained, and is exact."""

import json
import shutil

import numpy as np
import pytest

from hiner.core.errors import FormatError
from hiner.core.methods.latent import shipped
from hiner.core.methods.latent.features import n_inputs


def test_it_loads_and_its_tables_are_whole():
    model = shipped.context_model()
    assert (model.conditional.sum(2) == 1 << 16).all()
    assert (model.geometric.sum(1) == 1 << 16).all()
    assert min(model.conditional.min(), model.geometric.min()) >= 1


def test_it_says_how_it_was_made_and_knows_no_real_scene():
    facts = json.loads((shipped.FOLDER / "latent_1.json").read_text())
    assert facts["real_scenes"] == []
    assert "synthetic" in facts["scenes"]
    assert "train_context.py" in facts["command"]


def test_its_networks_give_the_same_tables_in_both_float_types():
    model = shipped.context_model()
    random = np.random.default_rng(0)
    for number, network in enumerate(model.networks):
        inputs = random.integers(0, 450, (n_inputs(number), 4000)).astype(np.float32)
        tables = network.index(inputs)
        assert np.array_equal(tables, network.index(inputs.astype(np.float64)))
        assert len(np.unique(tables)) > 10


def test_a_busy_neighbourhood_asks_for_wider_tables():
    model = shipped.context_model()
    quiet, busy = np.zeros((n_inputs(0), 1), np.float32), np.full((n_inputs(0), 1), 150, np.float32)
    quiet[-10:], busy[-10:] = 0, 0
    assert model.networks[0].index(busy) > model.networks[0].index(quiet) + 10


def test_a_damaged_model_is_refused(tmp_path, monkeypatch):
    for name in ("latent_1.bin", "latent_1.json"):
        shutil.copy(shipped.FOLDER / name, tmp_path)
    data = bytearray((tmp_path / "latent_1.bin").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "latent_1.bin").write_bytes(bytes(data))
    monkeypatch.setattr(shipped, "FOLDER", tmp_path)
    with pytest.raises(FormatError, match="damaged"):
        shipped.context_model.__wrapped__(1)
    with pytest.raises(FormatError, match="Update"):
        shipped.context_model.__wrapped__(2)
